//! The steps together, on a provider that does everything right but for what a test changes.

use serde_json::Value;

use super::*;
use answerer::Reply;
use provider::{
    ACCESS_TOKEN, CLIENT_SECRET, CODE, CODE_VERIFIER, NONCE, Provider, REFRESH_TOKEN, claims, grant, pending,
};
use signing_key::{OTHER_RSA, RSA, jwk, jws, rs256};

pub(crate) mod answerer;
pub(crate) mod client_key;
mod development_provider;
pub(crate) mod provider;
pub(crate) mod signing_key;

const METADATA: &str = "/.well-known/openid-configuration";

fn parameters() -> AuthorizationParameters {
    AuthorizationParameters {
        state: "state".to_owned(),
        nonce: NONCE.into(),
        code_verifier: CODE_VERIFIER.into(),
        prompt: None,
        wanted: AuthenticationWanted::default(),
        dpop_key: None,
    }
}

fn code() -> AuthorizationResponse {
    AuthorizationResponse::Code {
        code: CODE.into(),
        iss: None,
    }
}

#[tokio::test]
async fn a_login_goes_through_all_steps() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let address = relying_party
        .authorization_request(parameters())
        .await
        .expect("an address");
    assert!(
        address
            .as_str()
            .starts_with(&format!("{}/authorize?response_type=code&", provider.issuer()))
    );
    let grant = relying_party
        .accept(pending(provider.issuer()), code())
        .await
        .expect("a grant");
    let authentication = relying_party.redeem(grant).await.expect("an authentication");
    assert_eq!(authentication.issuer(), provider.issuer());
    assert_eq!(authentication.subject(), "alice");
    assert_eq!(authentication.sid(), Some("session-1"));
    assert_eq!(authentication.claims()["name"], "Alice");
    assert_eq!(authentication.claims()["email"], "alice@example.org", "from userinfo");
    assert!(!authentication.claims().contains_key("nonce"));
    assert_eq!(
        authentication.tokens().scope,
        "openid profile",
        "as asked for, because the response names none"
    );
    for path in [METADATA, "/jwks", "/token", "/userinfo"] {
        assert_eq!(provider.calls(path).len(), 1, "{path}");
    }
}

/// Each step can wait on any thread, as handlers do. Compiling this is the test.
#[expect(dead_code, reason = "never called")]
fn every_step_is_send(relying_party: &RelyingParty) {
    fn is_send(_: impl Send) {}
    let session = EndSession {
        id_token_hint: None,
        logout_hint: None,
        state: "",
    };
    is_send(relying_party.provider());
    is_send(relying_party.authorization_request(parameters()));
    is_send(relying_party.accept(pending(""), code()));
    is_send(relying_party.redeem(grant()));
    is_send(relying_party.userinfo(&provider::access_token(), ""));
    is_send(relying_party.end_session_request(session));
    is_send(relying_party.refresh(RefreshRequest {
        refresh_token: &"".into(),
        id_token: &"".into(),
        scope: "",
        dpop_key: None,
    }));
    is_send(relying_party.verify_logout_token(""));
    is_send(relying_party.revoke(&"".into(), TokenTypeHint::RefreshToken));
    is_send(relying_party.client_credentials(None, false));
}

#[tokio::test]
async fn tok_12_no_token_is_used_before_the_id_token_is_verified() {
    let provider = Provider::start().await;
    let mut replayed = claims(provider.issuer());
    replayed["nonce"] = json!("another login's");
    provider.issue(&jws(&*RSA, &rs256(), &replayed));
    let error = provider
        .relying_party()
        .redeem(grant())
        .await
        .expect_err("a wrong nonce");
    assert_eq!((error.code(), error.fault()), ("id_token_nonce", Fault::Provider));
    assert_eq!(provider.calls("/userinfo").len(), 0);
}

#[tokio::test]
async fn ui_02_userinfo_about_somebody_else_fails_the_login() {
    let provider = Provider::start().await;
    provider.set("/userinfo", Reply::json(&json!({ "sub": "aliceinvalid" })));
    let error = provider
        .relying_party()
        .redeem(grant())
        .await
        .expect_err("another subject");
    assert_eq!(error.code(), "userinfo_subject");

    provider.set("/userinfo", Reply::json(&json!({ "sub": "alice" })));
    let mut bob = claims(provider.issuer());
    bob["sub"] = json!("bob");
    provider.issue(&jws(&*RSA, &rs256(), &bob));
    let error = provider
        .relying_party()
        .redeem(grant())
        .await
        .expect_err("another subject");
    assert_eq!(error.code(), "userinfo_subject");
}

#[tokio::test]
async fn userinfo_is_left_out_where_it_is_switched_off_or_absent() {
    let provider = Provider::start().await;
    let switched_off = provider.relying_party_with(|registration| registration.userinfo = false);
    switched_off.redeem(grant()).await.expect("an authentication");

    let mut metadata = provider::metadata(provider.issuer());
    metadata["userinfo_endpoint"] = Value::Null;
    provider.set(METADATA, Reply::json(&metadata));
    let absent = provider.relying_party();
    absent.redeem(grant()).await.expect("an authentication");
    assert_eq!(provider.calls("/userinfo").len(), 0);
    let error = absent
        .userinfo(&provider::access_token(), "alice")
        .await
        .expect_err("no endpoint");
    assert_eq!(error.code(), "userinfo_no_endpoint");
}

#[tokio::test]
async fn disc_10_keys_that_rotate_between_two_logins_are_read_again() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    relying_party.redeem(grant()).await.expect("the first login");
    provider.publish(&json!([jwk(&*OTHER_RSA, json!({ "kid": "2" }))]));
    provider.issue(&jws(
        &*OTHER_RSA,
        &json!({ "alg": "RS256", "kid": "2" }),
        &claims(provider.issuer()),
    ));
    relying_party.redeem(grant()).await.expect("the second login");
    assert_eq!(provider.calls("/jwks").len(), 2);
}

#[tokio::test]
async fn disc_11_unknown_keys_are_asked_for_once_in_a_while() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let good = jws(&*RSA, &rs256(), &claims(provider.issuer()));
    for kid in 0..20 {
        provider.issue(&jws(
            &*RSA,
            &json!({ "alg": "RS256", "kid": format!("made up {kid}") }),
            &json!({}),
        ));
        let error = relying_party.redeem(grant()).await.expect_err("an unknown key");
        assert_eq!(error.code(), "id_token_unknown_key");
    }
    assert_eq!(provider.calls("/jwks").len(), 2, "the first reading and one more");
    provider.issue(&good);
    relying_party.redeem(grant()).await.expect("the known key still works");
}

#[tokio::test]
async fn disc_09_keys_that_a_token_brings_along_are_never_used() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let key = jwk(&*OTHER_RSA, json!({ "kid": "1" }));
    provider.set("/attacker", Reply::json(&json!({ "keys": [key] })));
    let attacker = format!("{}/attacker", provider.issuer());
    for header in [
        json!({ "alg": "RS256", "kid": "1", "jwk": key }),
        json!({ "alg": "RS256", "jwk": key }),
        json!({ "alg": "RS256", "kid": "1", "jku": attacker }),
        json!({ "alg": "RS256", "kid": "1", "x5u": attacker, "x5c": ["AAAA"] }),
    ] {
        provider.issue(&jws(&*OTHER_RSA, &header, &claims(provider.issuer())));
        let error = relying_party.redeem(grant()).await.expect_err("an attacker's key");
        assert_eq!(error.code(), "id_token_signature", "{header}");
    }
    assert_eq!(provider.calls("/attacker").len(), 0);
}

#[tokio::test]
async fn a_provider_that_comes_back_is_noticed_after_the_back_off() {
    let provider = Provider::start().await;
    let good = Reply::json(&provider::metadata(provider.issuer()));
    provider.set(METADATA, Reply::new(503, "text/html", "maintenance"));
    let relying_party = provider.relying_party();
    for _ in 0..5 {
        let error = relying_party
            .authorization_request(parameters())
            .await
            .expect_err("the provider is away");
        assert_eq!((error.code(), error.fault()), ("metadata_status", Fault::Unavailable));
    }
    assert_eq!(provider.calls(METADATA).len(), 1, "one attempt within the back-off");
    provider.set(METADATA, good);
    provider.clock.advance(std::time::Duration::from_secs(1));
    relying_party
        .authorization_request(parameters())
        .await
        .expect("an address");
}

#[tokio::test]
async fn disc_02_nobody_is_sent_to_a_provider_of_another_name() {
    let provider = Provider::start().await;
    let mut metadata = provider::metadata(provider.issuer());
    metadata["issuer"] = json!(format!("{}INVALID", provider.issuer()));
    provider.set(METADATA, Reply::json(&metadata));
    let relying_party = provider.relying_party();
    let error = relying_party
        .authorization_request(parameters())
        .await
        .expect_err("another issuer");
    assert_eq!(error.code(), "metadata_issuer");
    let error = relying_party.redeem(grant()).await.expect_err("another issuer");
    assert_eq!(error.code(), "metadata_issuer");
    assert_eq!(provider.calls("/token").len(), 0);
}

#[tokio::test]
async fn many_first_logins_read_the_metadata_once() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let logins: Vec<_> = (0..50)
        .map(|_| {
            let relying_party = relying_party.clone();
            tokio::spawn(async move { relying_party.authorization_request(parameters()).await.map(drop) })
        })
        .collect();
    for login in logins {
        login.await.expect("a task").expect("an address");
    }
    assert_eq!(provider.calls(METADATA).len(), 1);
}

#[tokio::test]
async fn the_providers_origins_are_known_before_and_after_its_metadata() {
    let provider = Provider::start().await;
    let mut metadata = provider::metadata(provider.issuer());
    metadata["authorization_endpoint"] = json!("https://login.example.org/authorize");
    provider.set(METADATA, Reply::json(&metadata));
    let relying_party = provider.relying_party();
    assert_eq!(&*relying_party.provider_origins(), provider.issuer());
    assert_eq!(
        provider.calls(METADATA).len(),
        0,
        "asking for the origins reads nothing"
    );
    relying_party.provider().await.expect("metadata");
    assert_eq!(
        &*relying_party.provider_origins(),
        format!("{} https://login.example.org", provider.issuer())
    );
}

#[tokio::test]
async fn ses_13_no_secret_stands_in_what_is_logged() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let id_token = jws(&*RSA, &rs256(), &claims(provider.issuer()));
    let grant = relying_party
        .accept(pending(provider.issuer()), code())
        .await
        .expect("a grant");
    let mut shown = vec![
        format!("{relying_party:?}"),
        format!("{:?} {:?} {grant:?}", parameters(), pending("issuer")),
    ];
    let authentication = relying_party.redeem(grant).await.expect("an authentication");
    let hint = id_token.as_str().into();
    let session = EndSession {
        id_token_hint: Some(&hint),
        logout_hint: None,
        state: "state",
    };
    shown.push(format!("{authentication:?} {session:?}"));
    let end_session = relying_party.end_session_request(session).await.expect("a request");
    shown.push(format!("{end_session:?}"));
    for reply in echoes(&id_token) {
        provider.set("/token", reply);
        let error = relying_party.redeem(provider::grant()).await.expect_err("a bad answer");
        shown.push(format!("{error} {error:?}"));
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
    for secret in [
        CLIENT_SECRET,
        CODE,
        NONCE,
        CODE_VERIFIER,
        ACCESS_TOKEN,
        REFRESH_TOKEN,
        &id_token,
    ] {
        assert!(!shown.iter().any(|text| text.contains(secret)), "{secret} in {shown:?}");
    }
}

/// Answers of a provider that sends back what it got, where it should not.
fn echoes(id_token: &str) -> [Reply; 6] {
    let echo = format!("{CODE} {CODE_VERIFIER} {CLIENT_SECRET} {ACCESS_TOKEN} {id_token}");
    let errors = json!({ "error": echo, "error_description": echo });
    let types = json!({ "access_token": ACCESS_TOKEN, "token_type": ACCESS_TOKEN, "id_token": id_token });
    [
        Reply::new(
            200,
            "application/json",
            format!("{{\"access_token\":\"{ACCESS_TOKEN}\","),
        ),
        Reply::new(200, &format!("text/{ACCESS_TOKEN}"), echo),
        Reply::new(400, "application/json", errors.to_string()),
        Reply::json(&types),
        Reply::json(&provider::token_response(&format!("{id_token}.{id_token}"))),
        Reply::json(&provider::token_response(&format!("{id_token}A"))),
    ]
}
