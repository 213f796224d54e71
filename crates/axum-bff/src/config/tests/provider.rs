//! The settings of the provider and of the client's registration there.

use super::*;

/// TOK-03
#[test]
fn a_client_without_a_credential_does_not_start() {
    let key = client_key();
    let key = key.as_str();
    let without = [("BFF_CLIENT_SECRET", "")];
    let errors = with(&without).expect_err("no credential");
    assert_eq!(errors.len(), 1);
    let said = errors[0].to_string();
    assert!(
        said.starts_with("BFF_CLIENT_SECRET: is missing") && said.contains("BFF_CLIENT_KEY"),
        "{said}"
    );
    let config = with(&[without[0], ("BFF_CLIENT_KEY", key)]).expect("a key is a credential");
    assert!(config.registration.credentials.secret.is_none() && config.registration.credentials.keys.is_some());
    assert_eq!(
        wrong(&[without[0], ("BFF_CLIENT_KEY", "canary")]),
        ["BFF_CLIENT_KEY"],
        "the error is listed once"
    );
    let pinned = [
        ("BFF_CLIENT_KEY", key),
        ("BFF_CLIENT_AUTHENTICATION", "client_secret_basic"),
    ];
    assert_eq!(
        wrong(&[without[0], pinned[0], pinned[1]]),
        ["BFF_CLIENT_AUTHENTICATION"]
    );
    let algorithm = |name| wrong(&[("BFF_CLIENT_KEY", key), ("BFF_CLIENT_ASSERTION_ALGORITHM", name)]);
    assert_eq!(algorithm("ES256"), [""; 0]);
    assert_eq!(
        algorithm("PS256"),
        ["BFF_CLIENT_ASSERTION_ALGORITHM"],
        "a P-256 key cannot sign with PS256"
    );
}

/// SEC-02
#[test]
fn a_profile_that_the_settings_do_not_meet_does_not_start() {
    let key = client_key();
    let key = key.as_str();
    let fapi = ("BFF_PROFILE", "fapi2");
    let config = with(&[fapi, ("BFF_CLIENT_KEY", key)]).expect("a key, and defaults that fit");
    assert_eq!(
        config.registration.id_token_algorithms, None,
        "the algorithms that the provider lists and the profile allows"
    );
    let errors = with(&[fapi, ("BFF_ID_TOKEN_ALGORITHMS", "RS256"), ("BFF_PAR", "off")]).expect_err("unmet");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    for (said, part) in said
        .iter()
        .zip(["BFF_CLIENT_KEY", "BFF_ID_TOKEN_ALGORITHMS", "BFF_PAR"])
    {
        assert!(
            said.starts_with("BFF_PROFILE: is fapi2, which demands ") && said.contains(part),
            "{said}"
        );
    }
    assert_eq!(wrong(&[("BFF_PROFILE", "fapi1")]), ["BFF_PROFILE"]);
}

#[test]
fn a_preset_fills_in_what_is_not_set_and_nothing_else() {
    let google: Vec<(String, String)> = complete()
        .into_iter()
        .filter(|(name, _)| name != "BFF_ISSUER")
        .collect();
    let preset = [("BFF_PROVIDER".to_owned(), "google".to_owned())];
    let config = Config::read(Source::collect(google.into_iter().chain(preset), None)).expect("an issuer");
    assert_eq!(config.registration.issuer, "https://accounts.google.com");
    let cognito = with(&[("BFF_PROVIDER", "cognito")]).expect("settings");
    assert!(cognito.registration.pkce_unadvertised);
    assert_eq!(cognito.claims.roles, ["cognito:groups"]);
    let own = [
        ("BFF_PROVIDER", "cognito"),
        ("BFF_PKCE_UNADVERTISED", "off"),
        ("BFF_ROLES_CLAIM", "a b"),
    ];
    let own = with(&own).expect("settings");
    assert!(!own.registration.pkce_unadvertised);
    assert_eq!(own.claims.roles, ["a", "b"]);
    let keycloak = with(&[("BFF_PROVIDER", "keycloak")]).expect("settings");
    assert_eq!(
        keycloak.claims.roles,
        ["realm_access.roles", "resource_access.client.roles"]
    );
    assert_eq!(wrong(&[("BFF_PROVIDER", "Keycloak")]), ["BFF_PROVIDER"]);
    let tenants = [("BFF_ISSUER", "https://login.microsoftonline.com/common/v2.0")];
    assert_eq!(wrong(&tenants), ["BFF_ISSUER"]);
}

/// AUTHZ-11
#[test]
fn the_claims_that_name_a_person_to_the_provider_are_a_list_or_none() {
    let claims = |settings: &[(&str, &str)]| with(settings).expect("settings").claims.login_hint;
    assert_eq!(claims(&[]), ["preferred_username", "email"]);
    assert_eq!(claims(&[("BFF_LOGIN_HINT", "sub, email")]), ["sub", "email"]);
    assert!(claims(&[("BFF_LOGIN_HINT", "none")]).is_empty());
}

/// AUTHZ-08
#[test]
fn further_parameters_are_added_and_never_one_of_ours() {
    let config = with(&[(
        "BFF_AUTHORIZATION_PARAMETERS",
        "audience=https://a.example/&ui_locales=sv%20en",
    )]);
    let pairs = [("audience", "https://a.example/"), ("ui_locales", "sv en")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(config.expect("settings").registration.authorization_parameters, pairs);
    for name in [
        "redirect_uri",
        "state",
        "prompt",
        "code_challenge",
        "request",
        "max%5Fage",
        "response%5Fmode",
        "",
    ] {
        let text = format!("audience=a&{name}=b");
        assert_eq!(
            wrong(&[("BFF_AUTHORIZATION_PARAMETERS", &text)]),
            ["BFF_AUTHORIZATION_PARAMETERS"],
            "{name}"
        );
    }
}

#[test]
fn the_sign_out_address_is_one_like_those_of_the_metadata_or_a_path() {
    for right in ["/logout", "https://op.example/logout?a=b"] {
        assert_eq!(wrong(&[("BFF_END_SESSION_ENDPOINT", right)]), [""; 0], "{right}");
    }
    for not_right in [
        "//evil.example/",
        "http://op.example/logout",
        "logout",
        "javascript:alert(1)",
    ] {
        let named = wrong(&[("BFF_END_SESSION_ENDPOINT", not_right)]);
        assert_eq!(named, ["BFF_END_SESSION_ENDPOINT"], "{not_right}");
    }
    assert_eq!(
        wrong(&[("BFF_END_SESSION_RETURN", "elsewhere")]),
        ["BFF_END_SESSION_RETURN"]
    );
}
