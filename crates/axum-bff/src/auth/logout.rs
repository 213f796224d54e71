//! `POST /auth/logout`: ends the session here first, then sends the browser to the provider to
//! end it there (OpenID Connect RP-Initiated Logout 1.0). The way there is a page of ours and not a redirect, because the
//! provider may send the browser on to another origin.

mod at_provider;

pub(crate) use at_provider::at_provider;

use crate::bff::Bff;
use crate::cookies;
use crate::error::Error;
use crate::login_transaction::LoginBinding;
use crate::metrics::Step;
use crate::response::{onward, see_other};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::key_ring;
use bff_session::{Ending, SessionId, TokenRecord};
use oidc_relying_party::{EndSession, EndSessionRequest};

/// The handler. Signing out twice, or without a session, is fine (LO-09).
pub(crate) async fn logout(State(state): State<Bff>, headers: HeaderMap) -> Result<Response, Error> {
    let id = cookies::read(&headers, &state.cookies.session).and_then(SessionId::parse);
    let binding = LoginBinding::read(&headers, &state.cookies);
    let (tasks, names) = (state.tasks.clone(), state.cookies.clone());
    let mut response = tasks.run(Step::Logout.of(sign_out(state, id)), |_| async {}).await?;
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, cookies::remove(&names.session));
    if let Some(after_logout) = binding.and_then(LoginBinding::after_logout) {
        headers.append(header::SET_COOKIE, after_logout.set_cookie(&names));
    }
    // Not "cookies": that would sign the person out of every application of this domain (T12).
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// Ends the session, has its tokens revoked, and leads the browser on.
async fn sign_out(state: Bff, id: Option<SessionId>) -> Result<Response, Error> {
    let ended = match id {
        Some(id) => state.sessions.end(&id, Ending::SignedOut).await?,
        None => None,
    };
    let Some(tokens) = ended.and_then(|ended| ended.tokens) else {
        return Ok(see_other(state.paths.signed_out));
    };
    let response = to_the_provider(&state, &tokens).await;
    state.revocations.revoke(tokens);
    Ok(response)
}

/// Leads to the page at which the provider ends its session. If the provider has none, it leads to the page that says so
/// (LO-06).
async fn to_the_provider(state: &Bff, tokens: &TokenRecord) -> Response {
    let fresh = URL_SAFE_NO_PAD.encode(key_ring::random::<16>());
    let wanted = EndSession {
        id_token_hint: Some(&tokens.id_token),
        logout_hint: None,
        state: &fresh,
    };
    match state.relying_party.end_session_request(wanted).await {
        Ok(EndSessionRequest::Address(url)) => {
            match at_provider::address(&state.keys, url.as_str(), state.clock.now()) {
                Some(address) => {
                    let address = state.public_url.seen(&address);
                    onward(&address, "Signing out", "Go on, to sign out at the provider too")
                }
                // Good for every provider that ends its session at this address itself.
                None => see_other(url.as_str()),
            }
        }
        Ok(EndSessionRequest::LocalOnly) => see_other(&format!("{}?provider=none", state.paths.signed_out)),
        Err(error) => {
            tracing::warn!(code = error.code(), "signed out here, and not at the provider");
            see_other(&not_at_the_provider(state))
        }
    }
}

/// The page of a sign-out that has not reached the provider.
fn not_at_the_provider(state: &Bff) -> String {
    format!("{}?provider=unavailable", state.paths.signed_out)
}
