//! Claims in userinfo or in the ID Token only, and claims of unusual types.

use super::signs_in;
use crate::rejection::MARK;
use crate::world::World;
use axum::http::StatusCode;
use provider::Fault::{IdTokenClaim, MetadataWithoutMember, UserinfoClaim, UserinfoWithoutClaim};
use provider::{Client, Endpoint, Fault, Provider, Settings};
use serde_json::{Value, json};

#[tokio::test]
async fn claims_may_stand_in_userinfo_only_or_in_the_id_token_only() {
    let world = World::start().await;
    let state = signs_in(&world, "userinfo", &vec![], vec![]).await.session().await;
    assert_eq!(state["claims"]["given_name"], "Alice");

    let in_the_id_token = || vec![IdTokenClaim("given_name", json!("Alicia"))];
    let off = vec![("BFF_USERINFO", "off")];
    let mut browser = signs_in(&world, "switched off", &off, in_the_id_token()).await;
    assert_eq!(browser.session().await["claims"]["given_name"], "Alicia");
    world.provider.heal();

    let mut faults = in_the_id_token();
    faults.push(MetadataWithoutMember("userinfo_endpoint"));
    let asked = world.provider.calls_to(Endpoint::Userinfo).len();
    let mut browser = signs_in(&world, "no userinfo endpoint", &vec![], faults).await;
    assert_eq!(browser.session().await["claims"]["given_name"], "Alicia");
    assert_eq!(world.provider.calls_to(Endpoint::Userinfo).len(), asked);
    world.provider.heal();

    let both = vec![
        IdTokenClaim("given_name", json!("Alicia")),
        UserinfoClaim("given_name", json!("Alice")),
        UserinfoWithoutClaim("family_name"),
    ];
    let state = signs_in(&world, "both", &vec![], both).await.session().await;
    assert_eq!(
        state["claims"]["given_name"], "Alicia",
        "the signed ID Token takes precedence"
    );
    assert_eq!(state["claims"].get("family_name"), None);
}

/// UI-04
#[tokio::test]
async fn claims_may_be_nested_and_of_any_type_and_stay_text() {
    let world = World::start().await;
    let script = format!("</script><script>{MARK}()</script>\u{2028}");
    let faults = vec![
        UserinfoClaim(
            "address",
            json!({"formatted": "a\nb", "geo": {"lat": 1.5, "tags": [1, null, true]}}),
        ),
        UserinfoClaim("email_verified", json!("true")),
        UserinfoClaim("updated_at", json!("2026-01-01T00:00:00Z")),
        UserinfoClaim("birthdate", json!(19_880_517)),
        UserinfoClaim("locale", json!(null)),
        UserinfoClaim("zoneinfo", json!("")),
        UserinfoClaim("name", json!(script)),
        UserinfoClaim("picture", json!(format!("javascript:{MARK}()"))),
        UserinfoClaim("website", json!(format!("https://example.com/\"onload=\"{MARK}()"))),
        UserinfoClaim("profile", json!("p".repeat(4096))),
        UserinfoClaim("iss", json!("https://evil.example")),
        UserinfoClaim("aud", json!("evil")),
        UserinfoClaim("sid", json!("another")),
        UserinfoClaim("exp", json!(1)),
        UserinfoClaim("acr", json!("high")),
        UserinfoClaim("__proto__", json!({"status": "active"})),
    ];
    let mut browser = signs_in(&world, "odd types", &vec![], faults).await;
    let claims = browser.session().await["claims"].clone();
    assert_eq!(claims["address"]["geo"]["tags"], json!([1, null, true]));
    assert_eq!(claims["email_verified"], "true");
    assert_eq!(claims["name"], script);
    for absent in ["profile", "iss", "aud", "sid", "exp", "acr", "__proto__"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    let page = browser.open("/profile").await.text();
    assert!(page.contains(MARK), "the page shows the name");
    for active in [
        format!("<script>{MARK}"),
        "=\"https://example.com/\"onload".to_owned(),
        format!("src=\"javascript:{MARK}"),
        format!("href=\"javascript:{MARK}"),
        "\u{2028}".repeat(2),
    ] {
        let at = page.find(&active).map(|at| &page[at.saturating_sub(80)..at + 80]);
        assert_eq!(at, None, "{active}");
    }
}

/// UI-05
#[tokio::test]
async fn no_claim_source_is_called() {
    let client = Client::new("bff", "https://app.example.com/", "https://app.example.com/");
    let other = Provider::start(Settings::new(client)).await.expect("it starts");
    let world = World::start().await;
    let sources = json!({
        "near": {"endpoint": format!("{}/userinfo", other.issuer()), "access_token": "x"},
        "metadata": {"endpoint": "http://169.254.169.254/latest/meta-data"},
        "aggregated": {"JWT": "e30.e30.e30"},
    });
    let names = json!({"email": "near", "name": "metadata", "address": "aggregated"});
    let members: [fn(&'static str, serde_json::Value) -> Fault; 2] = [UserinfoClaim, IdTokenClaim];
    for claim in members {
        let faults = vec![
            claim("_claim_sources", sources.clone()),
            claim("_claim_names", names.clone()),
        ];
        let mut browser = signs_in(&world, "claim sources", &vec![], faults).await;
        assert!(!browser.session().await.to_string().contains("_claim"));
        world.provider.heal();
    }
    assert!(other.calls().is_empty());
}

#[tokio::test]
async fn a_sid_may_be_missing_or_have_350_characters() {
    let world = World::start().await;
    let mut browser = signs_in(&world, "no sid", &vec![], vec![Fault::IdTokenWithoutClaim("sid")]).await;
    let subject = world.provider.subject("alice");
    world.advance(std::time::Duration::from_secs(1));
    let parts = provider::LogoutTokenParts::of_subject(&subject);
    let body = crate::backchannel_logout::form(&world.provider.logout_token(parts));
    crate::backchannel_logout::post(&world, &body).await;
    assert_eq!(browser.session().await["reason"], "provider", "ended by its subject");
    world.provider.heal();

    let sid = "s".repeat(350);
    world.advance(std::time::Duration::from_secs(1));
    let mut browser = signs_in(&world, "long sid", &vec![], vec![IdTokenClaim("sid", json!(sid))]).await;
    world.advance(std::time::Duration::from_secs(1));
    let parts = provider::LogoutTokenParts::of_session(&sid);
    let body = crate::backchannel_logout::form(&world.provider.logout_token(parts));
    crate::backchannel_logout::post(&world, &body).await;
    assert_eq!(browser.session().await["reason"], "provider", "ended by its sid");
}

fn groups_with_admin_last() -> Value {
    let mut groups: Vec<String> = (0..100)
        .map(|number| format!("a group of many words {number}"))
        .collect();
    groups.push("admin".to_owned());
    json!(groups)
}

#[tokio::test(flavor = "current_thread")]
async fn a_role_that_a_rule_names_is_kept_among_a_hundred_and_the_page_says_what_is_not() {
    let (log, _guard) = crate::leaks::Log::catch();
    let world = World::start().await;
    let settings = vec![
        ("BFF_CLAIMS", "name email_verified groups"),
        ("BFF_ROLES_CLAIM", "groups"),
    ];
    let faults = vec![UserinfoClaim("groups", groups_with_admin_last())];
    let mut alice = signs_in(&world, "many groups", &settings, faults).await;
    assert_eq!(alice.open("/admin").await.status, StatusCode::OK);
    let state = alice.session().await;
    assert_eq!(state["roles"].as_array().map(Vec::len), Some(65));
    assert_eq!(state["left_out"], json!({"claims": ["groups"], "roles": 36}));
    let page = alice.open("/profile").await.text();
    assert!(page.contains(r#""left_out":{"claims":["groups"],"roles":36}"#));
    let said = log.text();
    let line = said
        .lines()
        .find(|line| line.contains("claims_left_out"))
        .expect("a line");
    assert!(
        line.contains("claims=\"groups\"") && line.contains("roles=36"),
        "{line}"
    );
    assert!(!line.contains("a group of many words"), "the line has no value: {line}");
}

#[tokio::test]
async fn claims_that_a_provider_takes_away_are_gone_when_claims_are_read_again() {
    for fault in [
        UserinfoClaim("roles", json!([])),
        UserinfoClaim("roles", json!(null)),
        UserinfoWithoutClaim("roles"),
    ] {
        let name = format!("{fault:?}");
        let world = World::start().await;
        let mut alice = world.signed_in("alice").await;
        assert_eq!(alice.open("/admin").await.status, StatusCode::OK, "{name}");
        world.inject(fault);
        world.inject(UserinfoWithoutClaim("family_name"));
        let reread = alice.reread().await;
        assert_eq!(reread["roles"], json!([]), "{name}: {reread}");
        assert_eq!(reread["claims"].get("family_name"), None, "{name}");
        assert_eq!(reread["claims"]["given_name"], "Alice", "{name}");
        assert_eq!(alice.open("/admin").await.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn claims_of_the_id_token_alone_stay_when_claims_are_read_again() {
    let world = World::start().await;
    world.inject(UserinfoWithoutClaim("roles"));
    world.inject(IdTokenClaim("roles", json!(["admin"])));
    world.inject(IdTokenClaim("nickname", json!("Ally")));
    let mut alice = world.signed_in("alice").await;
    let reread = alice.reread().await;
    assert_eq!(
        (&reread["roles"], &reread["claims"]["nickname"]),
        (&json!(["admin"]), &json!("Ally"))
    );
    assert_eq!(alice.open("/admin").await.status, StatusCode::OK);
}
