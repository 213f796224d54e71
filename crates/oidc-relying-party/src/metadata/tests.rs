use serde_json::json;

use super::*;
use crate::{
    AssertionAlgorithm, ClientAuthentication, Credentials, Fault, SecurityProfile,
    tests::{
        client_key::{RSA, certificate, keys},
        provider::{metadata, registration},
    },
};

mod client_authentication;
mod security_profile;

const ISSUER: &str = "https://op.example";

fn judged(
    change: impl FnOnce(&mut Value),
    adjust: impl FnOnce(&mut Registration),
) -> Result<ProviderMetadata, DiscoveryError> {
    let mut document = metadata(ISSUER);
    change(&mut document);
    let mut registration = registration(ISSUER);
    adjust(&mut registration);
    let document = json::document(document.to_string().as_bytes()).expect("an object");
    judge(&document, &registration)
}

fn code(change: impl FnOnce(&mut Value)) -> &'static str {
    let error = judged(change, |_| {}).expect_err("unusable metadata");
    assert_eq!(error.fault(), Fault::Settings, "only other settings help");
    error.code()
}

/// DISC-01
#[test]
fn the_address_is_the_issuer_without_one_slash_and_the_well_known_path() {
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

/// DISC-02
#[test]
fn the_issuer_is_compared_character_by_character() {
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

/// DISC-04
#[test]
fn every_endpoint_has_to_be_https() {
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
            json!("//op.example/x"),
            json!("/x"),
            json!("javascript:alert(1)"),
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
        for said_nothing in [Value::Null, json!("")] {
            assert_eq!(
                code(|document| document[endpoint] = said_nothing),
                "metadata_endpoint",
                "{endpoint}"
            );
        }
    }
}

/// DISC-08
#[test]
fn null_and_empty_members_are_absent() {
    for said_nothing in [Value::Null, json!(""), json!([])] {
        let change = |document: &mut Value| {
            for member in [
                "end_session_endpoint",
                "revocation_endpoint",
                "userinfo_endpoint",
                "pushed_authorization_request_endpoint",
            ] {
                document[member] = if said_nothing == json!([]) {
                    json!("")
                } else {
                    said_nothing.clone()
                };
            }
            for member in [
                "token_endpoint_auth_methods_supported",
                "id_token_signing_alg_values_supported",
                "prompt_values_supported",
            ] {
                document[member] = said_nothing.clone();
            }
            document["backchannel_logout_supported"] = said_nothing.clone();
        };
        let metadata = judged(change, |_| {}).expect("usable metadata");
        assert!(metadata.end_session_endpoint.is_none() && metadata.userinfo_endpoint.is_none());
        assert!(metadata.revocation_endpoint.is_none() && metadata.pushed_authorization_request_endpoint.is_none());
        assert_eq!(metadata.prompt_values_supported, None);
        assert_eq!(metadata.id_token_algorithms, IdTokenAlgorithm::ALL);
        let method = metadata.client_authentication.method;
        assert_eq!(method, ClientAuthentication::ClientSecretBasic, "{said_nothing}");
    }
}

/// DISC-07
#[test]
fn s256_has_to_be_advertised_or_overridden() {
    for methods in [Value::Null, json!([]), json!(["plain"]), json!("S256"), json!(["s256"])] {
        let change = |document: &mut Value| document["code_challenge_methods_supported"] = methods.clone();
        assert_eq!(code(change), "metadata_code_challenge_method", "{methods}");
        judged(change, |registration| registration.pkce_unadvertised = true).expect("overridden");
    }
}

/// DISC-08
#[test]
fn minimal_metadata_with_many_unknown_members_is_enough() {
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
    assert_eq!(metadata.id_token_algorithms, IdTokenAlgorithm::ALL);
    assert!(!metadata.authorization_response_iss_parameter_supported);
    assert!(metadata.userinfo_endpoint.is_none() && metadata.end_session_endpoint.is_none());
}

/// IDT-02
#[test]
fn algorithms_are_those_listed_unless_the_settings_pin_some() {
    use IdTokenAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    let listed = |document: &mut Value| {
        document["id_token_signing_alg_values_supported"] = json!(["none", "HS256", "EdDSA", "RS256", "PS256"]);
    };
    let metadata = judged(listed, |_| {}).expect("usable metadata");
    assert_eq!(metadata.id_token_algorithms, [Rs256, Ps256, EdDsa]);
    let fapi = |registration: &mut Registration| registration.security_profile = SecurityProfile::Fapi2;
    let document = json!({ "id_token_signing_alg_values_supported": ["RS256", "ES384", "ES256"] });
    let mut of_fapi = registration(ISSUER);
    fapi(&mut of_fapi);
    let document = document.as_object().expect("an object");
    assert_eq!(super::algorithms(document, &of_fapi).expect("algorithms"), [Es256]);
    // The settings pin the algorithms that the client is registered for. Not every provider lists them.
    let pinned = |registration: &mut Registration| registration.id_token_algorithms = Some(vec![Es256, Ps256]);
    let metadata = judged(listed, pinned).expect("usable metadata");
    assert_eq!(metadata.id_token_algorithms, [Es256, Ps256]);
    let none_of_ours =
        |document: &mut Value| document["id_token_signing_alg_values_supported"] = json!(["HS256", "none"]);
    assert_eq!(code(none_of_ours), "metadata_id_token_algorithm");
}

/// AUTHZ-13
#[test]
fn requests_are_pushed_as_the_provider_and_the_setting_want() {
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
