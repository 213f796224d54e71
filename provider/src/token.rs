//! The token endpoint (Core §3.1.3, §12).

pub(crate) mod client_authentication;
mod client_credentials_grant;
mod code_grant;
mod refresh_grant;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    calls::Call,
    dpop::{CERTIFICATE, ProofRefusal, thumbprint, with_nonce},
    faults::{Document, edit},
    grants::{AccessToken, Binding, Grant, Holder},
    id_token::id_token,
    oauth_error::OAuthError,
    parameters::Parameters,
    records::Side,
    settings::Dpop,
    state::{ProviderState, Shared},
};

/// The tokens that a token request earns.
#[derive(Debug)]
enum Redeemed {
    /// A login's first tokens, with the nonce of its authorization request.
    Code { grant: Grant, nonce: String },
    /// A login's next tokens. An ID Token among them has no nonce (Core §12.2).
    RefreshToken(Grant),
    /// A token of the client's own, with these scopes.
    ClientCredentials(Vec<String>),
}

/// `POST /token`.
pub(crate) async fn token(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let response = match redeem(&provider, &call) {
        Ok((redeemed, binding)) => {
            let mut response = issue(&provider, redeemed, binding);
            edit(&provider.faults, Document::Token, &mut response);
            Json(Value::Object(response)).into_response()
        }
        Err(error) => error.into_response(),
    };
    with_nonce(&provider, &call, Side::Provider, response)
}

/// The binding of the tokens of a request: a key before a certificate, because its proof is there for that alone.
fn binding(provider: &ProviderState, call: &Call, jkt: Option<String>) -> Binding {
    let certificate = call
        .header(CERTIFICATE)
        .filter(|_| provider.settings.certificate_bound_access_tokens);
    match (jkt, certificate) {
        (Some(jkt), _) => Binding::Key(jkt),
        (None, Some(certificate)) => Binding::Certificate(certificate.to_owned()),
        (None, None) => Binding::Bearer,
    }
}

/// The key that the tokens of a request are to be bound to (RFC 9449 §5).
fn key(provider: &ProviderState, call: &Call) -> Result<Option<String>, OAuthError> {
    if provider.settings.dpop == Dpop::NotOffered {
        return Ok(None);
    }
    let refuse = |refusal: ProofRefusal| {
        let (error, description) = refusal.error();
        OAuthError::new(error, description)
    };
    let jkt = thumbprint(provider, call, Side::Provider, None).map_err(refuse)?;
    if jkt.is_none() && provider.settings.dpop == Dpop::Required {
        return Err(OAuthError::new("invalid_dpop_proof", "there is no proof"));
    }
    Ok(jkt)
}

fn redeem(provider: &ProviderState, call: &Call) -> Result<(Redeemed, Binding), OAuthError> {
    if !call.query.is_empty() {
        let description = "parameters belong in the body, where logs do not see them";
        return Err(OAuthError::new("invalid_request", description));
    }
    client_authentication::authenticate(provider, call)?;
    let parameters = Parameters(&call.form);
    let jkt = key(provider, call)?;
    let redeemed = match parameters.get("grant_type")? {
        Some("authorization_code") => code_grant::redeem(provider, &parameters, jkt.as_deref()),
        Some("refresh_token") => refresh_grant::redeem(provider, &parameters),
        Some("client_credentials") => client_credentials_grant::redeem(&parameters),
        _ => Err(OAuthError::new(
            "unsupported_grant_type",
            "grant_type has to be authorization_code, refresh_token or client_credentials",
        )),
    };
    Ok((redeemed?, binding(provider, call, jkt)))
}

/// A successful token response (RFC 6749 §4.4.3, §5.1, Core §3.1.3.3, §12.2).
fn issue(provider: &ProviderState, redeemed: Redeemed, binding: Binding) -> Map<String, Value> {
    match redeemed {
        Redeemed::Code { grant, nonce } => {
            let (access_token, mut response) =
                access_token(provider, &grant.scope, Holder::Person(grant.clone()), binding);
            let id_token = id_token(provider, &grant, Some(&nonce), &access_token);
            add_id_token(provider, &mut response, &id_token);
            if grant.has_scope("offline_access") {
                add_refresh_token(provider, &mut response, grant);
            }
            response
        }
        Redeemed::RefreshToken(grant) => {
            let (access_token, mut response) =
                access_token(provider, &grant.scope, Holder::Person(grant.clone()), binding);
            if provider.settings.refresh_id_token {
                let id_token = id_token(provider, &grant, None, &access_token);
                add_id_token(provider, &mut response, &id_token);
            }
            provider.grants.note_refresh(&grant.username);
            if provider.settings.rotate_refresh_tokens {
                add_refresh_token(provider, &mut response, grant);
            }
            response
        }
        Redeemed::ClientCredentials(scope) => access_token(provider, &scope, Holder::Client(scope.clone()), binding).1,
    }
}

/// An access token and the response that has it.
fn access_token(
    provider: &ProviderState,
    scope: &[String],
    holder: Holder,
    binding: Binding,
) -> (String, Map<String, Value>) {
    let token_type = match binding {
        Binding::Key(_) => "DPoP",
        Binding::Bearer | Binding::Certificate(_) => "Bearer",
    };
    let lifetime = provider.settings.access_token_lifetime.as_secs();
    let now = provider.clock.seconds();
    let access_token = provider
        .grants
        .issue_access_token(AccessToken { holder, binding }, now + lifetime, now);
    let response = Map::from_iter([
        ("access_token".to_owned(), json!(access_token)),
        ("token_type".to_owned(), json!(token_type)),
        ("expires_in".to_owned(), json!(lifetime)),
        ("scope".to_owned(), json!(scope.join(" "))),
    ]);
    (access_token, response)
}

fn add_id_token(provider: &ProviderState, response: &mut Map<String, Value>, id_token: &str) {
    provider.grants.note_issued(id_token);
    response.insert("id_token".to_owned(), json!(id_token));
}

fn add_refresh_token(provider: &ProviderState, response: &mut Map<String, Value>, grant: Grant) {
    let refresh_token = provider.grants.issue_refresh_token(grant);
    response.insert("refresh_token".to_owned(), json!(refresh_token));
}
