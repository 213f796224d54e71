use std::collections::BTreeMap;

use super::*;
use crate::{
    RelyingParty,
    tests::{
        answerer::Reply,
        provider::{CODE_VERIFIER, NONCE, Provider, metadata},
    },
};

async fn request(relying_party: RelyingParty, prompt: Option<Prompt>) -> Url {
    let parameters = AuthorizationParameters {
        state: "a state&=".to_owned(),
        nonce: NONCE.into(),
        code_verifier: CODE_VERIFIER.into(),
        prompt,
        wanted: AuthenticationWanted::default(),
        expected: None,
        dpop_key: None,
    };
    relying_party
        .authorization_request(parameters)
        .await
        .expect("an address")
}

/// AUTHZ-01, AUTHZ-02
#[tokio::test]
async fn the_request_has_exactly_these_parameters() {
    let provider = Provider::start().await;
    let address = request(provider.relying_party(), None).await;
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    let parameters: BTreeMap<_, _> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(pairs.len(), parameters.len(), "no parameter twice");
    let challenge = code_challenge(&CODE_VERIFIER.into());
    let expected = BTreeMap::from([
        ("response_type", "code"),
        ("client_id", "client"),
        ("redirect_uri", "http://localhost:3000/auth/callback"),
        ("scope", "openid profile"),
        ("state", "a state&="),
        ("nonce", NONCE),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    assert_eq!(parameters, expected);
    assert!(!address.as_str().contains(CODE_VERIFIER));
}

/// AUTHZ-05
///
/// The part of the address that no request changes is put together once.
#[tokio::test]
async fn nothing_of_a_request_stays_in_the_next_one() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party_with(|it| {
        it.authorization_parameters = vec![("audience".to_owned(), "one & two".to_owned())];
    });
    let first = request(relying_party.clone(), Some(Prompt::Login)).await;
    let second = request(relying_party, None).await;
    let count = |address: &Url, name: &str| address.query_pairs().filter(|(found, _)| found == name).count();
    for name in [
        "response_type",
        "client_id",
        "scope",
        "audience",
        "state",
        "nonce",
        "code_challenge",
    ] {
        assert_eq!((count(&first, name), count(&second, name)), (1, 1), "{name}");
    }
    assert_eq!((count(&first, "prompt"), count(&second, "prompt")), (1, 0));
    assert!(
        second
            .query_pairs()
            .any(|pair| pair == ("audience".into(), "one & two".into()))
    );
}

/// AUTHZ-08
#[tokio::test]
async fn a_prompt_is_one_of_the_specifications() {
    let provider = Provider::start().await;
    for (prompt, value) in [
        (Prompt::None, "none"),
        (Prompt::Login, "login"),
        (Prompt::Consent, "consent"),
        (Prompt::SelectAccount, "select_account"),
    ] {
        let address = request(provider.relying_party(), Some(prompt)).await;
        assert!(
            address
                .query_pairs()
                .any(|(name, sent)| name == "prompt" && sent == value),
            "{value}"
        );
    }
}

#[tokio::test]
async fn consent_is_asked_for_where_offline_access_needs_it() {
    let provider = Provider::start().await;
    let offline = || provider.relying_party_with(|it| it.scopes.push("offline_access".to_owned()));
    let sent = async |relying_party, wanted| {
        let address = request(relying_party, wanted).await;
        let prompts: Vec<_> = address.query_pairs().filter(|(name, _)| name == "prompt").collect();
        assert!(prompts.len() <= 1, "no parameter twice");
        prompts.first().map(|(_, value)| value.clone().into_owned())
    };
    for (wanted, value) in [
        (None, "consent"),
        (Some(Prompt::Consent), "consent"),
        (Some(Prompt::Login), "login consent"),
        (Some(Prompt::SelectAccount), "select_account consent"),
        (Some(Prompt::None), "none"),
    ] {
        assert_eq!(sent(offline(), wanted).await.as_deref(), Some(value));
    }
    let switched_off = provider.relying_party_with(|it| {
        it.scopes.push("offline_access".to_owned());
        it.offline_access_prompt = false;
    });
    assert_eq!(sent(switched_off, None).await, None);
    let mut document = metadata(provider.issuer());
    document["prompt_values_supported"] = serde_json::json!(["none", "login"]);
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    assert_eq!(
        sent(offline(), None).await,
        None,
        "the provider does not list this prompt"
    );
}

#[tokio::test]
async fn the_endpoints_own_query_is_kept() {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document["authorization_endpoint"] = format!("{}/authorize?tenant=7", provider.issuer()).into();
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    let address = request(provider.relying_party(), None).await;
    assert!(address.as_str().contains("/authorize?tenant=7&response_type=code&"));
}

/// AUTHZ-04
#[test]
fn the_challenge_is_that_of_rfc_7636_appendix_b() {
    let challenge = code_challenge(&"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

/// AUTHZ-11
#[tokio::test]
async fn a_hint_stands_in_an_address_unless_it_is_a_token() {
    let provider = Provider::start().await;
    for (hint, sent) in [
        (PersonHint::Login("alice & co".to_owned()), Some("alice & co")),
        (PersonHint::IdToken("an.id.token".into()), None),
    ] {
        let parameters = AuthorizationParameters {
            expected: Some(hint),
            ..crate::tests::parameters()
        };
        let address = provider.relying_party().authorization_request(parameters).await;
        let address = address.expect("an address");
        let hints: Vec<_> = address
            .query_pairs()
            .filter(|(name, _)| name.ends_with("_hint"))
            .collect();
        assert_eq!(hints.iter().map(|(_, value)| &**value).next(), sent);
        assert!(hints.iter().all(|(name, _)| name == "login_hint"), "{address}");
    }
}

/// AUTHZ-11
#[tokio::test]
async fn max_age_is_sent_in_seconds_where_it_is_wanted() {
    let provider = Provider::start().await;
    for max_age in [Some(300), Some(0), None] {
        let parameters = AuthorizationParameters {
            state: "state".to_owned(),
            nonce: NONCE.into(),
            code_verifier: CODE_VERIFIER.into(),
            prompt: None,
            wanted: AuthenticationWanted {
                max_age,
                ..AuthenticationWanted::default()
            },
            expected: None,
            dpop_key: None,
        };
        let address = provider.relying_party().authorization_request(parameters).await;
        let address = address.expect("an address");
        let sent: Vec<_> = address
            .query_pairs()
            .filter(|(name, _)| name == "max_age")
            .map(|(_, value)| value.into_owned())
            .collect();
        assert_eq!(sent, Vec::from_iter(max_age.map(|seconds: u64| seconds.to_string())));
    }
}
