//! Logins that are refused because the provider breaks the profile, and a provider that does not offer all of the
//! profile.

use super::setup::with_key;
use crate::leaks::Log;
use crate::rejection::{Reached, Refusal, is_rejected};
use axum::http::StatusCode;
use provider::{Endpoint, Fault, SignatureFault, SigningAlgorithm};
use serde_json::{Value, json};

/// CB-06, TOK-13, IDT-02
///
/// `fapi2-security-profile-final-client-test-remove-authorization-response-iss` and
/// `fapi2-security-profile-final-client-test-invalid-alternate-alg` under the profile, and an access token that is
/// bound to nothing.
#[tokio::test(flavor = "current_thread")]
async fn a_login_that_is_less_than_the_profile_is_refused() {
    let rs256 = SignatureFault::OtherAlgorithm(SigningAlgorithm::RsaSsaPkcs1V15Sha256);
    let other = "https://attacker.example".to_owned();
    let fapi = with_key(false).await;
    let (mut browser, _) = fapi.signed_in().await;
    for (name, fault, code, reached) in [
        (
            "no iss",
            Fault::AuthorizationWithoutParameter("iss"),
            "authorization_response_issuer_missing",
            Reached::Nothing,
        ),
        (
            "another iss",
            Fault::AuthorizationParameter("iss", other),
            "authorization_response_issuer",
            Reached::Nothing,
        ),
        (
            "an RS256 ID Token",
            Fault::IdTokenSignature(rs256),
            "id_token_algorithm",
            Reached::Token,
        ),
        (
            "a bearer token",
            Fault::TokenMember("token_type", json!("Bearer")),
            "token_response_token_type",
            Reached::Token,
        ),
    ] {
        fapi.world.inject(fault);
        let provider = &fapi.world.provider;
        let callback = browser.callback_address(provider, "bob", "/profile").await;
        is_rejected(&fapi.world, &mut browser, &callback, Refusal { name, code, reached }).await;
        assert!(browser.session().await.to_string().contains("Alice"), "{name}");
        fapi.heal();
    }
}

/// AUTHZ-13, TOK-13
///
/// No browser is sent to a provider that lacks a part of the profile. The log names that part.
#[tokio::test(flavor = "current_thread")]
async fn no_login_begins_at_a_provider_that_does_not_offer_the_profile() {
    let fapi = with_key(false).await;
    let in_clear = fapi.front.url.replace("https:", "http:");
    let in_clear = |path: &str| json!(format!("{in_clear}{path}"));
    let endpoint = "missing or not https";
    let cases: [(&'static str, Value, &str, &str); 11] = [
        (
            "pushed_authorization_request_endpoint",
            Value::Null,
            "metadata_endpoint",
            endpoint,
        ),
        (
            "pushed_authorization_request_endpoint",
            in_clear("/par"),
            "metadata_endpoint",
            endpoint,
        ),
        (
            "authorization_endpoint",
            in_clear("/authorize"),
            "metadata_endpoint",
            endpoint,
        ),
        ("token_endpoint", in_clear("/token"), "metadata_endpoint", endpoint),
        ("jwks_uri", in_clear("/jwks"), "metadata_endpoint", endpoint),
        (
            "authorization_response_iss_parameter_supported",
            json!(false),
            "metadata_profile",
            "the profile demands a provider that sends iss",
        ),
        (
            "dpop_signing_alg_values_supported",
            json!(["RS256"]),
            "metadata_profile",
            "the profile demands access tokens that are bound to this client",
        ),
        (
            "code_challenge_methods_supported",
            json!(["plain"]),
            "metadata_code_challenge_method",
            "does not list S256",
        ),
        (
            "id_token_signing_alg_values_supported",
            json!(["RS256"]),
            "metadata_id_token_algorithm",
            "no ID Token algorithm that is accepted here",
        ),
        (
            "token_endpoint_auth_methods_supported",
            json!(["client_secret_basic"]),
            "metadata_client_authentication",
            "no method of client authentication that the credentials allow",
        ),
        (
            "token_endpoint_auth_signing_alg_values_supported",
            json!(["RS256"]),
            "metadata_client_authentication",
            "no method of client authentication that the credentials allow",
        ),
    ];
    for (member, value, code, reason) in cases {
        let said = format!("{member}: {value}");
        fapi.world.provider.forget_calls();
        fapi.world.inject(Fault::MetadataMember(member, value));
        // This replica has not read the metadata yet.
        let mut browser = crate::browser::Browser::new(fapi.world.replica().await);
        let (log, guard) = Log::catch();
        let answer = browser.open("/auth/login?return_to=/profile").await;
        drop(guard);
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{said}");
        assert_eq!(answer.location(), None, "{said}");
        let log = log.text();
        assert!(
            log.contains(&format!("code=\"{code}\"")) && log.contains(reason),
            "{said}: {log}"
        );
        let calls = fapi.world.provider.calls();
        assert!(
            calls.iter().all(|call| call.endpoint == Endpoint::Metadata),
            "{said}: {calls:?}"
        );
        fapi.heal();
    }
    fapi.signed_in().await;
}
