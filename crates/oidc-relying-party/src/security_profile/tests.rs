use super::*;
use crate::tests::{
    client_key::{P256, P384, certificate, keys},
    provider::registration,
};

type Change = fn(&mut Registration);

fn fapi(change: impl FnOnce(&mut Registration)) -> Vec<Unmet> {
    let mut registration = registration("https://op.example");
    registration.http_loopback = false;
    registration.security_profile = SecurityProfile::Fapi2;
    registration.credentials = keys(&[&P256]).into();
    registration.id_token_algorithms = Some(vec![IdTokenAlgorithm::Ps256, IdTokenAlgorithm::EdDsa]);
    change(&mut registration);
    registration.unmet()
}

#[test]
fn fapi_2_is_demanded_of_the_settings_as_a_whole() {
    assert_eq!(fapi(|_| {}), []);
    assert_eq!(fapi(|it| it.credentials = certificate().into()), []);
    let cases: [(Unmet, Change); 10] = [
        (Unmet::Https, |it| {
            it.http_loopback = true;
        }),
        (Unmet::Credentials, |it| {
            it.credentials = "secret".into();
        }),
        (Unmet::Credentials, |it| {
            it.client_authentication = Some(ClientAuthentication::ClientSecretBasic);
        }),
        (Unmet::AssertionAudience, |it| {
            it.assertion_audience = AssertionAudience::TokenEndpoint;
        }),
        (Unmet::AssertionAlgorithm, |it| {
            it.assertion_algorithm = Some(AssertionAlgorithm::Rs256);
        }),
        (Unmet::AssertionAlgorithm, |it| {
            it.credentials = keys(&[&P384, &P256]).into();
        }),
        (Unmet::IdTokenAlgorithms, |it| {
            it.id_token_algorithms = Some(vec![IdTokenAlgorithm::Ps256, IdTokenAlgorithm::Rs256]);
        }),
        (Unmet::PkceUnadvertised, |it| {
            it.pkce_unadvertised = true;
        }),
        (Unmet::PushedAuthorizationRequests, |it| {
            it.pushed_authorization_requests = Usage::Off;
        }),
        (Unmet::Metadata, |it| {
            it.end_session_endpoint = Some("/logout".to_owned());
        }),
    ];
    for (unmet, change) in cases {
        assert_eq!(fapi(change), [unmet]);
    }
    let change_all = |registration: &mut Registration| {
        for (_, change) in cases {
            change(registration);
        }
    };
    let all = fapi(change_all);
    assert_eq!(all.len(), 8, "all requirements are listed at once: {all:?}");
    let without_profile = fapi(|registration| {
        change_all(registration);
        registration.security_profile = SecurityProfile::OpenIdConnect;
    });
    assert_eq!(without_profile, []);
}

#[test]
fn fapi_2_allows_three_algorithms() {
    let names = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
    ];
    let allowed = names
        .into_iter()
        .filter(|name| SecurityProfile::Fapi2.allows_id_token(name.parse().expect("an algorithm")));
    assert_eq!(allowed.collect::<Vec<_>>(), ["PS256", "ES256", "EdDSA"]);
    let of_assertions = ["PS256", "RS256", "ES256", "ES384", "EdDSA"];
    let allowed = of_assertions
        .into_iter()
        .filter(|name| SecurityProfile::Fapi2.allows_assertion(name.parse().expect("an algorithm")));
    assert_eq!(allowed.collect::<Vec<_>>(), ["PS256", "ES256", "EdDSA"]);
}
