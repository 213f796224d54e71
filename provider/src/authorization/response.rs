//! The authorization response: a redirect with `code` or `error`, `state` and `iss` (Core §3.1.2.5, RFC 9207).

use url::Url;

use super::request::{AuthorizationRequest, ResponseTarget};
use crate::{
    browser_session::BrowserSession,
    grants::{Grant, PendingGrant},
    random::random_value,
    state::ProviderState,
};

/// Issues a code to the person of that session and says where to take it.
pub(crate) fn code_response(provider: &ProviderState, request: &AuthorizationRequest, session: &BrowserSession) -> Url {
    let pending = PendingGrant {
        grant: Grant {
            id: random_value(),
            username: session.username.clone(),
            subject: provider.subject(&session.username).to_owned(),
            sid: session.sid.clone(),
            auth_time: session.auth_time,
            scope: request.scope.clone(),
        },
        redirect_uri: request.target.redirect_uri.clone(),
        nonce: request.nonce.clone(),
        code_challenge: request.code_challenge.clone(),
        dpop_jkt: request.dpop_jkt.clone(),
    };
    let now = provider.clock.seconds();
    let code = provider.grants.issue_code(pending, now, provider.settings.code_length);
    response(provider, &request.target, vec![("code", code)])
}

/// The redirect that reports an error to the client.
pub(crate) fn error_response(provider: &ProviderState, target: &ResponseTarget, error: &str, description: &str) -> Url {
    let parameters = vec![
        ("error", error.to_owned()),
        ("error_description", description.to_owned()),
    ];
    response(provider, target, parameters)
}

fn response(provider: &ProviderState, target: &ResponseTarget, mut parameters: Vec<(&'static str, String)>) -> Url {
    if let Some(state) = &target.state {
        parameters.push(("state", state.clone()));
    }
    parameters.push(("iss", provider.issuer.clone()));
    provider.faults.edit_authorization_response(&mut parameters);
    let mut location = Url::parse(&target.redirect_uri).expect("redirect URIs are checked at start");
    location.query_pairs_mut().extend_pairs(parameters);
    location
}
