//! All steps together, with a provider that does everything right except for the fault that a test gives it. The tests
//! of one step are beside the code of that step.
//!
//! There are two providers. One is a script on a web server (`provider` on `answerer`, 339 lines): a test sets any answer. The other
//! is the development provider, which shares no code with it, so that both are not wrong in the same way.

use super::*;
use answerer::Reply;
use provider::{
    ACCESS_TOKEN, CLIENT_SECRET, CODE, CODE_VERIFIER, NONCE, Provider, REFRESH_TOKEN, claims, grant, pending,
};
use signing_key::{RSA, jws, rs256};

pub(crate) mod answerer;
pub(crate) mod client_key;
mod development_provider;
pub(crate) mod provider;
mod renewal;
pub(crate) mod signing_key;

pub(super) const METADATA: &str = "/.well-known/openid-configuration";

pub(super) fn parameters() -> AuthorizationParameters {
    AuthorizationParameters {
        state: "state".to_owned(),
        nonce: NONCE.into(),
        code_verifier: CODE_VERIFIER.into(),
        prompt: None,
        wanted: AuthenticationWanted::default(),
        expected: None,
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
        "the requested scope, because the response has none"
    );
    for path in [METADATA, "/jwks", "/token", "/userinfo"] {
        assert_eq!(provider.calls(path).len(), 1, "{path}");
    }
}

/// Handlers need futures that are `Send`. It is enough that this compiles.
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
        authenticated_at: None,
    }));
    is_send(relying_party.verify_logout_token(""));
    is_send(relying_party.revoke(&"".into(), TokenTypeHint::RefreshToken));
    is_send(relying_party.client_credentials(None, false));
}

/// SES-13
#[tokio::test]
async fn no_secret_stands_in_what_is_logged() {
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

/// Answers of a provider that repeats secrets of the request in places where they do not belong.
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
