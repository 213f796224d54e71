//! `GET /auth/login?return_to=/path`: begins a login and sends the browser to the provider.
//!
//! Costs no store command, and no provider call once the metadata is known.

use crate::clock::Clock;
use crate::error::{Error, see_other};
use crate::key_ring::KeyRing;
use crate::login_transaction::{LoginBinding, LoginTransaction, NewLogin};
use crate::relying_party::{AuthorizationParameters, RelyingParty};
use crate::request::is_document;
use crate::return_to::ReturnTo;
use app::access::rule;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use std::sync::Arc;

/// The handler. Nothing but `return_to` is read: no caller chooses a protocol parameter
/// (AUTHZ-08), and no image, frame or script starts a login (AUTHZ-09). Where the page that the
/// person goes to wants a fresh authentication, so the access table says, the provider is asked
/// for one, and the callback holds it to that (AUTHZ-11).
pub(crate) async fn login(
    State(relying_party): State<RelyingParty>,
    State(keys): State<Arc<KeyRing>>,
    State(clock): State<Arc<dyn Clock>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    if !is_document(&headers) {
        return Err(Error::NotANavigation);
    }
    let binding = LoginBinding::read(&headers).unwrap_or_default();
    let return_to = ReturnTo::of_query(query.as_deref().unwrap_or_default());
    let login = NewLogin {
        issuer: relying_party.issuer(),
        return_to: &return_to,
        max_age: rule(return_to.path()).max_age(),
    };
    let (transaction, state) = LoginTransaction::begin(&keys, &binding, login, clock.now());
    let address = relying_party
        .authorization_request(AuthorizationParameters {
            state,
            nonce: transaction.nonce,
            code_verifier: transaction.code_verifier,
            prompt: None,
            max_age: transaction.max_age,
        })
        .await?;
    let mut response = see_other(address.as_str());
    response.headers_mut().append(header::SET_COOKIE, binding.set_cookie());
    Ok(response)
}
