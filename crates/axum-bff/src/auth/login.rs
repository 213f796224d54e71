//! `GET /auth/login?return_to=/path`: begins a login and sends the browser to the provider.
//!
//! Costs no store command, and once the metadata is known no provider call, or the one that pushes the request. A step-up of
//! somebody who is signed in costs a read or two: it has to bring back the same person.

use super::expected::Expected;
use crate::bff::Bff;
use crate::cookies;
use crate::error::Error;
use crate::login_transaction::{LoginBinding, LoginTransaction, NewLogin};
use crate::request::is_document;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use bff_contract::access::StepUp;
use oidc_relying_party::{AuthenticationWanted, AuthorizationParameters, DpopKey, Prompt};

/// The handler. Nothing but `return_to` is read: no caller chooses a protocol parameter
/// (AUTHZ-08), and no image, frame or script starts a login (AUTHZ-09). A browser that goes round in a circle is stopped
/// here (CB-14).
pub(crate) async fn login(
    State(state): State<Bff>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    if !is_document(&headers) {
        return Err(Error::NotANavigation);
    }
    let binding = LoginBinding::read(&headers, &state.cookies).unwrap_or_default();
    if cookies::read(&headers, &state.cookies.session).is_none() && binding.is_looping(state.clock.now()) {
        return Err(Error::LoginLoop);
    }
    let return_to = ReturnTo::of_query(query.as_deref().unwrap_or_default());
    let return_to = return_to.unwrap_or_else(|| ReturnTo::judge(state.paths.after_sign_in));
    let expected = if step_up(&state, &return_to) == StepUp::default() {
        Expected::default()
    } else {
        Expected::signed_in(&state, &headers).await?
    };
    begin(&state, &binding, &return_to, expected, false).await
}

/// What the page that the person goes to wants of an authentication.
fn step_up(state: &Bff, return_to: &ReturnTo) -> StepUp {
    state.access.rule(return_to.path()).step_up()
}

/// Sends the browser to the provider. Where the page that the person goes to wants a fresh authentication, or one of a
/// certain way, so the access table says, the provider is asked for it, and the callback holds it to that (AUTHZ-11).
pub(super) async fn begin(
    state: &Bff,
    binding: &LoginBinding,
    return_to: &ReturnTo,
    expected: Expected,
    restarted: bool,
) -> Result<Response, Error> {
    let step_up = step_up(state, return_to);
    let wanted = AuthenticationWanted {
        max_age: step_up.max_age,
        acr_values: step_up.acr.iter().map(|acr| (*acr).to_owned()).collect(),
    };
    let dpop_key = state.relying_party.dpop_key().await?;
    let login = NewLogin {
        issuer: state.relying_party.issuer(),
        return_to,
        wanted: &wanted,
        restarted,
        expected: expected.person,
        dpop_key: dpop_key.as_ref().map(DpopKey::secret),
    };
    let (transaction, sealed) = LoginTransaction::begin(&state.keys, binding, login, state.clock.now());
    let parameters = AuthorizationParameters {
        state: sealed,
        nonce: transaction.nonce,
        code_verifier: transaction.code_verifier,
        prompt: step_up.prompted.then_some(Prompt::Login),
        wanted: transaction.wanted,
        expected: expected.hint,
        dpop_key,
    };
    let address = state.relying_party.authorization_request(parameters).await?;
    let mut response = see_other(address.as_str());
    response
        .headers_mut()
        .append(header::SET_COOKIE, binding.set_cookie(&state.cookies));
    Ok(response)
}
