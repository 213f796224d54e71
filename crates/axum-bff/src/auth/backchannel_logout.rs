//! `POST /auth/backchannel-logout`: the provider says that its session is over (OpenID Connect
//! Back-Channel Logout 1.0 §2.5 to §2.8).
//!
//! The provider's server calls here, with no cookie and from no page, so the route stands outside
//! the CSRF rule; its content is signed. The bounds of size and time are here, and not in layers that would answer
//! with a page.
//!
//! A request that is at fault gets 400. §2.8 has the same status for a logout that failed, but providers read it as "this
//! token is bad" and never send it again. So a logout that could not be carried out just now gets 503, which says the
//! truth, and the token stays good.

use crate::auth::revoke_unless_offline;
use crate::bff::Bff;
use crate::metrics::Step;
use crate::request::media_type;
use crate::response::{FinalResponse, add_retry_after};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bff_session::store::StoreError;
use bff_session::{IndexKey, Scope};
use hyper::body::Body as _;
use oidc_relying_party::{Fault, LogoutToken, LogoutTokenError, SessionSelector};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::time::timeout;
use url::form_urlencoded;

/// The most that a logout token and further parameters may have together, in bytes.
const LIMIT: usize = 64 * 1024;
/// From the head of the request to its end.
const ARRIVAL: Duration = Duration::from_secs(15);
/// From the head of the request to the answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a logout token had no effect.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackchannelLogoutError {
    /// The request is not a form with one logout token.
    #[error("the request is no form with one logout_token")]
    Request,
    /// The request did not arrive in time.
    #[error("the request took too long to arrive")]
    RequestTimeout,
    /// The effect did not come about in time.
    #[error("the logout took too long")]
    Timeout,
    /// The token is not believed.
    #[error(transparent)]
    Token(#[from] LogoutTokenError),
    /// The token was used before.
    #[error("the logout token was used before")]
    Replayed,
    /// The session store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackchannelLogoutError {
    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            Self::Request => "logout_request_malformed",
            Self::RequestTimeout => "logout_request_timeout",
            Self::Timeout => "logout_timeout",
            Self::Token(error) => error.code(),
            Self::Replayed => "logout_token_replayed",
            Self::Store(error) => error.code(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Request | Self::RequestTimeout | Self::Replayed => StatusCode::BAD_REQUEST,
            Self::Token(error) if error.fault() == Fault::Person => StatusCode::BAD_REQUEST,
            Self::Token(_) | Self::Timeout | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The handler.
pub(crate) async fn backchannel_logout(State(state): State<Bff>, headers: HeaderMap, body: Body) -> Response {
    let logged_out = timeout(TIMEOUT, logout_asked_for(&state, &headers, body)).await;
    match logged_out.unwrap_or(Err(BackchannelLogoutError::Timeout)) {
        Ok(ended) => {
            tracing::info!(code = "backchannel_logout", ended, "the provider ended its session");
            StatusCode::OK.into_response()
        }
        Err(error) => {
            tracing::warn!(code = error.code(), cause = %error, "a logout token had no effect");
            refusal(error.status())
        }
    }
}

fn refusal(status: StatusCode) -> Response {
    let error = if status.is_client_error() {
        "invalid_request"
    } else {
        "temporarily_unavailable"
    };
    let mut answer = (status, Json(json!({"error": error}))).into_response();
    add_retry_after(&mut answer, status);
    answer.extensions_mut().insert(FinalResponse);
    answer
}

async fn logout_asked_for(state: &Bff, headers: &HeaderMap, body: Body) -> Result<usize, BackchannelLogoutError> {
    // A body that will be too large is not awaited.
    if !is_form(headers) || body.size_hint().lower() > LIMIT as u64 {
        return Err(BackchannelLogoutError::Request);
    }
    let form = timeout(ARRIVAL, to_bytes(body, LIMIT))
        .await
        .map_err(|_| BackchannelLogoutError::RequestTimeout)?
        .map_err(|_| BackchannelLogoutError::Request)?;
    let token = logout_token(&form).ok_or(BackchannelLogoutError::Request)?;
    Step::Logout.of(logout(state, &token)).await
}

fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The one `logout_token` of a form; other parameters are ignored (§2.5).
fn logout_token(form: &[u8]) -> Option<String> {
    let mut tokens = form_urlencoded::parse(form).filter(|(name, _)| name == "logout_token");
    let (_, only) = tokens.next()?;
    tokens.next().is_none().then(|| only.into_owned())
}

async fn logout(state: &Bff, token: &str) -> Result<usize, BackchannelLogoutError> {
    let LogoutToken {
        selector,
        jti,
        issued_at,
        expires_at,
    } = state.relying_party.verify_logout_token(token).await?;
    let issuer = state.relying_party.issuer();
    let name = replay_name(issuer, &jti);
    if state.sessions.is_spent(name).await? {
        return Err(BackchannelLogoutError::Replayed);
    }
    let scope = match &selector {
        SessionSelector::Sid(sid) => Scope::Session(sid),
        SessionSelector::Subject(subject) => Scope::Person(subject),
        SessionSelector::SidOfSubject { sid, subject } => Scope::SessionOfPerson(sid, subject),
    };
    let revoke = |ended| revoke_unless_offline(state, ended);
    let ended = state
        .sessions
        .end_all(IndexKey { issuer, scope }, issued_at, revoke)
        .await?;
    // Only now: a logout that broke off can be sent again, and doing it twice changes nothing. So the sessions have
    // ended even if the store cannot take the mark.
    if let Err(error) = state.sessions.spend(name, expires_at).await {
        let cause = &error as &dyn std::error::Error;
        tracing::warn!(
            code = "logout_token_unmarked",
            cause,
            "the store did not record the use of a logout token: the token can be used again"
        );
    }
    Ok(ended)
}

/// The place at which a `jti` is remembered. It is unique for its issuer only (RFC 7519 §4.1.7).
fn replay_name(issuer: &str, jti: &str) -> [u8; 16] {
    let mut digest = Sha256::new();
    for part in ["logout token", issuer, jti] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    digest[..16].try_into().expect("32 bytes have 16 first ones")
}
