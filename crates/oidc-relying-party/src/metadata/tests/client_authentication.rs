//! The method of client authentication, and the endpoints for a client with a certificate.

use super::*;

/// TOK-02
#[test]
fn client_authentication_is_as_registered_or_as_the_provider_lists() {
    use ClientAuthentication::{ClientSecretBasic, ClientSecretPost};
    let listed =
        |methods: Value| move |document: &mut Value| document["token_endpoint_auth_methods_supported"] = methods;
    for (methods, expected) in [
        (Value::Null, ClientSecretBasic),
        (json!("client_secret_post"), ClientSecretBasic),
        (json!(["client_secret_post", "client_secret_basic"]), ClientSecretBasic),
        (json!(["private_key_jwt", "client_secret_post"]), ClientSecretPost),
    ] {
        let metadata = judged(listed(methods), |_| {}).expect("usable metadata");
        assert_eq!(metadata.client_authentication.method, expected);
    }
    assert_eq!(
        code(listed(json!(["private_key_jwt", "none"]))),
        "metadata_client_authentication"
    );
    let registered = |registration: &mut Registration| registration.client_authentication = Some(ClientSecretPost);
    let refused = judged(listed(json!(["client_secret_basic"])), registered).expect_err("not offered");
    assert_eq!(refused.code(), "metadata_client_authentication");
}

/// DISC-04, oidcc-client-test-mtls-endpoint-aliases
///
/// RFC 8705 §5. An integration test covers the OpenID Foundation's `oidcc-client-test-mtls-endpoint-aliases`.
#[test]
fn aliases_take_the_place_of_endpoints_for_a_client_that_shows_its_certificate() {
    let listed = |methods: Value, aliases: Value| {
        move |document: &mut Value| {
            document["token_endpoint_auth_methods_supported"] = methods;
            document["mtls_endpoint_aliases"] = aliases;
        }
    };
    let aliases =
        json!({ "token_endpoint": "https://mtls.op.example/token", "jwks_uri": "https://mtls.op.example/jwks" });
    let mutual = json!(["client_secret_basic", "tls_client_auth"]);
    let shown = |registration: &mut Registration| registration.credentials.certificate = Some(certificate());
    let metadata = judged(listed(mutual.clone(), aliases.clone()), shown).expect("usable metadata");
    assert_eq!(metadata.token_endpoint.as_str(), "https://mtls.op.example/token");
    assert_eq!(
        metadata.jwks_uri.as_str(),
        "https://op.example/jwks",
        "the key set needs no certificate"
    );
    let userinfo = metadata.userinfo_endpoint.expect("userinfo");
    assert_eq!(
        userinfo.as_str(),
        "https://op.example/userinfo",
        "userinfo has no alias"
    );
    assert!(!metadata.certificate_bound_access_tokens);

    let without = judged(listed(mutual.clone(), aliases.clone()), |_| {}).expect("usable metadata");
    assert_eq!(without.token_endpoint.as_str(), "https://op.example/token");
    let another_way = json!(["client_secret_basic"]);
    let not_shown = judged(listed(another_way.clone(), aliases.clone()), shown).expect("usable metadata");
    assert_eq!(not_shown.token_endpoint.as_str(), "https://op.example/token");
    let bound = |document: &mut Value| {
        listed(another_way, aliases)(document);
        document["tls_client_certificate_bound_access_tokens"] = json!(true);
    };
    let bound = judged(bound, shown).expect("usable metadata");
    assert!(bound.certificate_bound_access_tokens);
    assert_eq!(bound.token_endpoint.as_str(), "https://mtls.op.example/token");

    let in_clear = json!({ "token_endpoint": "http://mtls.op.example/token" });
    let refused = judged(listed(mutual, in_clear), shown).expect_err("DISC-04");
    assert_eq!(refused.code(), "metadata_endpoint");
}
