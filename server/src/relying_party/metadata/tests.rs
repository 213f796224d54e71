use serde_json::json;

use super::*;
use crate::relying_party::{
    AssertionAlgorithm, ClientAuthentication, Credentials, Fault, Profile,
    tests::{
        client_key::{RSA, certificate, keys},
        provider::{metadata, registration},
    },
};

const ISSUER: &str = "https://op.example";

fn judged(
    change: impl FnOnce(&mut Value),
    adjust: impl FnOnce(&mut Registration),
) -> Result<ProviderMetadata, DiscoveryError> {
    let mut document = metadata(ISSUER);
    change(&mut document);
    let mut registration = registration(ISSUER);
    adjust(&mut registration);
    judge(document.as_object().expect("an object"), &registration)
}

fn code(change: impl FnOnce(&mut Value)) -> &'static str {
    let error = judged(change, |_| {}).expect_err("unusable metadata");
    assert_eq!(error.fault(), Fault::Unavailable);
    error.code()
}

#[test]
fn disc_01_the_address_is_the_issuer_without_one_slash_and_the_well_known_path() {
    for (issuer, expected) in [
        ("https://op", "https://op/.well-known/openid-configuration"),
        ("https://op/", "https://op/.well-known/openid-configuration"),
        ("https://op/t1", "https://op/t1/.well-known/openid-configuration"),
        ("https://op/t1/", "https://op/t1/.well-known/openid-configuration"),
        ("https://op/t1//", "https://op/t1//.well-known/openid-configuration"),
    ] {
        assert_eq!(address(issuer).expect("an address").as_str(), expected);
    }
}

#[test]
fn disc_02_the_issuer_is_compared_character_by_character() {
    for issuer in [
        json!("https://op.exampleINVALID"),
        json!("https://op.example/"),
        json!("https://OP.example"),
        json!("https://op.example:443"),
        json!("http://op.example"),
        json!([ISSUER]),
        Value::Null,
    ] {
        assert_eq!(code(|document| document["issuer"] = issuer), "metadata_issuer");
    }
}

#[test]
fn disc_04_every_endpoint_has_to_be_https() {
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "end_session_endpoint",
        "revocation_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        for address in [
            json!("http://op.example/x"),
            json!("/x"),
            json!(""),
            json!(7),
            json!("https://a@op.example/"),
        ] {
            let what = format!("{endpoint} {address}");
            assert_eq!(
                code(|document| document[endpoint] = address),
                "metadata_endpoint",
                "{what}"
            );
        }
    }
    for endpoint in ["authorization_endpoint", "token_endpoint", "jwks_uri"] {
        assert_eq!(
            code(|document| document[endpoint] = Value::Null),
            "metadata_endpoint",
            "{endpoint}"
        );
    }
}

#[test]
fn disc_07_s256_has_to_be_advertised_or_overridden() {
    for methods in [Value::Null, json!([]), json!(["plain"]), json!("S256"), json!(["s256"])] {
        let change = |document: &mut Value| document["code_challenge_methods_supported"] = methods.clone();
        assert_eq!(code(change), "metadata_code_challenge_method", "{methods}");
        judged(change, |registration| registration.pkce_unadvertised = true).expect("overridden");
    }
}

#[test]
fn disc_08_minimal_metadata_with_many_unknown_members_is_enough() {
    let change = |document: &mut Value| {
        for optional in [
            "userinfo_endpoint",
            "end_session_endpoint",
            "id_token_signing_alg_values_supported",
        ] {
            document.as_object_mut().expect("an object").remove(optional);
        }
        for (number, odd) in (0..200).zip([json!(1), json!({}), json!([[]]), Value::Null].into_iter().cycle()) {
            document[format!("unknown_{number}")] = odd;
        }
    };
    let metadata = judged(change, |_| {}).expect("usable metadata");
    assert_eq!(
        metadata.client_authentication.method,
        ClientAuthentication::ClientSecretBasic
    );
    assert_eq!(metadata.id_token_algorithms, [IdTokenAlgorithm::Rs256]);
    assert!(!metadata.authorization_response_iss_parameter_supported);
    assert!(metadata.userinfo_endpoint.is_none() && metadata.end_session_endpoint.is_none());
}

#[test]
fn idt_02_algorithms_are_those_both_configured_and_listed() {
    let listed = |document: &mut Value| {
        document["id_token_signing_alg_values_supported"] = json!(["none", "HS256", "EdDSA", "RS256", "PS256"]);
    };
    let both = |registration: &mut Registration| {
        registration.id_token_algorithms = vec![
            IdTokenAlgorithm::Es256,
            IdTokenAlgorithm::Ps256,
            IdTokenAlgorithm::Rs256,
        ];
    };
    let metadata = judged(listed, both).expect("usable metadata");
    assert_eq!(
        metadata.id_token_algorithms,
        [IdTokenAlgorithm::Ps256, IdTokenAlgorithm::Rs256]
    );
    let none_of_ours =
        |document: &mut Value| document["id_token_signing_alg_values_supported"] = json!(["HS256", "none"]);
    assert_eq!(code(none_of_ours), "metadata_id_token_algorithm");
}

#[test]
fn tok_02_client_authentication_is_as_registered_or_as_the_provider_lists() {
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

/// A provider of the FAPI 2.0 Security Profile, and a client with a certificate for it.
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
        registration.profile = Profile::Fapi2;
        registration.http_loopback = false;
        registration.id_token_algorithms = vec![IdTokenAlgorithm::Ps256];
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
        !Profile::Fapi2.allows_bearer(&bound),
        "a token that is bound to nothing is refused"
    );
    let metadata = fapi(|_| {}, |_| {}).expect("the certificate binds them");
    assert!(Profile::Fapi2.allows_bearer(&metadata));
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

/// RFC 8705 §5; the Foundation's `oidcc-client-test-mtls-endpoint-aliases` is an integration test.
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
        "needs no certificate"
    );
    let userinfo = metadata.userinfo_endpoint.expect("userinfo");
    assert_eq!(userinfo.as_str(), "https://op.example/userinfo", "has no alias");
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

#[test]
fn authz_13_requests_are_pushed_as_the_provider_and_the_setting_want() {
    const PAR: &str = "https://op.example/par";
    let shape = |endpoint: bool, demanded: bool| {
        move |document: &mut Value| {
            if endpoint {
                document["pushed_authorization_request_endpoint"] = json!(PAR);
            }
            document["require_pushed_authorization_requests"] = json!(demanded);
        }
    };
    let (missing, off) = ("metadata_endpoint", "metadata_pushed_authorization_requests");
    for (usage, endpoint, demanded, expected) in [
        (Usage::Auto, false, false, Ok(false)),
        (Usage::Auto, true, false, Ok(true)),
        (Usage::Auto, true, true, Ok(true)),
        (Usage::Auto, false, true, Err(missing)),
        (Usage::Required, true, false, Ok(true)),
        (Usage::Required, false, false, Err(missing)),
        (Usage::Off, true, false, Ok(false)),
        (Usage::Off, true, true, Err(off)),
        (Usage::Off, false, true, Err(off)),
    ] {
        let judged = judged(shape(endpoint, demanded), |it| it.pushed_authorization_requests = usage);
        let pushed = judged.map(|metadata| metadata.pushed_authorization_request_endpoint.is_some());
        assert_eq!(
            pushed.map_err(|error| error.code()),
            expected,
            "{usage:?} {endpoint} {demanded}"
        );
    }
}
