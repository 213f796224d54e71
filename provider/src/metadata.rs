//! Provider metadata (Discovery 1.0 §3, §4.2).

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use serde_json::{Map, Value, json};

use crate::{
    calls::Endpoint,
    faults::{Document, edit},
    grants::SCOPES,
    settings::{Dpop, PushedAuthorizationRequests},
    state::{ProviderState, Shared},
    token::client_authentication::assertion::ALGORITHMS,
};

/// The claims that an ID Token or userinfo can have for every person.
const PROTOCOL_CLAIMS: [&str; 8] = ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "sid"];

/// Every method there is. Which one a client uses is a matter of its registration.
const METHODS: [&str; 4] = [
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "tls_client_auth",
];

/// `GET /.well-known/openid-configuration`.
pub(crate) async fn metadata(State(provider): State<Shared>) -> Json<Value> {
    let mut metadata = members(&provider);
    edit(&provider.faults, Document::Metadata, &mut metadata);
    Json(Value::Object(metadata))
}

// Written as JSON and not with openidconnect's `ProviderMetadata`: that has no member for RFC 9207 or logout without
// an extension type for each, and a fault has to be able to set any member to anything.
fn members(provider: &ProviderState) -> Map<String, Value> {
    let address = |endpoint: Endpoint| format!("{}{}", provider.base(), endpoint.path());
    let metadata = json!({
        "issuer": provider.issuer,
        "authorization_endpoint": address(Endpoint::Authorization),
        "token_endpoint": address(Endpoint::Token),
        "userinfo_endpoint": address(Endpoint::Userinfo),
        "jwks_uri": address(Endpoint::Jwks),
        "end_session_endpoint": address(Endpoint::EndSession),
        "revocation_endpoint": address(Endpoint::Revocation),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "scopes_supported": SCOPES,
        "claims_supported": claims(provider),
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "tls_client_certificate_bound_access_tokens": provider.settings.certificate_bound_access_tokens
    });
    let Value::Object(mut metadata) = metadata else {
        return Map::new();
    };
    if provider.settings.pushed_authorization_requests != PushedAuthorizationRequests::NotOffered {
        let required = provider.settings.pushed_authorization_requests == PushedAuthorizationRequests::Required;
        metadata.extend([
            (
                "pushed_authorization_request_endpoint".to_owned(),
                json!(address(Endpoint::PushedAuthorizationRequest)),
            ),
            ("require_pushed_authorization_requests".to_owned(), json!(required)),
        ]);
    }
    if provider.settings.dpop != Dpop::NotOffered {
        metadata.insert("dpop_signing_alg_values_supported".to_owned(), json!(["ES256"]));
    }
    metadata
}

fn claims(provider: &ProviderState) -> BTreeSet<&str> {
    let of_people = provider.settings.people.iter().flat_map(|person| person.claims.keys());
    PROTOCOL_CLAIMS
        .into_iter()
        .chain(of_people.map(String::as_str))
        .collect()
}
