//! `GET /auth/callback`: the redirection endpoint (OpenID Connect Core §3.1.2.5).
//!
//! The order is the protocol's and each step consumes what the last one made: parameters, `state`,
//! `iss` and errors, single use, the token request with all checks, a new session. An answer to a
//! login that cannot be finished any more is resolved in [`late`].
//!
//! Nothing is used up by an answer of another issuer, or by an error: anybody can write one. The login stays open, so
//! that the provider's own answer can still come (RFC 9207 §2.4). A made-up code costs a mark in the store and a token
//! request, of which the mark lasts as long as the login would: how many there are of these bounds [`rate`](crate::rate).

mod begun;
mod finish;
mod late;

use self::begun::{abandon, replace_unless_abandoned};
use self::finish::{Failed, Finish};
use crate::auth::expected::Expected;
use crate::auth::login;
use crate::bff::Bff;
use crate::client_address::Peer;
use crate::cookies;
use crate::error::Error;
use crate::login_transaction::{LoginBinding, LoginTransaction, LoginTransactionError};
use crate::response::see_other;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bff_session::{EstablishError, SeenFrom, SessionId};
use oidc_relying_party::{CallbackParams, DpopKey, PendingAuthorization};

/// The handler. A failure leaves the session that the browser has as it is (REJ).
pub(crate) async fn callback(
    State(state): State<Bff>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let seen_from = state.trusted_proxies.seen_from(peer, &headers);
    let answer = finish(&state, &headers, seen_from, query).await;
    answer.map_err(|failed| failed.told(&state))
}

async fn finish(
    state: &Bff,
    headers: &HeaderMap,
    seen_from: SeenFrom,
    query: Option<String>,
) -> Result<Response, Failed> {
    let before = cookies::read(headers, &state.cookies.session).and_then(SessionId::parse);
    let params = CallbackParams::parse(query.as_deref().unwrap_or_default())?;
    let binding = LoginBinding::read(headers, &state.cookies).ok_or(LoginTransactionError::Unknown)?;
    let transaction = LoginTransaction::open(&state.keys, &binding, &params.state)?;
    let (return_to, max_age) = (transaction.return_to.clone(), transaction.wanted.max_age);
    let (id, until, expected) = (transaction.id(), transaction.expires_at(), transaction.expected);
    let late = |why| late::Late {
        return_to: return_to.clone(),
        may_restart: !transaction.restarted && !params.response.is_error(),
        expected,
        why,
    };
    if let Err(expired) = transaction.in_time(state.clock.now()) {
        return Ok(late::resolve(state, &binding, before, late(expired)).await?);
    }
    let restart = !transaction.restarted;
    let late = late(LoginTransactionError::Spent);
    let grant = state
        .relying_party
        .accept(pending(transaction), params.response)
        .await?;
    let turn = state.callbacks.take(seen_from.address)?;
    let finish = Finish {
        state: state.clone(),
        transaction: (id, until),
        grant,
        max_age,
        expected,
        seen_from,
        held: before.clone(),
        browser: binding.browser(&state.sessions),
        turn,
    };
    let (abandoning, held) = (state.clone(), before.clone());
    let abandoned = move |outcome| async move {
        match outcome {
            Ok(Some(begun)) => abandon(&abandoning, begun, held).await,
            Ok(None) => {}
            Err(failed) => _ = Failed::told(failed, &abandoning),
        }
    };
    let begun = match state.tasks.run(finish.run(), abandoned).await {
        Ok(Some(begun)) => begun,
        Ok(None) => return Ok(late::resolve(state, &binding, before, late).await?),
        // The person may well be somebody who signs in again after that logout, within the same second.
        Err(Failed {
            error: Error::Establish(error @ EstablishError::EndedMeanwhile),
            ..
        }) if restart => {
            tracing::info!(code = error.code(), "a login that a logout has overtaken begins anew");
            return Ok(login::begin(state, &binding, &return_to, Expected::again(expected), true).await?);
        }
        Err(failed) => return Err(failed),
    };
    if let Some(before) = before {
        replace_unless_abandoned(state, before, begun.clone()).await;
    }
    let mut response = see_other(return_to.as_str());
    let max_age = state.sessions.lifetime().absolute;
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(&state.cookies.session, &begun.id.to_text(), max_age),
    );
    let completed = binding.completed(state.clock.now());
    response
        .headers_mut()
        .append(header::SET_COOKIE, completed.set_cookie(&state.cookies));
    Ok(response)
}

/// `HEAD` gets an answer of its own, because axum has GET's handler answer it, which would spend the login, or end a
/// session: only the method of the response mode, and of the front channel, is served (CB-15).
pub(crate) async fn refuse_head() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")])
}

/// What the login expects of the answer.
fn pending(transaction: LoginTransaction) -> PendingAuthorization {
    PendingAuthorization {
        issuer: transaction.issuer,
        nonce: transaction.nonce,
        code_verifier: transaction.code_verifier,
        wanted: transaction.wanted,
        dpop_key: transaction.dpop_key.as_ref().and_then(DpopKey::read),
    }
}
