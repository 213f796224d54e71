//! What the provider has answered to a refresh, on its way into the store.
//!
//! What pages see goes first, and the tokens follow. The right to refresh ends with the tokens, so no later answer can come
//! between the two; and nobody calls an API with the new token while pages still show a role that it no longer has.

use super::store_away::insist;
use super::{AccessTokenError, AccessTokens, of_record};
use crate::claims::UpdatedClaims;
use crate::error::chain;
use crate::hooks::{ClaimsUpdate, HookError, Refusal};
use bff_session::store::{RefreshFinish, StoreError};
use bff_session::{AccountRecord, Ending, Known, RefreshLease, RefreshResult, SessionId, TokenRecord, UserSession};
use oidc_relying_party::{AccessToken, RefreshedTokens};
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// An answer that nothing but this process has yet.
#[derive(Debug)]
pub(super) struct Answer {
    id: SessionId,
    lease: RefreshLease,
    /// Until it stands in the session. None from the beginning where no ID Token came.
    retold: Option<Retold>,
    result: RefreshResult,
}

/// Why an answer is not kept yet. It is offered again.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotTaken {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The application has not said what it knows of the person. Until it does, nobody calls an API with the new token.
    #[error(transparent)]
    Hook(#[from] HookError),
}

impl NotTaken {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Hook(error) => error.code(),
        }
    }
}

impl From<NotTaken> for AccessTokenError {
    fn from(error: NotTaken) -> Self {
        match error {
            NotTaken::Store(error) => error.into(),
            NotTaken::Hook(_) => Self::Unavailable,
        }
    }
}

/// What a refreshed ID Token says of the person and of the provider's session.
#[derive(Debug)]
struct Retold {
    claims: UpdatedClaims,
    /// Everything that it says, for the application.
    all: Map<String, Value>,
    sid: Option<String>,
}

impl Retold {
    fn apply(&self, session: &mut UserSession) {
        self.claims.apply(session);
        // An ID Token that names no session takes back no name: there would be none to end this one by.
        if let Some(sid) = &self.sid {
            session.is_now_in(sid);
        }
    }
}

impl Answer {
    /// RT-02: what the provider gave takes the place of what was there, all of it at once; what it did not give stays.
    pub(super) fn new(
        tokens: &AccessTokens,
        id: &SessionId,
        lease: RefreshLease,
        refreshed: RefreshedTokens,
        asked_at: OffsetDateTime,
    ) -> Self {
        if let Some(error) = &refreshed.set_aside {
            tracing::warn!(
                code = "refresh_id_token_set_aside",
                reason = error.code(),
                cause = chain(error),
                "the provider renewed a session's tokens with an ID Token that cannot be judged: the session goes on with \
                 the new tokens and the claims that it has"
            );
        }
        let before = lease.before();
        let (id_token, authenticated_at, retold) = match refreshed.id_token {
            Some(new) => {
                let retold = Retold {
                    claims: tokens.on_refresh.claims.retold(&new.claims, &new.withdrawn),
                    all: new.claims,
                    sid: new.sid,
                };
                (new.token, new.authenticated_at, Some(retold))
            }
            None => (before.id_token.clone(), before.authenticated_at, None),
        };
        let record = TokenRecord {
            access_token: refreshed.access_token,
            id_token,
            refresh_token: refreshed.refresh_token.or_else(|| before.refresh_token.clone()),
            obtained_at: asked_at,
            expires_at: refreshed.expires_at,
            scope: refreshed.scope,
            dpop_key: refreshed.dpop_key.map(|key| key.secret().clone()),
            authenticated_at,
        };
        let result = lease.result(record);
        Self {
            id: id.clone(),
            lease,
            retold,
            result,
        }
    }

    /// The new access token, once the answer stands in the store.
    pub(super) async fn keep(mut self, tokens: &AccessTokens) -> Result<AccessToken, AccessTokenError> {
        match self.offer(tokens).await {
            Ok(finish) => {
                let access_token = of_record(&self.result.record);
                self.kept(tokens, finish).await.map(|()| access_token)
            }
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    cause = chain(&error),
                    "new tokens wait for the session store or for the application"
                );
                insist(tokens, self);
                Err(error.into())
            }
        }
    }

    /// Offers the answer to the store, which has part of it already where this is not the first time.
    /// The application is asked before: what it says of the person counts from the same moment on as the claims do.
    pub(super) async fn offer(&mut self, tokens: &AccessTokens) -> Result<RefreshFinish, NotTaken> {
        if let Some(retold) = &self.retold {
            let account = match self.account(tokens, retold).await {
                Err(NotTaken::Hook(HookError::Refused(refusal))) => {
                    return self.refused(tokens, &refusal).await;
                }
                account => account?,
            };
            let change = |session: &mut UserSession| {
                retold.apply(session);
                if let Some(account) = &account {
                    session.decide(Some(account.clone()));
                }
            };
            tokens.sessions.amend(&self.id, change).await?;
            self.retold = None;
        }
        Ok(self.lease.finish(&self.result).await?)
    }

    /// What the application says to the claims. None: it has nothing to say, or there is no session any more.
    async fn account(&self, tokens: &AccessTokens, retold: &Retold) -> Result<Option<AccountRecord>, NotTaken> {
        if !tokens.on_refresh.hooks.hear_of_claims() {
            return Ok(None);
        }
        let Known::Live(live) = tokens.sessions.load(&self.id).await? else {
            return Ok(None);
        };
        let mut session = (*live).clone();
        retold.apply(&mut session);
        let told = ClaimsUpdate {
            claims: retold.all.clone(),
            session,
        };
        let asked = tokens.on_refresh.hooks.claims(told, &*tokens.clock);
        tokio::pin!(asked);
        loop {
            let renewal = tokens.clock.now() + RefreshLease::RENEWAL;
            tokio::select! {
                account = &mut asked => break Ok(account?),
                () = tokens.clock.sleep_until(renewal) => self.live_on().await,
            }
        }
    }

    /// The application refuses the person: the session ends, and nobody needs the new tokens. Those from before are revoked
    /// as well: not every provider has ended them with the refresh.
    async fn refused(&self, tokens: &AccessTokens, refusal: &Refusal) -> Result<RefreshFinish, NotTaken> {
        tracing::info!(
            code = "claims_refused",
            refusal = refusal.code(),
            "the application refuses a person whose claims were told again"
        );
        if let Some(left) = tokens.sessions.end(&self.id, Ending::Application).await?
            && let Some(before) = left.tokens
        {
            tokens.revocations.revoke(before);
        }
        Ok(RefreshFinish::Gone)
    }

    /// Shows that the refresh lives, although its answer was not taken: of a cluster another part may be away than the one
    /// with the tokens, where somebody else would soon hold it for broken off.
    pub(super) async fn live_on(&self) {
        // Where this part is away as well, nobody else hears anything from it either.
        let _ = self.lease.renew().await;
    }

    /// What the store has said of the new tokens.
    pub(super) async fn kept(self, tokens: &AccessTokens, finish: RefreshFinish) -> Result<(), AccessTokenError> {
        match finish {
            RefreshFinish::Kept => {
                tracing::info!(code = "refreshed", "a session has new tokens");
                tokens.tell_refreshed(&self.id).await;
                Ok(())
            }
            RefreshFinish::Overtaken => {
                tracing::warn!(code = "refresh_overtaken", "a session has other new tokens than these");
                Err(AccessTokenError::Unavailable)
            }
            // RT-08: the session ended while its tokens were renewed. The new ones are nobody's.
            RefreshFinish::Gone => {
                tracing::info!(
                    code = "refresh_too_late",
                    "a session ended while its tokens were renewed"
                );
                tokens.revocations.revoke(self.result.record);
                Err(AccessTokenError::SessionEnded)
            }
        }
    }
}
