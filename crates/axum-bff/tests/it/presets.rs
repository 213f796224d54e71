//! With each preset (`BFF_PROVIDER`), Alice signs in and out at a provider whose metadata has the shape of the real
//! provider's metadata.
//!
//! The documents in `metadata/` have the members and lists that the providers publish. Their hosts and ids are
//! invented. They follow the providers' documentation and documents in public repositories:
//!
//! - Keycloak: version 26.
//! - Entra ID: version 2.0, one tenant.
//! - Auth0: a tenant from before November 2023, without `end_session_endpoint`.
//! - Okta: an organization's authorization server.
//! - Google: accounts.google.com.
//! - Cognito: a user pool with a domain.

use crate::address::parameters;
use crate::world::World;
use axum_bff::testing::ORIGIN;
use provider::{Endpoint, Fault, PushedAuthorizationRequests};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The endpoints that the development provider has. Its metadata names its own addresses for them, whatever the shape
/// says.
const ENDPOINTS: [(&str, Endpoint); 7] = [
    ("authorization_endpoint", Endpoint::Authorization),
    ("token_endpoint", Endpoint::Token),
    ("userinfo_endpoint", Endpoint::Userinfo),
    ("jwks_uri", Endpoint::Jwks),
    ("end_session_endpoint", Endpoint::EndSession),
    ("revocation_endpoint", Endpoint::Revocation),
    (
        "pushed_authorization_request_endpoint",
        Endpoint::PushedAuthorizationRequest,
    ),
];

fn shape(name: &str) -> Map<String, Value> {
    let document = match name {
        "keycloak" => include_str!("metadata/keycloak.json"),
        "entra" => include_str!("metadata/entra.json"),
        "auth0" => include_str!("metadata/auth0.json"),
        "okta" => include_str!("metadata/okta.json"),
        "google" => include_str!("metadata/google.json"),
        _ => include_str!("metadata/cognito.json"),
    };
    serde_json::from_str(document).expect("JSON")
}

/// A world whose provider publishes metadata of this shape, with the provider's own issuer and endpoints.
async fn world(name: &str, settings: &[(&str, &str)]) -> World {
    let settings = [&[("BFF_PROVIDER", name)], settings].concat();
    let world = World::start_at(&settings, |provider| {
        provider.pushed_authorization_requests = PushedAuthorizationRequests::Offered;
    });
    let world = world.await;
    let mut shape = shape(name);
    shape.insert("issuer".to_owned(), world.provider.issuer().into());
    for (member, endpoint) in ENDPOINTS {
        if let Some(address) = shape.get_mut(member) {
            *address = format!("{}{}", world.provider.issuer(), endpoint.path()).into();
        } else {
            world.inject(Fault::MetadataWithoutMember(member));
        }
    }
    // The provider must not publish members that the shape does not have.
    for member in [
        "code_challenge_methods_supported",
        "backchannel_logout_supported",
        "frontchannel_logout_supported",
        "prompt_values_supported",
        "authorization_response_iss_parameter_supported",
        "token_endpoint_auth_methods_supported",
    ] {
        if !shape.contains_key(member) {
            world.inject(Fault::MetadataWithoutMember(member));
        }
    }
    for (member, value) in shape {
        world.inject(Fault::MetadataMember(member.leak(), value));
    }
    world
}

/// Signs Alice in and out. Returns the parameters of the authorization request, the session's state, and the address to
/// which the sign-out leads.
async fn in_and_out(world: &World) -> (BTreeMap<String, String>, Value, String) {
    let mut alice = world.browser();
    let landing = alice.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
    let pushed = world.provider.calls_to(Endpoint::PushedAuthorizationRequest).pop();
    let asked = match pushed {
        Some(pushed) => pushed.form,
        None => {
            world
                .provider
                .calls_to(Endpoint::Authorization)
                .pop()
                .expect("a request")
                .query
        }
    };
    let asked = asked.into_iter().collect();
    let state = alice.session().await;
    let left = alice.submit("/auth/logout").await;
    assert!(left.status.as_u16() < 400, "{}", left.status);
    assert_eq!(alice.session().await["status"], "anonymous");
    (asked, state, left.leads_to().expect("an address"))
}

/// Asserts that the sign-out is a request of RP-Initiated Logout 1.0 to this address.
fn is_standard(sign_out: &str, address: &str) {
    assert!(sign_out.starts_with(&format!("{address}?")), "{sign_out}");
    let parameters = parameters(sign_out);
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["client_id", "id_token_hint", "post_logout_redirect_uri", "state"]
    );
}

#[tokio::test]
async fn keycloak_has_roles_in_two_places() {
    let world = world("keycloak", &[]).await;
    let roles = [
        ("realm_access", json!({"roles": ["viewer"]})),
        (
            "resource_access",
            json!({"bff": {"roles": ["admin"]}, "account": {"roles": ["view-profile"]}}),
        ),
    ];
    for (claim, value) in roles {
        world.inject(Fault::IdTokenClaim(claim, value));
    }
    let (asked, state, sign_out) = in_and_out(&world).await;
    assert_eq!(asked["scope"], "openid profile email");
    assert_eq!(state["roles"], json!(["viewer", "admin"]));
    is_standard(&sign_out, &format!("{}/end-session", world.provider.issuer()));
}

#[tokio::test]
async fn entra_does_not_advertise_pkce_and_its_userinfo_is_left_alone() {
    let world = world("entra", &[]).await;
    world.inject(Fault::Status(Endpoint::Userinfo, 401));
    world.inject(Fault::IdTokenClaim("roles", json!(["admin"])));
    let (asked, state, sign_out) = in_and_out(&world).await;
    assert_eq!(
        asked["code_challenge_method"], "S256",
        "PKCE is used although the metadata does not advertise it"
    );
    assert_eq!(state["roles"], json!(["admin"]));
    assert!(world.provider.calls_to(Endpoint::Userinfo).is_empty());
    is_standard(&sign_out, &format!("{}/end-session", world.provider.issuer()));
}

#[tokio::test]
async fn auth0_signs_out_where_its_metadata_does_not_say_and_takes_an_audience() {
    let settings = [
        (
            "BFF_AUTHORIZATION_PARAMETERS",
            "audience=https://api.example.com/&organization=org%201",
        ),
        ("BFF_ROLES_CLAIM", "https://example.com/roles"),
    ];
    let world = world("auth0", &settings).await;
    world.inject(Fault::IdTokenClaim("https://example.com/roles", json!(["editor"])));
    let (asked, state, sign_out) = in_and_out(&world).await;
    assert_eq!(asked["audience"], "https://api.example.com/");
    assert_eq!(asked["organization"], "org 1");
    assert_eq!(state["roles"], json!(["editor"]));
    is_standard(&sign_out, &format!("{}/oidc/logout", world.provider.issuer()));
}

#[tokio::test]
async fn auth0_of_old_signs_out_in_its_own_words() {
    let settings = [
        ("BFF_END_SESSION_ENDPOINT", "/v2/logout"),
        ("BFF_END_SESSION_RETURN", "returnTo"),
    ];
    let world = world("auth0", &settings).await;
    let (_, _, sign_out) = in_and_out(&world).await;
    assert!(sign_out.starts_with(&format!("{}/v2/logout?", world.provider.issuer())));
    let expected = [
        ("client_id", "bff".to_owned()),
        ("returnTo", format!("{ORIGIN}/signed-out")),
    ];
    assert_eq!(
        parameters(&sign_out),
        expected.map(|(name, value)| (name.to_owned(), value)).into()
    );
}

#[tokio::test]
async fn entra_gives_refresh_tokens_and_is_asked_for_no_consent() {
    let world = world("entra", &[("BFF_SCOPES", "openid profile offline_access")]).await;
    // A provider that lists consent would otherwise be asked for it (Core §11).
    world.inject(Fault::MetadataMember(
        "prompt_values_supported",
        json!(["login", "consent"]),
    ));
    let (asked, _, _) = in_and_out(&world).await;
    assert_eq!(asked["scope"], "openid profile offline_access");
    assert!(!asked.contains_key("prompt"), "{asked:?}");
}

#[tokio::test]
async fn okta_has_groups() {
    let world = world("okta", &[("BFF_SCOPES", "openid profile groups offline_access")]).await;
    world.inject(Fault::IdTokenClaim("groups", json!(["Everyone", "admin"])));
    let (asked, state, sign_out) = in_and_out(&world).await;
    assert_eq!(asked["scope"], "openid profile groups offline_access");
    assert_eq!(state["roles"], json!(["Everyone", "admin"]));
    is_standard(&sign_out, &format!("{}/end-session", world.provider.issuer()));
}

#[tokio::test]
async fn google_is_asked_for_offline_access_by_a_parameter_and_is_not_signed_out_of() {
    let world = world("google", &[("BFF_SCOPES", "openid email offline_access")]).await;
    let (asked, _, sign_out) = in_and_out(&world).await;
    assert_eq!(asked["scope"], "openid email");
    assert_eq!(
        (asked["access_type"].as_str(), asked["prompt"].as_str()),
        ("offline", "consent")
    );
    assert_eq!(sign_out, "/signed-out?provider=none");
    let world = self::world("google", &[]).await;
    let (asked, _, _) = in_and_out(&world).await;
    assert!(
        !asked.contains_key("access_type") && !asked.contains_key("prompt"),
        "only where the scopes ask for offline access"
    );
}

#[tokio::test]
async fn cognito_signs_out_in_its_own_words_and_gives_refresh_tokens_unasked() {
    let world = world("cognito", &[("BFF_SCOPES", "openid profile offline_access")]).await;
    world.inject(Fault::IdTokenClaim("cognito:groups", json!(["admin"])));
    let (asked, state, sign_out) = in_and_out(&world).await;
    assert_eq!(asked["scope"], "openid profile");
    assert!(!asked.contains_key("access_type") && !asked.contains_key("prompt"));
    assert_eq!(state["roles"], json!(["admin"]));
    assert!(
        sign_out.starts_with(&format!("{}/logout?", world.provider.issuer())),
        "{sign_out}"
    );
    let expected = [
        ("client_id", "bff".to_owned()),
        ("logout_uri", format!("{ORIGIN}/signed-out")),
    ];
    assert_eq!(
        parameters(&sign_out),
        expected.map(|(name, value)| (name.to_owned(), value)).into()
    );
}

#[tokio::test]
async fn a_setting_of_its_own_overrides_a_preset() {
    let settings = [
        ("BFF_END_SESSION_RETURN", "post_logout_redirect_uri"),
        ("BFF_ROLES_CLAIM", "roles"),
    ];
    let world = world("cognito", &settings).await;
    let (_, state, sign_out) = in_and_out(&world).await;
    assert_eq!(state["roles"], json!(["admin", "editor"]));
    is_standard(&sign_out, &format!("{}/logout", world.provider.issuer()));
}
