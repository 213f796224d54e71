//! The `UserInfo` endpoint (Core §5.3).

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    calls::Call,
    faults::{Document, edit},
    grants::{Grant, Holder},
    oauth_error::OAuthError,
    state::{ProviderState, Shared},
};

/// `GET` or `POST /userinfo`, with the access token in the `Authorization` header and nowhere else (RFC 6750 §2.1).
pub(crate) async fn userinfo(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    if call.parameter("access_token").is_some() {
        let description = "the access token belongs in the Authorization header";
        return OAuthError::new("invalid_request", description).into_response();
    }
    let now = provider.clock.seconds();
    let holder = bearer(&call).and_then(|token| provider.grants.access_token(token, now));
    match holder {
        // Of the client itself there is nothing to tell.
        Some(Holder::Person(grant)) => {
            let mut claims = claims(&provider, &grant);
            edit(&provider.faults, Document::Userinfo, &mut claims);
            Json(Value::Object(claims)).into_response()
        }
        _ => OAuthError::invalid_token("no access token, or one that is not good any more").into_response(),
    }
}

/// The access token that came in the header.
pub(crate) fn bearer(call: &Call) -> Option<&str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The person's claims that the granted scopes cover.
fn claims(provider: &ProviderState, grant: &Grant) -> Map<String, Value> {
    let person = provider.person(&grant.username);
    let all = person.map(|person| &person.claims).into_iter().flatten();
    let granted = all.filter(|(name, _)| grant.has_scope(scope_of(name)));
    let mut claims: Map<String, Value> = granted.map(|(name, value)| (name.clone(), value.clone())).collect();
    claims.insert("sub".to_owned(), json!(grant.subject));
    claims
}

/// The scope that asks for a claim (Core §5.4). What the specification does not name, `roles` for one, is part of the profile.
fn scope_of(claim: &str) -> &'static str {
    match claim {
        "sub" => "openid",
        "email" | "email_verified" => "email",
        "phone_number" | "phone_number_verified" => "phone",
        "address" => "address",
        _ => "profile",
    }
}
