use serde_json::json;

use super::*;
use crate::{
    RelyingParty,
    tests::{
        answerer::Reply,
        provider::{ACCESS_TOKEN, CLIENT_SECRET, NONCE, Provider, REFRESH_TOKEN, claims, now, token_response},
        signing_key::{OTHER_RSA, RSA, jwk, jws, rs256},
    },
};

mod same_login;
mod verdict;

const SENT: &str = "canary-sent-refresh-token";
const AUTH_TIME: i64 = 1_799_990_000;

/// The claims of the login's ID Token, which has long expired.
fn before(issuer: &str) -> Value {
    let mut before = claims(issuer);
    let past = now().unix_timestamp() - 86_400;
    before["iat"] = json!(past);
    before["exp"] = json!(past + 300);
    before["auth_time"] = json!(AUTH_TIME);
    before
}

/// The claims of a valid ID Token from a refresh.
fn after(issuer: &str) -> Value {
    let mut after = claims(issuer);
    after["auth_time"] = json!(AUTH_TIME);
    after.as_object_mut().expect("an object").remove("nonce");
    after
}

async fn refreshed_from(relying_party: &RelyingParty, before: &Value) -> Result<RefreshedTokens, RefreshError> {
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &jws(&*RSA, &rs256(), before).into(),
        scope: "openid email",
        dpop_key: None,
        authenticated_at: None,
    };
    relying_party.refresh(request).await
}

async fn refreshed(provider: &Provider, relying_party: &RelyingParty) -> Result<RefreshedTokens, RefreshError> {
    refreshed_from(relying_party, &before(provider.issuer())).await
}

fn issue(provider: &Provider, claims: &Value) {
    provider.issue(&jws(&*RSA, &rs256(), claims));
}

/// RT-01
#[tokio::test]
async fn the_request_is_authenticated_as_that_of_a_code_and_asks_for_no_scope() {
    use crate::ClientAuthentication::{ClientSecretBasic, ClientSecretPost};
    let provider = Provider::start().await;
    issue(&provider, &after(provider.issuer()));
    let own = [("grant_type", "refresh_token"), ("refresh_token", SENT)];
    let post = [("client_id", "client"), ("client_secret", CLIENT_SECRET)];
    for (method, credentials) in [(ClientSecretBasic, &[][..]), (ClientSecretPost, &post[..])] {
        let relying_party = provider.relying_party_with(|it| it.client_authentication = Some(method));
        refreshed(&provider, &relying_party).await.expect("tokens");
        let call = provider.calls("/token").pop().expect("a token request");
        let form: Vec<_> = own
            .iter()
            .chain(credentials)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(call.form(), form);
        let header = call.headers.contains_key("authorization");
        assert_eq!(header, method == ClientSecretBasic);
    }
}

/// RT-02
#[tokio::test]
async fn values_that_are_not_returned_stay_as_they_were() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    issue(&provider, &after(provider.issuer()));
    let rotated = refreshed(&provider, &relying_party).await.expect("tokens");
    assert_eq!(rotated.access_token.expose_secret(), ACCESS_TOKEN);
    let refresh_token = rotated.refresh_token.expect("a refresh token");
    assert_eq!(refresh_token.expose_secret(), REFRESH_TOKEN);
    assert_eq!(rotated.expires_at, Some(now() + time::Duration::seconds(300)));
    let id_token = rotated.id_token.expect("an ID Token");
    assert_eq!(Value::Object(id_token.claims), after(provider.issuer()));
    assert_eq!(id_token.sid.as_deref(), Some("session-1"));

    let least = json!({ "access_token": "a", "token_type": "bearer" });
    provider.set("/token", Reply::json(&least));
    let kept = refreshed(&provider, &relying_party).await.expect("tokens");
    assert!(kept.refresh_token.is_none() && kept.id_token.is_none());
    assert_eq!((kept.scope.as_str(), kept.expires_at), ("openid email", None));

    let narrowed = json!({ "access_token": "a", "token_type": "bearer", "scope": "openid" });
    provider.set("/token", Reply::json(&narrowed));
    let narrowed = refreshed(&provider, &relying_party).await.expect("tokens");
    assert_eq!(narrowed.scope, "openid");
}

/// RT-01
#[tokio::test]
async fn a_refresh_token_is_sent_to_its_own_issuer_only() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let error = refreshed_from(&relying_party, &before("https://other.example"))
        .await
        .expect_err("another issuer's");
    assert_eq!(
        (error.code(), error.verdict()),
        ("refresh_other_issuer", RefreshVerdict::Rejected)
    );
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &"no token".into(),
        scope: "openid",
        dpop_key: None,
        authenticated_at: None,
    };
    let error = relying_party.refresh(request).await.expect_err("no ID Token");
    assert_eq!(
        (error.code(), error.verdict()),
        ("refresh_previous_id_token", RefreshVerdict::Rejected)
    );
    assert_eq!(provider.calls("/token").len(), 0);
}

/// SES-13
#[tokio::test]
async fn no_token_stands_in_what_is_logged_of_a_refresh() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let id_token = jws(&*RSA, &rs256(), &after(provider.issuer()));
    provider.issue(&id_token);
    let request = RefreshRequest {
        refresh_token: &SENT.into(),
        id_token: &id_token.as_str().into(),
        scope: "openid",
        dpop_key: None,
        authenticated_at: None,
    };
    let mut shown = vec![format!("{request:?}")];
    let refreshed = refreshed(&provider, &relying_party).await.expect("tokens");
    shown.push(format!("{refreshed:?}"));
    let echo = json!({ "error": format!("{SENT} {id_token}"), "error_description": SENT });
    for reply in [
        Reply::new(400, "application/json", echo.to_string()),
        Reply::new(
            200,
            "application/json",
            format!("{{\"access_token\":\"{ACCESS_TOKEN}\","),
        ),
        Reply::json(&token_response(&format!("{id_token}A"))),
    ] {
        provider.set("/token", reply);
        let error = self::refreshed(&provider, &relying_party)
            .await
            .expect_err("a bad answer");
        shown.push(format!("{error} {error:?}"));
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
    for secret in [SENT, ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_SECRET, &id_token] {
        assert!(!shown.iter().any(|text| text.contains(secret)), "{secret} in {shown:?}");
    }
}
