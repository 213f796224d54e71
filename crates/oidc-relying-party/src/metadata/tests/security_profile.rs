//! The requirements of the FAPI 2.0 Security Profile for a provider.

use super::*;

/// The metadata of a provider that meets the FAPI 2.0 Security Profile, judged for a client with a certificate.
fn fapi(
    change: impl FnOnce(&mut Value),
    adjust: impl FnOnce(&mut Registration),
) -> Result<ProviderMetadata, DiscoveryError> {
    let provider = |document: &mut Value| {
        document["token_endpoint_auth_methods_supported"] =
            json!(["client_secret_basic", "private_key_jwt", "tls_client_auth"]);
        document["token_endpoint_auth_signing_alg_values_supported"] = json!(["RS256", "PS256"]);
        document["id_token_signing_alg_values_supported"] = json!(["RS256", "PS256"]);
        document["tls_client_certificate_bound_access_tokens"] = json!(true);
        document["authorization_response_iss_parameter_supported"] = json!(true);
        document["pushed_authorization_request_endpoint"] = json!("https://op.example/par");
        change(document);
    };
    judged(provider, |registration| {
        registration.security_profile = SecurityProfile::Fapi2;
        registration.http_loopback = false;
        registration.credentials = Credentials {
            keys: Some(keys(&[&RSA])),
            certificate: Some(certificate()),
            ..Credentials::from("secret")
        };
        adjust(registration);
    })
}

#[test]
fn fapi_2_is_demanded_of_the_provider_as_a_whole() {
    use ClientAuthentication::{PrivateKeyJwt, TlsClientAuth};
    let metadata = fapi(|_| {}, |_| {}).expect("a provider of the profile");
    assert_eq!(metadata.client_authentication.method, TlsClientAuth);
    assert!(metadata.pushed_authorization_request_endpoint.is_some());
    let pinned = fapi(|_| {}, |it| it.client_authentication = Some(PrivateKeyJwt)).expect("the other method");
    assert_eq!(pinned.client_authentication.algorithm, Some(AssertionAlgorithm::Ps256));
    for (member, value, code) in [
        (
            "authorization_response_iss_parameter_supported",
            Value::Null,
            "metadata_profile",
        ),
        (
            "tls_client_certificate_bound_access_tokens",
            json!(false),
            "metadata_profile",
        ),
        (
            "pushed_authorization_request_endpoint",
            Value::Null,
            "metadata_endpoint",
        ),
        (
            "code_challenge_methods_supported",
            json!(["plain"]),
            "metadata_code_challenge_method",
        ),
        (
            "id_token_signing_alg_values_supported",
            json!(["RS256"]),
            "metadata_id_token_algorithm",
        ),
        (
            "token_endpoint_auth_methods_supported",
            json!(["client_secret_basic"]),
            "metadata_client_authentication",
        ),
        (
            "token_endpoint_auth_methods_supported",
            Value::Null,
            "metadata_client_authentication",
        ),
        ("token_endpoint", json!("http://127.0.0.1/token"), "metadata_endpoint"),
    ] {
        let refused = fapi(|document| document[member] = value.clone(), |_| {}).expect_err(member);
        assert_eq!(refused.code(), code, "{member} {value}");
    }
    let only_rs256 =
        |document: &mut Value| document["token_endpoint_auth_signing_alg_values_supported"] = json!(["RS256"]);
    let refused = fapi(only_rs256, |it| it.client_authentication = Some(PrivateKeyJwt)).expect_err("RS256");
    assert_eq!(refused.code(), "metadata_client_authentication");
    let without = fapi(|_| {}, |it| it.credentials.certificate = None).expect_err("nothing binds the tokens");
    assert_eq!(without.code(), "metadata_profile");
    let with_proofs = |document: &mut Value| document["dpop_signing_alg_values_supported"] = json!(["ES256"]);
    let bound = fapi(with_proofs, |it| it.credentials.certificate = None).expect("a key binds them");
    assert!(bound.dpop && !bound.certificate_bound_access_tokens);
    assert!(
        !SecurityProfile::Fapi2.allows_bearer(&bound),
        "a token that is not bound is refused"
    );
    let metadata = fapi(|_| {}, |_| {}).expect("the certificate binds them");
    assert!(SecurityProfile::Fapi2.allows_bearer(&metadata));
    let no_api_takes_them = |registration: &mut Registration| {
        registration.credentials.certificate = None;
        registration.dpop = Usage::Off;
    };
    assert_eq!(
        fapi(with_proofs, no_api_takes_them)
            .expect_err("nothing binds them")
            .code(),
        "metadata_profile"
    );
}
