//! What a signed-in page may ask for: the claims, read again from the provider.

use crate::middleware::{Presented, session_state};
use crate::relying_party::UserinfoError;
use crate::session::UserSession;
use crate::state::AppState;
use app::server_functions::{BoxFuture, CurrentSession, RereadRefusal, SessionSummary, SessionsRefusal};
use app::session::SessionState;

/// The session that this request came with.
#[derive(Debug)]
pub struct SignedIn {
    state: AppState,
    presented: Presented,
}

impl SignedIn {
    /// The session of a request.
    #[must_use]
    pub fn new(state: AppState, presented: Presented) -> Self {
        Self { state, presented }
    }

    async fn reread(&self) -> Result<SessionState, RereadRefusal> {
        let Presented { id, session } = &self.presented;
        let sessions = &self.state.sessions;
        let unavailable = |_| RereadRefusal::Unavailable;
        let tokens = sessions
            .tokens(id)
            .await
            .map_err(unavailable)?
            .ok_or(RereadRefusal::SessionEnded)?;
        let fresh = self
            .state
            .relying_party
            .userinfo(&tokens.access_token, &session.identity.subject)
            .await
            .map_err(|error| refusal(&error))?;
        let mut claims = session.claims.clone();
        claims.extend(self.state.claims.shown(&fresh));
        // A provider may tell roles in the ID Token only: userinfo without them takes none away.
        let roles = match self.state.claims.roles(&fresh) {
            none if none.is_empty() => session.roles.clone(),
            roles => roles,
        };
        let reread = UserSession {
            claims,
            roles,
            last_seen: self.state.clock.now(),
            ..(**session).clone()
        };
        sessions.update(id, &reread).await.map_err(unavailable)?;
        match sessions.load(id).await.map_err(unavailable)? {
            Some(kept) => Ok(session_state(&kept, sessions.lifetime(), self.state.clock.now())),
            None => Err(RereadRefusal::SessionEnded),
        }
    }
}

impl CurrentSession for SignedIn {
    fn reread_claims(&self) -> BoxFuture<'_, Result<SessionState, RereadRefusal>> {
        Box::pin(self.reread())
    }

    fn sessions(&self) -> BoxFuture<'_, Result<Vec<SessionSummary>, SessionsRefusal>> {
        Box::pin(async { Err(SessionsRefusal::Unavailable) })
    }

    fn end_session<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<(), SessionsRefusal>> {
        Box::pin(async { Err(SessionsRefusal::Unavailable) })
    }

    fn end_other_sessions(&self) -> BoxFuture<'_, Result<(), SessionsRefusal>> {
        Box::pin(async { Err(SessionsRefusal::Unavailable) })
    }
}

fn refusal(error: &UserinfoError) -> RereadRefusal {
    tracing::warn!(code = error.code(), cause = %error, "the claims were not read again");
    match error {
        UserinfoError::AccessToken => RereadRefusal::SignInAgain,
        UserinfoError::NoEndpoint => RereadRefusal::NotOffered,
        _ => RereadRefusal::Unavailable,
    }
}
