//! Events of sessions, told in this process as soon as the store has confirmed them.

use super::Ending;
use super::record::UserSession;
use std::fmt;
use std::sync::Arc;
use tower_sessions::session::Id;

/// An event of a session, on this replica.
#[derive(Clone, Debug)]
pub struct Observed<'a> {
    /// The session's name, as [`Sessions::name`](super::Sessions::name) gives it: it opens nothing.
    pub name: String,
    /// The session as it stood last. None where its record was gone, or did not open.
    pub session: Option<&'a UserSession>,
    /// Its kind.
    pub kind: Observation,
}

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// The session has ended. The end at the absolute limit is reported once, when it is noticed: by a request or an
    /// open stream, at most an hour later. The end at the idle limit is reported when somebody presents the session, if
    /// its tokens are still there; its record is not.
    Ended(Ending),
    /// The session goes on with other claims or roles.
    ClaimsChanged,
}

/// Is called for everything that happens. It must not wait for anything.
#[derive(Clone)]
pub(super) struct Observer(Arc<dyn Fn(Observed<'_>) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}

impl Default for Observer {
    fn default() -> Self {
        Self::new(|_| ())
    }
}

impl Observer {
    pub(super) fn new(observe: impl Fn(Observed<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    pub(super) fn tell(&self, place: Id, session: Option<&UserSession>, kind: Observation) {
        (self.0)(Observed {
            name: place.to_string(),
            session,
            kind,
        });
    }
}
