//! One stream of events for the application: people sign in, and their sessions change and end, on this replica.
//!
//! No request waits for the listener: an event goes into a channel with a bound, and a task of its own calls the hook, one
//! event after the other. If the channel is full, events are lost. The next one that gets through is preceded by
//! [`EventKind::Lost`], so that a gap is never silent.
//!
//! The records of [`audit`](crate::audit) are made of the same events. They wait in a channel of their own.

mod audited;
mod cause;
mod hook;

pub use cause::{Cause, Person};
pub(crate) use cause::{carried, within};
pub(crate) use hook::EventHook;

use crate::audit::Audit;
use crate::in_flight::{InFlight, UnderWay};
use crate::metrics::EventCounters;
use bff_clock::Clock;
use bff_contract::session::EndReason;
use bff_session::{Observation, Observed, SeenFrom};
use hook::Dispatcher;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use time::OffsetDateTime;
use tokio::sync::mpsc::{self, Sender};

/// The number of events that may wait for the hook. Events that somebody can cause at will take one half at most: anybody
/// can cause a sign-in that fails, and must not be able to make an application miss the next events.
const WAITING: usize = 1024;

/// Something that has happened on this replica. It holds no token, and nothing that opens a session.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: OffsetDateTime,
    /// The kind.
    pub kind: EventKind,
    /// The person. None if the person is not known: a sign-in failed before that, or the session's record had gone.
    pub person: Option<Person>,
    /// The name of the session: the one that [`OwnSession::name`](crate::OwnSession::name) has, which opens nothing. None
    /// if there is no session.
    pub session: Option<String>,
    /// The address and the browser from which the person signed in, if they are known.
    pub signed_in_from: Option<SeenFrom>,
    /// The way in which the person authenticated, if the provider said so: the `acr` of the ID Token (OpenID Connect Core §2).
    pub acr: Option<String>,
    /// The request that brought it about. None if no single request did, such as for a renewal of tokens.
    pub cause: Option<Arc<Cause>>,
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A session began.
    SignedIn,
    /// A signed-in person authenticated again, for a page that wants it. A new session began; the one before it ends, which
    /// is an event of its own.
    SteppedUp,
    /// A sign-in came back from the provider and failed. Anybody can cause this event with a made-up address.
    SignInRefused {
        /// The code of the problem that the person sees: of a [`Refusal`](crate::Refusal) the application's own.
        code: String,
    },
    /// A session ended. If the reason is [`EndReason::SignedOut`] but [`Event::cause`] is not the sign-out route, a newer
    /// sign-in replaced this session, or the browser left before it began.
    ///
    /// The end at the absolute limit is reported once, when a request or an open stream notices it, at most an hour later. The
    /// end at the idle limit is reported, without the person, when somebody presents the session before its absolute limit.
    /// No event is sent for other sessions that expire.
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// The session's tokens were renewed.
    Refreshed,
    /// The session has other claims or roles.
    ClaimsChanged,
    /// A rule of the access table refused a person with a session, or asked the person to authenticate again. A refusal of
    /// somebody without a session is no event.
    AccessRefused {
        /// The line of the access table, such as `/orders/{id}`. It holds no part of the address.
        line: String,
        /// The words of the rule, as `bff routes` prints them, such as `role staff`.
        rule: String,
        /// The code of the problem: `forbidden` or `step_up_required`.
        code: String,
    },
    /// Somebody has administered sessions of others, or was refused. The person and the session are those of the administrator;
    /// each session that this ended is an event of its own, with the same [`Event::cause`].
    Administered {
        /// The act.
        act: AdministrativeAct,
    },
    /// The server has taken its address and is about to answer.
    Started {
        /// The names of the settings that are set, in the order of the alphabet. No value is among them.
        settings: Vec<String>,
        /// A keyed digest of the settings that are no secrets: the same digest means the same settings. 32 hexadecimal
        /// digits.
        digest: String,
    },
    /// So many events were lost here, because the hook is slow.
    Lost {
        /// How many.
        count: u64,
    },
}

/// An act of an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdministrativeAct {
    /// Sessions were listed.
    Listed,
    /// One session was shown.
    Shown,
    /// Sessions were ended, or were to be ended.
    Ended,
    /// A request was refused: it had no session, no right to administer or no fresh authentication, or it came from another site.
    Refused,
}

impl AdministrativeAct {
    /// The stable word for the act, such as `listed`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Shown => "shown",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }
}

impl EventKind {
    /// The stable word for the kind, such as `signed_in`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SteppedUp => "stepped_up",
            Self::SignInRefused { .. } => "sign_in_refused",
            Self::Ended { .. } => "ended",
            Self::Refreshed => "refreshed",
            Self::ClaimsChanged => "claims_changed",
            Self::AccessRefused { .. } => "access_refused",
            Self::Administered { .. } => "administered",
            Self::Started { .. } => "started",
            Self::Lost { .. } => "lost",
        }
    }
}

/// The person and the session that an event is about.
#[derive(Default)]
pub(crate) struct EventContext {
    pub(crate) person: Option<Person>,
    pub(crate) session: Option<String>,
    pub(crate) signed_in_from: Option<SeenFrom>,
    pub(crate) acr: Option<String>,
}

/// The way of events to the application. Clones share everything.
#[derive(Clone)]
pub struct Events {
    /// None: nobody listens.
    waiting: Option<Sender<(Event, UnderWay)>>,
    open: InFlight,
    lost: Arc<AtomicU64>,
    counters: EventCounters,
    /// None: there is no audit.
    audit: Option<Audit>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Events")
            .field("are_heard", &self.are_heard())
            .finish_non_exhaustive()
    }
}

impl Events {
    /// Events for this hook. Begins a task that ends with the last clone.
    pub(crate) fn new(hook: Option<EventHook>, clock: Arc<dyn Clock>) -> Self {
        let lost = Arc::new(AtomicU64::new(0));
        let waiting = hook.map(|hook| {
            let (waiting, arriving) = mpsc::channel(WAITING);
            let dispatcher = Dispatcher::new(hook, lost.clone(), clock.clone());
            tokio::spawn(dispatcher.run(arriving));
            waiting
        });
        Self {
            waiting,
            open: InFlight::default(),
            lost,
            counters: EventCounters::default(),
            audit: None,
            clock,
        }
    }

    /// The same, and these counters count them, whether anybody listens or not.
    pub(crate) fn counted(self, counters: EventCounters) -> Self {
        Self { counters, ..self }
    }

    /// Whether anybody listens.
    pub(crate) fn are_heard(&self) -> bool {
        self.waiting.is_some() || self.audit.is_some()
    }

    /// Something has happened.
    pub(crate) fn tell(&self, kind: EventKind, context: EventContext) {
        self.counters.count(&kind);
        if !self.are_heard() {
            return;
        }
        let EventContext {
            person,
            session,
            signed_in_from,
            acr,
        } = context;
        let event = Event {
            at: self.clock.now(),
            kind,
            person,
            session,
            signed_in_from,
            acr,
            cause: cause::current(),
        };
        if let Some(audit) = &self.audit {
            audit.tell(event.clone());
        }
        let Some(waiting) = &self.waiting else { return };
        let has_room = !event.is_caused_at_will() || waiting.capacity() > WAITING / 2;
        let is_sent = has_room && waiting.try_send((event, self.open.begin())).is_ok();
        if is_sent {
            return;
        }
        self.counters.count_lost();
        if self.lost.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!(
                code = "events_lost",
                "the application's hook for events is too slow: events are lost from here on"
            );
        }
    }

    /// Something has happened to a session.
    pub(crate) fn observe(&self, observed: Observed<'_>) {
        let kind = match observed.kind {
            Observation::Ended(reason) => EventKind::Ended { reason },
            Observation::ClaimsChanged => EventKind::ClaimsChanged,
        };
        let context = EventContext {
            person: observed.session.map(|session| Person::of(&session.identity)),
            session: Some(observed.name),
            signed_in_from: observed.session.map(|session| session.seen_from.clone()),
            acr: observed.session.and_then(|session| session.acr.clone()),
        };
        self.tell(kind, context);
    }

    /// Resolves when the hook has heard of everything.
    pub async fn done(&self) {
        self.open.done().await;
    }
}

impl Event {
    /// Whether somebody can cause as many of these as they like: a stranger with sign-ins that fail, or a person with requests
    /// that a rule refuses. An act of the application's own code has no person, and is nobody's will but the administrator's.
    pub(crate) fn is_caused_at_will(&self) -> bool {
        match &self.kind {
            EventKind::AccessRefused { .. } => true,
            EventKind::Administered { act } => *act == AdministrativeAct::Refused,
            EventKind::Started { .. } => false,
            _ => self.person.is_none() && self.session.is_none(),
        }
    }

    pub(crate) fn lost(count: u64, at: OffsetDateTime) -> Self {
        Self {
            at,
            kind: EventKind::Lost { count },
            person: None,
            session: None,
            signed_in_from: None,
            acr: None,
            cause: None,
        }
    }
}

#[cfg(test)]
mod tests;
