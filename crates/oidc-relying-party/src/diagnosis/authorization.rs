//! Whether the provider knows our redirect URI, as far as it can be told without a person.

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use url::Url;

use super::credentials::MADE_UP_VERIFIER;
use crate::{
    AuthenticationWanted, AuthorizationErrorCode, AuthorizationParameters, AuthorizationRequestError, Fault, HttpError,
    Inner, Prompt, ProviderMetadata, Registration, authorization_request,
};

/// A page that says no.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// The answer of the authorization endpoint to a request with `prompt=none` by a person who is not signed in.
#[derive(Debug)]
pub enum AuthorizationVerdict {
    /// It answered to our redirect URI, with this error: so it knows the client and the URI. `login_required` and its like
    /// are the right ones; None is no error at all.
    Answered(Option<AuthorizationErrorCode>),
    /// It refused the request, and answered as it should to the same request without `offline_access`. Core 1.0 §11 has
    /// providers ignore that scope where no consent can be asked for; some refuse the request.
    AnsweredWithoutOfflineAccess,
    /// It showed a page with this status instead, as it has to where client or redirect URI are not known (RFC 6749
    /// §4.1.2.1).
    Refused(u16),
    /// It did something else, with this status, which tells nothing.
    Unclear(u16),
    /// It did not answer.
    Away(HttpError),
    /// The request was pushed first, and not taken (RFC 9126 §2.3).
    NotPushed(AuthorizationRequestError),
}

impl AuthorizationVerdict {
    fn is_as_it_should_be(&self) -> bool {
        match self {
            Self::Answered(error) => error.is_none_or(|error| error.fault() == Fault::Person),
            _ => false,
        }
    }
}

/// Sends an authorization request as a browser without cookies would, and follows nothing. A refusal that may be due to
/// `offline_access` is tried without it.
pub(super) async fn probe(inner: &Inner, metadata: &ProviderMetadata) -> AuthorizationVerdict {
    let verdict = ask(inner, metadata, &inner.registration).await;
    if verdict.is_as_it_should_be() || !inner.registration.asks_for_offline_access() {
        return verdict;
    }
    let without = ask(inner, metadata, &inner.registration.without_offline_access()).await;
    if without.is_as_it_should_be() {
        AuthorizationVerdict::AnsweredWithoutOfflineAccess
    } else {
        verdict
    }
}

async fn ask(inner: &Inner, metadata: &ProviderMetadata, registration: &Registration) -> AuthorizationVerdict {
    let made_up = AuthorizationParameters {
        state: "bff-doctor".to_owned(),
        nonce: "bff-doctor".into(),
        code_verifier: MADE_UP_VERIFIER.into(),
        prompt: Some(Prompt::None),
        wanted: AuthenticationWanted::default(),
        expected: None,
        dpop_key: None,
    };
    let address = match authorization_request::address_for(inner, metadata, registration, &made_up).await {
        Ok(address) => address,
        Err(error) => return AuthorizationVerdict::NotPushed(error),
    };
    let html = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("text/html"))]);
    let answer = match inner
        .http
        .send(inner.http.get(&address).headers(html), SIZE_LIMIT)
        .await
    {
        Ok(answer) => answer,
        Err(error) => return AuthorizationVerdict::Away(error),
    };
    let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let target = location.and_then(|location| address.join(location).ok());
    match target {
        Some(target) if answer.status.is_redirection() && is_ours(&target, &inner.registration.redirect_uri) => {
            let mut parameters = target.query_pairs();
            let error = parameters.find(|(name, _)| name == "error");
            AuthorizationVerdict::Answered(error.map(|(_, code)| AuthorizationErrorCode::from_parameter(&code)))
        }
        _ if answer.status.is_client_error() => AuthorizationVerdict::Refused(answer.status.as_u16()),
        _ => AuthorizationVerdict::Unclear(answer.status.as_u16()),
    }
}

fn is_ours(target: &Url, redirect_uri: &Url) -> bool {
    target.origin() == redirect_uri.origin() && target.path() == redirect_uri.path()
}
