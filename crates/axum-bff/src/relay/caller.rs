//! The person in whose name an API is called, and the signal that the session of that person has ended.

use crate::access_tokens::TokensAhead;
use crate::concurrency::Person;
use bff_session::{SessionId, Sessions};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A call shorter than this is not watched: the session was there when it began.
const HEAD_START: Duration = Duration::from_millis(250);

/// The person in whose name an API is called, or the application itself.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A signed-in person. Streams end with the session.
    Person {
        session: SessionId,
        person: Person,
        /// The tokens, if they were read together with the session.
        tokens: Option<Arc<TokensAhead>>,
    },
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

    pub(super) fn tokens(&self) -> Option<&TokensAhead> {
        match self {
            Self::Person { tokens, .. } => tokens.as_deref(),
            Self::Application => None,
        }
    }
}

/// Resolves when a session has ended, on this replica or another.
pub(super) type EndOfSession = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The source that announces the end of a session: the sessions, or a test.
#[derive(Clone)]
pub struct SessionEnd(Arc<dyn Fn(SessionId) -> EndOfSession + Send + Sync>);

impl fmt::Debug for SessionEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionEnd")
    }
}

impl SessionEnd {
    /// The source is `of`: its future resolves when the session has ended.
    pub fn new<F>(of: impl Fn(SessionId) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |id| Box::pin(of(id))))
    }

    pub(super) fn of(sessions: Sessions) -> Self {
        Self::new(move |id| sessions.clone().ended(id))
    }

    /// The end of this caller's session. A call of the application as itself ends with no session. Most answers are over
    /// before anybody has asked the store a second time.
    pub(super) fn wait(&self, caller: &Caller) -> EndOfSession {
        let id = match caller {
            Caller::Person { session, .. } => session.clone(),
            Caller::Application => return Box::pin(std::future::pending()),
        };
        let told_by = self.0.clone();
        Box::pin(async move {
            tokio::time::sleep(HEAD_START).await;
            told_by(id).await;
        })
    }
}
