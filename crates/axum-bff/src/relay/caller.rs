//! In whose name an API is called.

use crate::concurrency::Person;
use bff_session::SessionId;

/// In whose name an API is called.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A signed-in person. Streams end with the session.
    Person { session: SessionId, person: Person },
    /// The application itself.
    Application,
}

impl Caller {
    pub(super) fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Person { session, .. } => Some(session),
            Self::Application => None,
        }
    }
}
