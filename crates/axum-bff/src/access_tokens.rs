//! The access token of a session, for calls to APIs in the person's name, renewed when it is due.
//!
//! One refresh for each expiry, however many requests on however many replicas want the token: in this process they
//! share one, and between replicas the store gives the right to refresh to one (`session/refresh.rs`).
//! Whoever comes too late waits for what the first one gets. A refresh begins a little ahead of the expiry, so that the
//! token is good for the call it was asked for; as long as the old one is good, a refresh that fails hurts nobody.
//!
//! A refresh runs in a task of its own: a person who closes the page does not break it off, since what the provider has
//! answered by then is the only refresh token there is.

mod answer;
mod flights;
mod refresh;
mod store_away;

use crate::claims::ClaimsPolicy;
use crate::events::{EventContext, EventKind, Events, Person};
use crate::hooks::Hooks;
use crate::in_flight::InFlight;
use crate::revocation::Revocations;
use bff_clock::Clock;
use bff_session::store::StoreError;
use bff_session::{Known, SessionId, Sessions, TokenRecord, TokensRead};
use flights::Flights;
use oidc_relying_party::{AccessToken, DpopKey, RelyingParty};
use secrecy::ExposeSecret;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

/// A refresh begins at most this long before the expiry.
const AHEAD: Duration = Duration::MINUTE;

/// Nobody who has a good token waits longer than this for a better one.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(1);

/// A token that an API refuses this soon after it was issued, or in the first quarter of a short
/// life, is not refused for its age: another one would be refused as well.
const TOO_YOUNG: Duration = Duration::seconds(10);

/// Why there is no access token to call with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AccessTokenError {
    /// The session has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// The token has expired, or is refused, and the provider gave nothing to renew it with. Only a
    /// new sign-in brings another one.
    #[error("the access token cannot be renewed: there is no refresh token")]
    NotRenewable,
    /// Somewhere between here and the provider something does not answer; later may work. The
    /// session goes on.
    #[error("the access token cannot be renewed just now")]
    Unavailable,
    /// The session store does not answer.
    #[error(transparent)]
    Store(Arc<StoreError>),
}

impl From<StoreError> for AccessTokenError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}

/// What comes of claims that a refresh tells, and of the refresh itself.
#[derive(Clone, Debug)]
pub struct OnRefresh {
    /// What of them pages may see.
    pub claims: Arc<ClaimsPolicy>,
    /// What the application says to them.
    pub(crate) hooks: Hooks,
    /// Where the refresh is told of.
    pub events: Events,
}

/// Access tokens of sessions, renewed when they are due. Clones share everything.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    sessions: Sessions,
    relying_party: RelyingParty,
    revocations: Revocations,
    on_refresh: OnRefresh,
    clock: Arc<dyn Clock>,
    flights: Flights,
    open: watch::Sender<usize>,
}

impl AccessTokens {
    /// Of these sessions, from this provider. `on_refresh` says what comes of a refreshed ID Token.
    #[must_use]
    pub fn new(
        sessions: Sessions,
        relying_party: RelyingParty,
        revocations: Revocations,
        on_refresh: OnRefresh,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            sessions,
            relying_party,
            revocations,
            on_refresh,
            flights: Flights::new(clock.clone()),
            clock,
            open: watch::Sender::new(0),
        }
    }

    /// The session's access token, fresh enough to be used now. One read of the store, and a
    /// refresh where it is due.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`].
    pub async fn current(&self, id: &SessionId) -> Result<AccessToken, AccessTokenError> {
        let tokens = self.sessions.tokens(id).await?.ok_or(AccessTokenError::SessionEnded)?;
        let now = self.clock.now();
        if !is_due(&tokens.record, now) {
            return Ok(of_record(&tokens.record));
        }
        let usable = |at| usable(&tokens.record, at);
        if tokens.record.refresh_token.is_none() {
            return usable(now).ok_or(AccessTokenError::NotRenewable);
        }
        if usable(now).is_none() {
            return self.refreshed(id, &tokens).await;
        }
        // Ahead of the expiry nothing that goes wrong, or takes its time, hurts anybody.
        match tokio::time::timeout(PATIENCE, self.refreshed(id, &tokens)).await {
            Ok(Err(error @ (AccessTokenError::Unavailable | AccessTokenError::Store(_)))) => {
                usable(self.clock.now()).ok_or(error)
            }
            Ok(outcome) => outcome,
            Err(_) => match usable(self.clock.now()) {
                Some(access_token) => Ok(access_token),
                None => self.refreshed(id, &tokens).await,
            },
        }
    }

    /// Another access token than `refused`, which an API answered with 401 although it had not
    /// expired. Where the session already has another one, that; else one refresh, unless the token
    /// is so young that its age cannot be the reason.
    ///
    /// # Errors
    ///
    /// An [`AccessTokenError`]; [`AccessTokenError::NotRenewable`] for a young token too.
    pub async fn renewed(&self, id: &SessionId, refused: &AccessToken) -> Result<AccessToken, AccessTokenError> {
        let tokens = self.sessions.tokens(id).await?.ok_or(AccessTokenError::SessionEnded)?;
        let record = &tokens.record;
        if record.access_token.expose_secret() != refused.token.expose_secret() {
            return self.current(id).await;
        }
        let is_young = is_too_young(record.obtained_at, record.expires_at, self.clock.now());
        if record.refresh_token.is_none() || is_young {
            return Err(AccessTokenError::NotRenewable);
        }
        self.refreshed(id, &tokens).await
    }

    /// Resolves when no refresh is under way here, and nothing of one waits for the session store: a process that ends
    /// before loses the only refresh token that works.
    pub async fn done(&self) {
        let mut open = self.open.subscribe();
        // The sender is this value.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// What the one refresh of this session brings that is under way here, or begins now, since these
    /// tokens are due.
    async fn refreshed(&self, id: &SessionId, due: &TokensRead) -> Result<AccessToken, AccessTokenError> {
        let session = self.sessions.name(id).ok_or(AccessTokenError::SessionEnded)?;
        let open = self.open();
        // In a box: it is the largest part of every request that wants a token, and seldom needed.
        let refresh = Box::pin(refresh::run(self.clone(), id.clone(), due.clone()));
        let refresh = async move {
            let outcome = refresh.await;
            drop(open);
            outcome
        };
        self.flights.join(&session, refresh).await
    }

    /// Tells the application that the session has new tokens. Only then is it read who that is.
    async fn tell_refreshed(&self, id: &SessionId) {
        if !self.on_refresh.events.are_heard() {
            return;
        }
        let live = match self.sessions.load(id).await {
            Ok(Known::Live(live)) => Some(live),
            _ => None,
        };
        let context = EventContext {
            person: live.as_ref().map(|live| Person::of(&live.identity)),
            session: self.sessions.name(id),
            signed_in_from: live.map(|live| live.seen_from.clone()),
        };
        self.on_refresh.events.tell(EventKind::Refreshed, context);
    }

    fn open(&self) -> InFlight {
        InFlight::new(&self.open)
    }
}

/// Whether a token is so young that an API that refuses it would refuse the next one too.
pub(crate) fn is_too_young(
    obtained_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> bool {
    let lifetime = expires_at.map(|expires_at| expires_at - obtained_at);
    let bound = lifetime.map_or(TOO_YOUNG, |lifetime| TOO_YOUNG.min(lifetime / 4));
    now - obtained_at < bound
}

/// Whether it is time for a refresh: a minute before the expiry, or a tenth of a short life.
fn is_due(tokens: &TokenRecord, now: OffsetDateTime) -> bool {
    tokens.expires_at.is_some_and(|expires_at| {
        let ahead = AHEAD.min((expires_at - tokens.obtained_at) / 10);
        now >= expires_at - ahead
    })
}

/// The access token, as long as it has not expired.
fn usable(tokens: &TokenRecord, now: OffsetDateTime) -> Option<AccessToken> {
    let is_good = tokens.expires_at.is_none_or(|expires_at| now < expires_at);
    is_good.then(|| of_record(tokens))
}

/// The access token with the key that it is bound to.
fn of_record(tokens: &TokenRecord) -> AccessToken {
    AccessToken {
        token: tokens.access_token.clone(),
        dpop_key: tokens.dpop_key.as_ref().and_then(DpopKey::read),
    }
}
