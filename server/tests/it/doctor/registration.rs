//! What the provider has registered for this client, and what the settings say otherwise.

use super::Clinic;
use axum_bff::testing::ORIGIN;
use oidc_relying_party::ClientKeys;
use provider::{Authentication, Dpop, Fault, PushedAuthorizationRequests};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};

#[tokio::test]
async fn each_difference_from_the_providers_registration_is_named() {
    let clinic = Clinic::open().await;
    let secret = [("BFF_CLIENT_SECRET", "canary-of-a-wrong-secret")];
    clinic
        .is_wrong(
            &secret,
            "client credentials",
            "the client id itself is known",
            "BFF_CLIENT_SECRET",
        )
        .await;
    let (_, printed) = clinic.examine(&secret).await;
    assert!(!printed.contains("canary"), "{printed}");
    let unknown = [("BFF_CLIENT_ID", "another")];
    clinic
        .is_wrong(
            &unknown,
            "client credentials",
            "the client id may be unknown",
            "BFF_CLIENT_ID",
        )
        .await;
    let moved = [("BFF_PUBLIC_URL", "http://localhost:9")];
    clinic
        .is_wrong(
            &moved,
            "redirect URI",
            "(a hint)",
            "register http://localhost:9/auth/callback",
        )
        .await;
    let error = ("invalid_scope", "no".to_owned());
    clinic.provider.inject(Fault::AuthorizationError(error.0, error.1));
    clinic
        .is_wrong(&[], "redirect URI", "invalid_scope", "BFF_SCOPES")
        .await;
}

#[tokio::test]
async fn a_client_with_a_key_is_told_what_to_register_and_an_unknown_key_is_named() {
    let pem = || {
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
            .expect("a key")
            .serialize_pem()
    };
    let (known, unknown) = (pem(), pem());
    let jwks = ClientKeys::from_pem(&known).expect("a key").jwk_set();
    let clinic = Clinic::open_at(|it| {
        it.client.authentication = Authentication::PrivateKeyJwt(jwks);
        it.pushed_authorization_requests = PushedAuthorizationRequests::Required;
        it.dpop = Dpop::Offered;
    })
    .await;
    let with = |key: &str| {
        [
            ("BFF_CLIENT_SECRET".to_owned(), String::new()),
            ("BFF_CLIENT_KEY".to_owned(), key.to_owned()),
        ]
    };
    let examine = async |key: &str| {
        let changes = with(key);
        let changes: Vec<(&str, &str)> = changes.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        clinic.examine(&changes).await
    };
    let (status, printed) = examine(&known).await;
    assert_eq!(status, Some(0), "{printed}");
    let registered = format!("{ORIGIN}/auth/jwks");
    for expected in [
        "private_key_jwt",
        "ES256",
        "pushed first, to",
        "(DPoP); the provider lists",
        &registered,
    ] {
        assert!(printed.contains(expected), "{expected} is not in: {printed}");
    }
    let (status, printed) = examine(&unknown).await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("refused, sent with private_key_jwt"), "{printed}");
    assert!(printed.contains("BFF_CLIENT_KEY"), "{printed}");
    for key in [&known, &unknown] {
        let line = key.lines().nth(1).expect("base64");
        assert!(!printed.contains(line), "a key is in: {printed}");
    }
}
