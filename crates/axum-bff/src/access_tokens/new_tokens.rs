//! New tokens of a session, on their way from the provider's answer into the session store.
//!
//! The claims go first, and the tokens follow. The lease ends with the tokens, so no later answer can come between the two;
//! and nobody calls an API with the new token while pages still show a role that the person no longer has.
//!
//! The refresh token among the new tokens is the only one that works, so a store that is away is asked again until it
//! confirms. A command that was not answered may have been carried out, or will be: a Redis that stands still goes on
//! later with the commands that wait in its sockets. So each attempt means the same as the one before.

use super::storage::{AccessTokenError, PAUSE, TokenStorage, access_token, keep_alive};
use crate::claims::{ClaimsPolicy, UpdatedClaims};
use crate::error::chain;
use crate::events::{EventContext, EventKind, Events, Person};
use crate::hooks::{ClaimsUpdate, HookError, Hooks, Refusal};
use crate::revocation::Revocations;
use bff_session::store::{RefreshFinish, StoreError};
use bff_session::{
    AccountRecord, Ending, IdTokenOfRefresh, Known, RefreshLease, RefreshResult, SessionId, Sessions, TokenRecord,
    TokenRefresh, UserSession,
};
use oidc_relying_party::{AccessToken, RefreshedTokens};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use std::sync::Arc;
use time::OffsetDateTime;

/// The parts that judge the claims of a refreshed ID Token, revoke superfluous tokens, and hear of the refresh.
#[derive(Clone, Debug)]
pub struct OnRefresh {
    /// Which claims pages may see.
    pub claims: Arc<ClaimsPolicy>,
    /// The application's hook for claims.
    pub(crate) hooks: Hooks,
    /// The tokens that wait to be revoked.
    pub revocations: Revocations,
    /// The stream that each refresh is an event of.
    pub events: Events,
}

impl OnRefresh {
    /// Tells the application that the session has new tokens. The session is read only where the application listens.
    async fn tell(&self, sessions: &Sessions, id: &SessionId) {
        if !self.events.are_heard() {
            return;
        }
        let live = match sessions.load(id).await {
            Ok(Known::Live(live)) => Some(live),
            _ => None,
        };
        let context = EventContext {
            person: live.as_ref().map(|live| Person::of(&live.identity)),
            session: sessions.name(id),
            acr: live.as_ref().and_then(|live| live.acr.clone()),
            signed_in_from: live.map(|live| live.seen_from.clone()),
        };
        self.events.tell(EventKind::Refreshed, context);
    }
}

/// The tokens that the provider answered with. Nothing but this process has them yet.
#[derive(Debug)]
pub(super) struct NewTokens {
    storage: TokenStorage,
    on_refresh: OnRefresh,
    id: SessionId,
    lease: RefreshLease,
    /// The claims that are not yet in the session. None from the beginning where no ID Token came.
    claims: Option<NewClaims>,
    result: RefreshResult,
}

/// The claims of a refreshed ID Token about the person and the provider's session.
#[derive(Debug)]
struct NewClaims {
    kept: UpdatedClaims,
    /// Everything that the ID Token says, for the application.
    all: Map<String, Value>,
    sid: Option<String>,
}

impl NewClaims {
    fn apply(&self, session: &mut UserSession) {
        self.kept.apply(session);
        // An ID Token without `sid` leaves the name that the session has: nothing else could end the session by name.
        if let Some(sid) = &self.sid {
            session.is_now_in(sid);
        }
    }
}

/// Why an attempt to store new tokens failed. Another attempt follows.
#[derive(Debug, thiserror::Error)]
enum NotStored {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The application's hook failed. Until the hook answers, nobody calls an API with the new token.
    #[error(transparent)]
    Hook(#[from] HookError),
}

impl NotStored {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Hook(error) => error.code(),
        }
    }
}

impl From<NotStored> for AccessTokenError {
    fn from(error: NotStored) -> Self {
        match error {
            NotStored::Store(error) => error.into(),
            NotStored::Hook(_) => Self::Unavailable,
        }
    }
}

/// A refresh as people may see it. `asked_at` and `now` are its beginning and its end.
fn refresh(
    before: &TokenRecord,
    refreshed: &RefreshedTokens,
    (asked_at, now): (OffsetDateTime, OffsetDateTime),
) -> TokenRefresh {
    let of_before = before.refresh_token.as_ref().map(SecretString::expose_secret);
    let other = refreshed.refresh_token.as_ref().map(SecretString::expose_secret);
    TokenRefresh {
        asked_at,
        took: (now - asked_at).try_into().unwrap_or_default(),
        rotated: other.is_some() && other != of_before,
        id_token: match (&refreshed.id_token, &refreshed.set_aside) {
            (Some(_), _) => IdTokenOfRefresh::Verified,
            (None, Some(_)) => IdTokenOfRefresh::SetAside,
            (None, None) => IdTokenOfRefresh::Absent,
        },
    }
}

impl NewTokens {
    /// RT-02: the provider's new values replace the earlier ones, all at once; values that it did not give stay.
    pub(super) fn new(
        (storage, on_refresh): (&TokenStorage, &OnRefresh),
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
                "a refresh brought an ID Token that cannot be verified: the session goes on with the new tokens and \
                 its present claims"
            );
        }
        let before = lease.before();
        let refresh = refresh(before, &refreshed, (asked_at, storage.clock.now()));
        let (id_token, authenticated_at, claims) = match refreshed.id_token {
            Some(new) => {
                let claims = NewClaims {
                    kept: on_refresh.claims.updated_by_id_token(&new.claims, &new.withdrawn),
                    all: new.claims,
                    sid: new.sid,
                };
                (new.token, new.authenticated_at, Some(claims))
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
        let result = lease.result(record, refresh);
        Self {
            storage: storage.clone(),
            on_refresh: on_refresh.clone(),
            id: id.clone(),
            lease,
            claims,
            result,
        }
    }

    /// The new access token, once it is stored. Where the store is away the attempts go on without this caller.
    pub(super) async fn store(mut self) -> Result<AccessToken, AccessTokenError> {
        match self.try_to_store().await {
            Ok(finish) => {
                let access_token = access_token(&self.result.record);
                self.stored(finish).await.map(|()| access_token)
            }
            Err(error) => {
                tracing::warn!(
                    code = error.code(),
                    cause = chain(&error),
                    "new tokens wait for the session store or for the application"
                );
                self.store_until_confirmed();
                Err(error.into())
            }
        }
    }

    fn store_until_confirmed(mut self) {
        self.storage.clone().retry(async move {
            let finish = loop {
                tokio::time::sleep(PAUSE).await;
                match self.try_to_store().await {
                    Ok(finish) => break finish,
                    // In a cluster the part with the claims may be away, and the part with the tokens may not: there another
                    // replica would soon take the refresh for broken off. Where that part is away too, no replica reads it.
                    Err(_) => _ = self.lease.renew().await,
                }
            };
            // No request waits for the outcome any more; `stored` has logged it.
            let _ = self.stored(finish).await;
        });
    }

    /// One attempt. An earlier attempt may have stored the claims. The application is asked first: its answer counts from
    /// the same moment on as the claims do.
    async fn try_to_store(&mut self) -> Result<RefreshFinish, NotStored> {
        if let Some(claims) = &self.claims {
            let account = match self.account(claims).await {
                Err(NotStored::Hook(HookError::Refused(refusal))) => {
                    return self.refused(&refusal).await;
                }
                account => account?,
            };
            let change = |session: &mut UserSession| {
                claims.apply(session);
                if let Some(account) = &account {
                    session.decide(Some(account.clone()));
                }
            };
            self.storage.sessions.amend(&self.id, change).await?;
            self.claims = None;
        }
        Ok(self.lease.finish(&self.result).await?)
    }

    /// The application's answer to the claims. None: there is no hook, or no session any more.
    async fn account(&self, claims: &NewClaims) -> Result<Option<AccountRecord>, NotStored> {
        let hooks = &self.on_refresh.hooks;
        if !hooks.hear_of_claims() {
            return Ok(None);
        }
        let Known::Live(live) = self.storage.sessions.load(&self.id).await? else {
            return Ok(None);
        };
        let mut session = (*live).clone();
        claims.apply(&mut session);
        let update = ClaimsUpdate {
            claims: claims.all.clone(),
            session,
        };
        let clock = &*self.storage.clock;
        Ok(keep_alive(&self.lease, clock, hooks.claims(update, clock)).await?)
    }

    /// The application refuses the person: the session ends, and nobody needs the new tokens. The tokens from before are
    /// revoked as well: not every provider has ended them with the refresh.
    async fn refused(&self, refusal: &Refusal) -> Result<RefreshFinish, NotStored> {
        tracing::info!(
            code = "claims_refused",
            refusal = refusal.code(),
            "the application refuses a person after a refresh brought new claims"
        );
        let left = self.storage.sessions.end(&self.id, Ending::Application).await?;
        self.on_refresh.revocations.revoke(left.and_then(|left| left.tokens));
        Ok(RefreshFinish::Gone)
    }

    /// Acts on the store's answer.
    async fn stored(self, finish: RefreshFinish) -> Result<(), AccessTokenError> {
        match finish {
            RefreshFinish::Kept => {
                tracing::info!(code = "refreshed", "a session has new tokens");
                self.on_refresh.tell(&self.storage.sessions, &self.id).await;
                Ok(())
            }
            RefreshFinish::Overtaken => {
                tracing::warn!(
                    code = "refresh_overtaken",
                    "another refresh has stored new tokens for this session"
                );
                Err(AccessTokenError::Unavailable)
            }
            // RT-08: the session ended while its tokens were renewed. Nobody has a use for the new ones.
            RefreshFinish::Gone => {
                tracing::info!(
                    code = "refresh_too_late",
                    "a session ended while its tokens were renewed"
                );
                self.on_refresh.revocations.revoke(self.result.record);
                Err(AccessTokenError::SessionEnded)
            }
        }
    }
}
