//! The claims of a session, read again from the provider.

use super::Session;
use crate::access_tokens::AccessTokenError;
use crate::claims::UpdatedClaims;
use crate::error::chain;
use crate::hooks::{ClaimsUpdate, HookError};
use crate::request::Presented;
use bff_contract::session::SessionState;
use bff_session::{AccountRecord, Ending, Known};
use oidc_relying_party::UserinfoError;
use serde_json::{Map, Value};

/// Why the claims were not read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RereadError {
    /// The session has ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// The provider no longer accepts the access token; a new sign-in is needed.
    #[error("the provider accepts no access token of this session")]
    SignInAgain,
    /// The provider has no userinfo endpoint.
    #[error("the provider has no userinfo endpoint")]
    NotOffered,
    /// The provider, the session store or the application's hook does not answer, or its answer cannot be read.
    #[error("the provider, the session store or the application does not answer")]
    Unavailable,
}

impl<C> Session<C> {
    /// Reads the claims again from the userinfo endpoint (OpenID Connect Core §5.3) and keeps them in the session. Gives the
    /// session's new state. A hook of [`Builder::on_claims`](crate::Builder::on_claims) is asked before anything is kept.
    ///
    /// # Errors
    ///
    /// A [`RereadError`]; the session goes on as it was, unless the hook has refused the person: that ends it.
    pub async fn reread_claims(&self) -> Result<SessionState, RereadError> {
        let fresh = self.userinfo().await?;
        self.keep_claims(fresh).await
    }

    /// Stores the claims that userinfo gives now.
    pub(crate) async fn keep_claims(&self, fresh: Map<String, Value>) -> Result<SessionState, RereadError> {
        let session = &self.presented.session;
        let update = self.bff.claims.updated_by_userinfo(&fresh, session);
        let account = self.account(fresh, &update).await?;
        let now = self.bff.clock.now();
        let reread = self.bff.sessions.update(session, |session| {
            update.apply(session);
            if let Some(account) = &account {
                session.decide(Some(account.clone()));
            }
            session.last_seen = session.last_seen.max(now);
        });
        match reread.await {
            Ok(Some(kept)) => Ok(self.bff.shown(&kept)),
            Ok(None) => Err(RereadError::SessionEnded),
            Err(_) => Err(RereadError::Unavailable),
        }
    }

    /// The answer of the application to the claims.
    async fn account(
        &self,
        claims: Map<String, Value>,
        update: &UpdatedClaims,
    ) -> Result<Option<AccountRecord>, RereadError> {
        if !self.bff.hooks.hear_of_claims() {
            return Ok(None);
        }
        // A refresh on the way here may have told claims as well.
        let mut session = match self.bff.sessions.load(&self.presented.id).await {
            Ok(Known::Live(live)) => (*live).clone(),
            Ok(Known::Ended(_) | Known::Nothing) => return Err(RereadError::SessionEnded),
            Err(_) => return Err(RereadError::Unavailable),
        };
        update.apply(&mut session);
        let told = ClaimsUpdate { claims, session };
        let answer = self.bff.hooks.claims(told, &*self.bff.clock).await;
        let answer = answer.inspect_err(|error| {
            let cause = chain(error);
            tracing::warn!(
                code = error.code(),
                cause,
                "the application's hook refused or failed on claims that were read again"
            );
        });
        match answer {
            Ok(account) => Ok(account),
            Err(HookError::Refused(_)) => {
                let (bff, id) = (self.bff.clone(), self.presented.id.clone());
                let end = async move {
                    let left = bff.sessions.end(&id, Ending::Application).await;
                    let left = left.map_err(|_| RereadError::Unavailable)?;
                    bff.revocations.revoke(left.and_then(|left| left.tokens));
                    Err(RereadError::SessionEnded)
                };
                self.bff.tasks.run(end, |_| async {}).await
            }
            Err(_) => Err(RereadError::Unavailable),
        }
    }

    /// The claims, as the provider tells them now. If it refuses the access token, once more with
    /// another one (UI-06).
    async fn userinfo(&self) -> Result<Map<String, Value>, RereadError> {
        let Presented { id, session } = &self.presented;
        let (tokens, relying_party) = (&self.bff.access_tokens, &self.bff.relying_party);
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

fn without_token(error: &AccessTokenError) -> RereadError {
    match error {
        AccessTokenError::SessionEnded => RereadError::SessionEnded,
        AccessTokenError::NotRenewable => RereadError::SignInAgain,
        AccessTokenError::Unavailable | AccessTokenError::Store(_) => RereadError::Unavailable,
    }
}

fn refusal(error: &UserinfoError) -> RereadError {
    tracing::warn!(
        code = error.code(),
        cause = chain(error),
        "the claims were not read again"
    );
    match error {
        UserinfoError::AccessToken => RereadError::SignInAgain,
        UserinfoError::NoEndpoint => RereadError::NotOffered,
        _ => RereadError::Unavailable,
    }
}
