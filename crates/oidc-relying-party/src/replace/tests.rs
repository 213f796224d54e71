use crate::{
    Credentials, RegistrationError, RelyingParty,
    replace::ReplaceError,
    tests::{
        answerer::Reply,
        client_key::{ED25519, P256, keys},
        provider::{Provider, metadata},
    },
};
use serde_json::json;

const METADATA: &str = "/.well-known/openid-configuration";

fn gives_tokens(provider: &Provider) {
    let response = json!({ "access_token": "own", "token_type": "Bearer", "expires_in": 60 });
    provider.set("/token", Reply::json(&response));
}

/// The value of `Authorization` in a token request.
async fn shown(provider: &Provider, relying_party: &RelyingParty) -> String {
    relying_party.client_credentials(None, false).await.expect("a token");
    let call = provider.calls("/token").pop().expect("a token request");
    call.headers.get("authorization").expect("credentials").clone()
}

/// TOK-03
#[tokio::test]
async fn all_clones_authenticate_with_the_new_secret() {
    let provider = Provider::start().await;
    gives_tokens(&provider);
    let relying_party = provider.relying_party();
    let clone = relying_party.clone();
    let before = shown(&provider, &clone).await;
    relying_party.replace("another".into(), None).await.expect("replaced");
    let after = shown(&provider, &clone).await;
    assert_ne!(before, after);
    assert_eq!(after, shown(&provider, &relying_party).await);
}

#[tokio::test]
async fn credentials_that_no_provider_takes_are_refused_and_those_of_before_stay() {
    let provider = Provider::start().await;
    gives_tokens(&provider);
    let relying_party = provider.relying_party();
    let before = shown(&provider, &relying_party).await;
    let refused = relying_party.replace(Credentials::default(), None).await;
    assert!(matches!(
        refused,
        Err(ReplaceError::Registration(RegistrationError::Credentials))
    ));
    // This provider supports no method that uses a key.
    let refused = relying_party.replace(keys(&[&P256]).into(), None).await;
    assert!(matches!(refused, Err(ReplaceError::Discovery(_))), "{refused:?}");
    assert_eq!(shown(&provider, &relying_party).await, before);
}

#[tokio::test]
async fn while_the_provider_is_away_new_credentials_go_with_its_metadata_of_before() {
    let provider = Provider::start().await;
    gives_tokens(&provider);
    let relying_party = provider.relying_party();
    let before = shown(&provider, &relying_party).await;
    provider.set(METADATA, Reply::new(503, "text/html", ""));
    relying_party.replace("another".into(), None).await.expect("replaced");
    assert_ne!(shown(&provider, &relying_party).await, before);
}

/// TOK-04
#[tokio::test]
async fn a_key_of_another_kind_signs_with_its_own_algorithm() {
    let provider = Provider::start().await;
    gives_tokens(&provider);
    let mut document = metadata(provider.issuer());
    document["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
    provider.set(METADATA, Reply::json(&document));
    let relying_party = provider.relying_party_with(|registration| registration.credentials = keys(&[&P256]).into());
    for _ in 0..2 {
        relying_party.client_credentials(None, false).await.expect("a token");
        relying_party
            .replace(keys(&[&ED25519]).into(), None)
            .await
            .expect("replaced");
    }
    let calls = provider.calls("/token");
    let algorithm = |at: usize| {
        let form = calls[at].form();
        let (_, assertion) = form
            .iter()
            .find(|(name, _)| name == "client_assertion")
            .expect("an assertion");
        assertion.split('.').next().expect("a header").to_owned()
    };
    assert_ne!(algorithm(0), algorithm(1));
}
