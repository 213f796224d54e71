//! The session that a login has begun, and the one that it takes the place of.

use crate::auth::expected;
use crate::bff::Bff;
use crate::login_transaction::PersonDigest;
use bff_session::{Ending, Known, SessionId, TokenRecord};

/// A session that a login has begun.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) id: SessionId,
    pub(super) person: PersonDigest,
}

/// Ends a session whose cookie no browser has got. `held` is the session whose cookie the browser sent.
///
/// The new tokens are revoked, except where the browser's session lives and is the same person's: a provider may end with a
/// revoked token everything that it gave this client for that person, and so would sign out a browser that did nothing.
pub(super) async fn abandon(state: &Bff, begun: Begun, held: Option<SessionId>) {
    let ended = match state.sessions.end(&begun.id, Ending::SignedOut).await {
        Ok(ended) => ended,
        Err(error) => {
            tracing::warn!(code = error.code(), "a session that no browser has was not ended");
            return;
        }
    };
    tracing::info!(
        code = "sign_in_abandoned",
        "the browser had gone before its session began"
    );
    if let Some(tokens) = ended.and_then(|ended| ended.tokens)
        && !lives(state, held, begun.person).await
    {
        state.revocations.revoke(tokens);
    }
}

/// Whether this is a live session of that person. Where the store does not answer, it may be one.
pub(super) async fn lives(state: &Bff, session: Option<SessionId>, of: PersonDigest) -> bool {
    let Some(id) = session else { return false };
    match state.sessions.load(&id).await {
        Ok(Known::Live(live)) => expected::person(&live.identity) == of,
        Ok(Known::Ended(_) | Known::Nothing) => false,
        Err(_) => true,
    }
}

/// Ends the session that the browser had. A browser that closes meanwhile keeps the cookie of that session, which is over:
/// then the new session ends too, and nobody needs the tokens of either.
pub(super) async fn replace_unless_abandoned(state: &Bff, before: SessionId, begun: Begun) {
    let (replacing, abandoning) = (state.clone(), state.clone());
    let (person, held) = (begun.person, before.clone());
    let replace = async move { replace(&replacing, &before, person).await };
    let abandoned = move |left: Option<TokenRecord>| async move {
        abandon(&abandoning, begun, Some(held)).await;
        if let Some(tokens) = left {
            abandoning.revocations.revoke(tokens);
        }
    };
    state.tasks.run(replace, abandoned).await;
}

/// Ends the session that the browser had. The new one stands; one that the store does not end now ends by its limits. The
/// tokens of another person's session are revoked. Those of the same person's are given back: see [`abandon`].
async fn replace(state: &Bff, before: &SessionId, person: PersonDigest) -> Option<TokenRecord> {
    let ended = match state.sessions.end(before, Ending::SignedOut).await {
        Ok(ended) => ended?,
        Err(error) => {
            tracing::warn!(code = error.code(), "the session before this login was not ended");
            return None;
        }
    };
    let is_another = ended
        .identity
        .is_some_and(|identity| expected::person(&identity) != person);
    let tokens = ended.tokens?;
    if is_another {
        state.revocations.revoke(tokens);
        return None;
    }
    Some(tokens)
}
