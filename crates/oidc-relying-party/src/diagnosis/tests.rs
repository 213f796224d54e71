use std::sync::Arc;

use ::provider::{Answer, Client, Endpoint, Fault, Provider, Settings};
use serde_json::json;
use time::Duration;
use url::Url;

use super::*;
use crate::RelyingParty;
use bff_clock::SystemClock;

const CALLBACK: &str = "http://localhost:3000/auth/callback";

/// A provider with these faults, and the diagnosis of it by a client whose registration is changed.
async fn diagnosis(faults: Vec<Fault>, change: impl FnOnce(&mut Registration)) -> (Provider, Diagnosis) {
    let client = Client::new("client", CALLBACK, "http://localhost:3000/signed-out");
    let provider = Provider::start(Settings::new(client.clone()))
        .await
        .expect("a provider");
    let url = |text: &str| Url::parse(text).expect("a URL");
    let mut registration = Registration {
        http_loopback: true,
        ..Registration::new(
            provider.issuer().to_owned(),
            client.id,
            SecretString::from(client.secret).into(),
            url(CALLBACK),
            url("http://localhost:3000/signed-out"),
        )
    };
    change(&mut registration);
    for fault in faults {
        provider.inject(fault);
    }
    let relying_party = RelyingParty::new(registration, Arc::new(SystemClock)).expect("a relying party");
    let diagnosis = relying_party.diagnose().await;
    (provider, diagnosis)
}

fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
    let problems = diagnosis.metadata.as_ref().err();
    problems.into_iter().flatten().map(DiscoveryError::code).collect()
}

#[tokio::test]
async fn a_provider_that_fits_is_asked_four_times_and_nothing_is_wrong() {
    let (provider, diagnosis) = diagnosis(Vec::new(), |_| {}).await;
    assert_eq!(codes(&diagnosis), [""; 0]);
    let offset = diagnosis.clock_offset.expect("a clock");
    assert!(offset.abs() < Duration::seconds(3), "{offset}");
    let probes = diagnosis.probes.expect("probes");
    assert_eq!(probes.keys.expect("keys").usable, 1);
    assert!(matches!(probes.credentials, CredentialsVerdict::Accepted));
    let AuthorizationVerdict::Answered(Some(code)) = probes.authorization else {
        panic!("{:?}", probes.authorization);
    };
    assert_eq!(code.name(), "login_required");
    let asked: Vec<Endpoint> = provider.calls().iter().map(|call| call.endpoint).collect();
    assert_eq!(
        asked,
        [
            Endpoint::Metadata,
            Endpoint::Jwks,
            Endpoint::Token,
            Endpoint::Authorization
        ]
    );
}

#[tokio::test]
async fn all_that_is_wrong_with_the_metadata_is_said_and_the_secret_is_kept() {
    let faults = vec![
        Fault::MetadataMember("issuer", json!("https://op.example/")),
        Fault::MetadataWithoutMember("code_challenge_methods_supported"),
        Fault::MetadataMember("token_endpoint_auth_methods_supported", json!(["tls_client_auth"])),
        Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["ES256"])),
        Fault::MetadataWithoutMember("token_endpoint"),
    ];
    let (provider, diagnosis) = diagnosis(faults, |_| {}).await;
    assert_eq!(
        codes(&diagnosis),
        [
            "metadata_issuer",
            "metadata_code_challenge_method",
            "metadata_client_authentication",
            "metadata_endpoint",
        ]
    );
    assert_eq!(diagnosis.named_issuer(), Some("https://op.example/"));
    assert!(diagnosis.issuer_differences.contains(&IssuerDifference::SlashAdded));
    assert!(diagnosis.probes.is_none());
    assert_eq!(provider.calls().len(), 1, "only the metadata is read");
}

#[tokio::test]
async fn missing_registrations_are_told_apart() {
    let (_provider, found) = diagnosis(Vec::new(), |ours| {
        ours.credentials = SecretString::from("another").into();
    })
    .await;
    let probes = found.probes.expect("probes");
    assert!(matches!(probes.credentials, CredentialsVerdict::Refused));
    assert!(matches!(probes.authorization, AuthorizationVerdict::Answered(_)));

    let elsewhere = Url::parse("http://localhost:3000/elsewhere").expect("a URL");
    let (_provider, found) = diagnosis(Vec::new(), |ours| ours.redirect_uri = elsewhere).await;
    let probes = found.probes.expect("probes");
    assert!(matches!(probes.credentials, CredentialsVerdict::Accepted));
    assert!(matches!(probes.authorization, AuthorizationVerdict::Refused(400)));
}

#[tokio::test]
async fn an_answer_that_tells_nothing_is_taken_for_nothing() {
    let sign_in_page = Answer::new(200, "text/html", "<h1>Sign in</h1>");
    let elsewhere = Answer::empty(302).with_header("location", "https://op.example/error?error=login_required");
    for page in [sign_in_page, elsewhere] {
        let faults = vec![
            Fault::Answer(Endpoint::Authorization, page),
            Fault::Answer(Endpoint::Token, Answer::error(400, "invalid_request")),
        ];
        let (_provider, found) = diagnosis(faults, |_| {}).await;
        let probes = found.probes.expect("probes");
        assert!(matches!(probes.credentials, CredentialsVerdict::Unclear(_)));
        assert!(matches!(probes.authorization, AuthorizationVerdict::Unclear(_)));
    }
}
