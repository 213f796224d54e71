//! What a signed-in page may ask for: the claims, read again from the provider, the person's sessions,
//! and the person's notes.

mod notes;
mod sessions;

use crate::access_tokens::AccessTokenError;
use crate::error::chain;
use crate::middleware::{Presented, session_state};
use crate::state::AppState;
use app::server_functions::{BoxFuture, CurrentSession, EraseRefusal, RereadRefusal, SessionList, SessionsRefusal};
use bff_contract::session::SessionState;
use oidc_relying_party::UserinfoError;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
        let session = &self.presented.session;
        let fresh = self.userinfo().await?;
        let retold = self.state.claims.reread(&fresh, session);
        let now = self.state.clock.now();
        let reread = self.state.sessions.update(session, |session| {
            retold.apply(session);
            session.last_seen = session.last_seen.max(now);
        });
        match reread.await {
            Ok(Some(kept)) => Ok(session_state(&kept, self.state.sessions.lifetime(), now)),
            Ok(None) => Err(RereadRefusal::SessionEnded),
            Err(_) => Err(RereadRefusal::Unavailable),
        }
    }

    /// The claims, as the provider tells them now. Where it refuses the access token, once more with
    /// another one (UI-06).
    async fn userinfo(&self) -> Result<Map<String, Value>, RereadRefusal> {
        let Presented { id, session } = &self.presented;
        let (tokens, relying_party) = (&self.state.access_tokens, &self.state.relying_party);
        let subject = &session.identity.subject;
        let current = tokens.current(id).await.map_err(|error| without_token(&error))?;
        let mut answer = relying_party.userinfo(&current, subject).await;
        if let Err(UserinfoError::AccessToken) = answer {
            let renewed = tokens.renewed(id, &current).await;
            let renewed = renewed.map_err(|error| without_token(&error))?;
            answer = relying_party.userinfo(&renewed, subject).await;
        }
        answer.map_err(|error| refusal(&error))
    }
}

impl CurrentSession for SignedIn {
    fn reread_claims(&self) -> BoxFuture<'_, Result<SessionState, RereadRefusal>> {
        Box::pin(self.reread())
    }

    fn sessions(&self, page: u32) -> BoxFuture<'_, Result<SessionList, SessionsRefusal>> {
        Box::pin(self.list(page))
    }

    fn end_session<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SessionsRefusal>> {
        Box::pin(self.end_one(name))
    }

    fn end_other_sessions(&self) -> BoxFuture<'_, Result<(), SessionsRefusal>> {
        Box::pin(self.end_others())
    }

    fn erase_notes(&self) -> BoxFuture<'_, Result<(), EraseRefusal>> {
        Box::pin(self.erase_all_notes())
    }
}

fn without_token(error: &AccessTokenError) -> RereadRefusal {
    match error {
        AccessTokenError::SessionEnded => RereadRefusal::SessionEnded,
        AccessTokenError::NotRenewable => RereadRefusal::SignInAgain,
        AccessTokenError::Unavailable | AccessTokenError::Store(_) => RereadRefusal::Unavailable,
    }
}

fn refusal(error: &UserinfoError) -> RereadRefusal {
    tracing::warn!(
        code = error.code(),
        cause = chain(error),
        "the claims were not read again"
    );
    match error {
        UserinfoError::AccessToken => RereadRefusal::SignInAgain,
        UserinfoError::NoEndpoint => RereadRefusal::NotOffered,
        _ => RereadRefusal::Unavailable,
    }
}

/// As the pages want it: in UTC, with whole seconds.
fn rfc3339(time: OffsetDateTime) -> String {
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&Rfc3339).unwrap_or_default()
}
