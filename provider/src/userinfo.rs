//! The `UserInfo` endpoint (Core §5.3).

use axum::{
    Extension, Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    calls::Call,
    dpop::{Refusal, holder, with_nonce},
    faults::{Document, edit},
    grants::{Grant, Holder},
    oauth_error::OAuthError,
    records::Side,
    signature::{algorithm, named_key, sign},
    state::{ProviderState, Shared},
};

/// `GET` or `POST /userinfo`, with the access token in the `Authorization` header and nowhere else (RFC 6750 §2.1).
pub(crate) async fn userinfo(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    if call.parameter("access_token").is_some() {
        let description = "the access token belongs in the Authorization header";
        return OAuthError::new("invalid_request", description).into_response();
    }
    let response = match holder(&provider, &call, Side::Provider) {
        // A token of the client itself has no person to tell of.
        Ok(Holder::Person(grant)) => {
            let mut claims = claims(&provider, &grant);
            let is_signed = provider.faults.userinfo_is_signed();
            if is_signed {
                claims.insert("iss".to_owned(), json!(provider.issuer));
                claims.insert("aud".to_owned(), json!(provider.settings.client.id));
            }
            edit(&provider.faults, Document::Userinfo, &mut claims);
            if is_signed {
                signed(&provider, claims)
            } else {
                Json(Value::Object(claims)).into_response()
            }
        }
        Err(refusal @ Refusal::Proof(_)) => refusal.into_response(),
        _ => OAuthError::invalid_token("no access token, or one that is not good any more").into_response(),
    };
    with_nonce(&provider, &call, Side::Provider, response)
}

/// As a JWS, signed well or as a fault has it.
fn signed(provider: &ProviderState, claims: Map<String, Value>) -> Response {
    let fault = provider.faults.userinfo_signature();
    let fault = fault.as_ref();
    let algorithm = algorithm(fault);
    let header = json!({ "alg": algorithm, "kid": named_key(provider, fault).kid() });
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let signing_input = format!("{}.{}", part(header), part(Value::Object(claims)));
    let jws = sign(provider, fault, &algorithm, &signing_input);
    ([(header::CONTENT_TYPE, "application/jwt")], jws).into_response()
}

/// The person's claims that the granted scopes cover.
fn claims(provider: &ProviderState, grant: &Grant) -> Map<String, Value> {
    let person = provider.person(&grant.username);
    let mut claims = person.map(|person| provider.claims(person)).unwrap_or_default();
    claims.retain(|name, _| grant.has_scope(scope_of(name)));
    claims.insert("sub".to_owned(), json!(grant.subject));
    claims
}

/// The scope that asks for a claim (Core §5.4). Claims that the specification does not name, such as `roles`, are part of
/// the profile.
fn scope_of(claim: &str) -> &'static str {
    match claim {
        "sub" => "openid",
        "email" | "email_verified" => "email",
        "phone_number" | "phone_number_verified" => "phone",
        "address" => "address",
        _ => "profile",
    }
}
