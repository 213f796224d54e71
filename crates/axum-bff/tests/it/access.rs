//! Default deny: every page and every server function is guarded or declared public.

use crate::application::{TABLE, routes};
use crate::browser::{Browser, FETCH, NAVIGATE};
use crate::world::World;
use axum::Router;
use axum::http::{Method, StatusCode};
use axum_bff::RouteList;
use axum_bff::access::Rule;
use std::collections::BTreeSet;

/// The paths that demand more than a session, with their rules.
const GUARDED: [(&str, Rule); 4] = [
    ("/admin", Rule::Role("admin")),
    ("/orders", Rule::Claim("email_verified", "true")),
    ("/notes/erase", Rule::Fresh(300)),
    ("/_fn/erase_notes", Rule::Fresh(300)),
];

/// Pages that are open without a session.
const PUBLIC_PAGES: [&str; 3] = ["/", "/signed-out", "/sign-in-failed"];
/// Routes of the protocol, which the access table does not guard.
const PROTOCOL_ROUTES: [&str; 7] = [
    "/auth/login",
    "/auth/callback",
    "/auth/logout",
    "/auth/logout/provider",
    "/auth/session",
    "/auth/events",
    "/auth/jwks",
];
const HEALTH_ROUTES: [&str; 2] = ["/livez", "/readyz"];

#[tokio::test]
async fn every_page_is_guarded_or_declared_public() {
    let world = World::start().await;
    let listed = RouteList::of(&routes());
    let paths: BTreeSet<&str> = listed.paths().filter(|path| !path.starts_with("/_fn/")).collect();
    assert!(
        paths.len() >= 5 && paths.contains("/profile") && paths.contains("/admin"),
        "{paths:?}"
    );
    for path in paths {
        let answer = world.browser().open(path).await;
        if PUBLIC_PAGES.contains(&path) {
            assert_eq!(TABLE.access().rule(path), Rule::Public);
            assert_ne!(answer.status, StatusCode::SEE_OTHER, "{path}");
        } else {
            assert_ne!(
                TABLE.access().rule(path),
                Rule::Public,
                "{path} is public, and this test does not list it"
            );
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(
                answer
                    .location()
                    .is_some_and(|to| to.starts_with("/auth/login?return_to=")),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn every_server_function_is_guarded() {
    let world = World::start().await;
    let listed = RouteList::of(&routes());
    let functions: Vec<&str> = listed.paths().filter(|path| path.starts_with("/_fn/")).collect();
    assert!(functions.contains(&"/_fn/reread_claims"), "{functions:?}");
    for path in functions {
        let answer = world.browser().send(Method::POST, path, &FETCH, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["login"], "/auth/login");
        assert!(answer.location().is_none() && answer.set_cookies().is_empty());
    }
}

/// The refusal that a rule has for a person with nothing but a session: Bob, who signed in some minutes ago.
fn refusal(rule: Rule) -> Option<(StatusCode, &'static str)> {
    match rule {
        Rule::Nobody | Rule::Role(_) | Rule::Any(_) | Rule::Not(_) | Rule::Check(_) => {
            Some((StatusCode::FORBIDDEN, "forbidden"))
        }
        Rule::Claim(..) => Some((StatusCode::FORBIDDEN, "claim_missing")),
        Rule::Fresh(_) | Rule::Prompted(_) | Rule::Acr(_) => Some((StatusCode::UNAUTHORIZED, "step_up_required")),
        Rule::Public | Rule::SignedIn | Rule::All(_) => None,
    }
}

#[tokio::test]
async fn each_rule_beyond_a_session_is_listed_here_and_refused_when_it_is_unmet() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    world.advance(std::time::Duration::from_secs(301));
    let listed = RouteList::of(&routes());
    let mut met = BTreeSet::new();
    // The handler of `/vault` asks for more than its rule (`step_up_by_handler`).
    for path in listed.paths().filter(|path| *path != "/vault") {
        let method = if path.starts_with("/_fn/") {
            Method::POST
        } else {
            Method::GET
        };
        let more = GUARDED.iter().find(|(guarded, _)| *guarded == path);
        let expected = more.map_or(Rule::SignedIn, |(_, rule)| *rule);
        if !PUBLIC_PAGES.contains(&path) {
            assert_eq!(TABLE.access().rule(path), expected, "{path}");
        }
        let answer = bob.send(method, path, &FETCH, "").await;
        match refusal(expected) {
            Some((status, code)) => {
                assert_eq!(
                    (answer.status, &answer.json()["code"]),
                    (status, &code.into()),
                    "{path}"
                );
                met.insert(path);
            }
            None => assert!(
                ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status),
                "{path}: {}",
                answer.status
            ),
        }
    }
    assert_eq!(met.len(), GUARDED.len(), "{met:?}");
}

/// PRX-06
#[tokio::test]
async fn every_route_beside_the_pages_is_listed_here() {
    let world = World::start().await;
    for path in PROTOCOL_ROUTES.iter().chain(&HEALTH_ROUTES) {
        let answer = world.browser().send(Method::GET, path, &NAVIGATE, "").await;
        let asks_to_sign_in = answer.location().is_some_and(|to| to.starts_with("/auth/login"));
        assert!(!asks_to_sign_in, "{path} does not lead to the sign-in");
    }
    for path in [
        "/unknown",
        "/auth/unknown",
        "/auth",
        "/api",
        "/_fn/unknown",
        "/admin/x",
        "/Profile",
        "/profile/x",
    ] {
        let answer = world.browser().open(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} has no route");
        let answer = world.browser().fetch(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    // The relay serves no page, so it never redirects (PRX-06).
    for answer in [
        world.browser().open("/api/x").await,
        world.browser().fetch("/api/x").await,
    ] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

/// RED-06
#[tokio::test]
async fn a_navigation_is_sent_to_the_login_and_a_fetch_is_told() {
    let world = World::start().await;
    let cases: [(&[(&str, &str)], StatusCode); 5] = [
        (&NAVIGATE, StatusCode::SEE_OTHER),
        (&[("accept", "text/html")], StatusCode::SEE_OTHER),
        (&FETCH, StatusCode::UNAUTHORIZED),
        (
            &[("sec-fetch-mode", "cors"), ("accept", "text/html")],
            StatusCode::UNAUTHORIZED,
        ),
        (&[], StatusCode::UNAUTHORIZED),
    ];
    for (headers, status) in cases {
        let answer = world.browser().send(Method::GET, "/profile", headers, "").await;
        assert_eq!(answer.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn a_deep_link_comes_back_to_its_page_with_its_query() {
    let world = World::start().await;
    let mut browser = world.browser();
    let refused = browser.open("/profile?filter=mail").await;
    let login = refused.location().expect("a location").to_owned();
    let start = browser.open(&login).await;
    let callback = world
        .provider
        .authorize(start.location().expect("a location"), "alice")
        .await;
    assert_eq!(
        browser.open(callback.as_str()).await.location(),
        Some("/profile?filter=mail")
    );
}

#[tokio::test]
async fn a_page_that_needs_a_role_is_refused_without_it() {
    let world = World::start().await;
    assert_eq!(
        world.signed_in("alice").await.open("/admin").await.status,
        StatusCode::OK
    );
    let mut bob = world.signed_in("bob").await;
    let refused = bob.open("/admin").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("forbidden") || refused.text().contains("role"));
    assert!(refused.text().contains("Bob"), "the page knows who is signed in");
    assert_eq!(bob.fetch("/admin").await.json()["code"], "forbidden");
}

/// HDR-06
#[tokio::test]
async fn an_unknown_page_is_404_for_everybody_signed_in_or_not() {
    let world = World::start().await;
    for mut browser in [world.browser(), world.signed_in("alice").await] {
        let missing = browser.open("/account/x.css").await;
        assert_eq!(
            (missing.status, missing.header("cache-control")),
            (StatusCode::NOT_FOUND, "no-store"),
            "HDR-06"
        );
        assert!(missing.text().contains(missing.header("x-request-id")));
        let missing = browser.open("/pkg/unknown.js").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(!missing.text().contains("Alice"));
    }
}

#[tokio::test]
async fn a_fallback_of_the_application_needs_a_session() {
    let everything = |_: &axum_bff::Bff| Router::new().fallback(async || "everything else");
    let world = World::start().await;
    let application = world.replica_routing(everything, |_| {}).await;
    let mut stranger = Browser::new(application.clone());
    assert_eq!(stranger.open("/unknown").await.status, StatusCode::SEE_OTHER);
    let mut alice = world.signed_in("alice").await.at(application);
    assert_eq!(alice.fetch("/unknown").await.text(), "everything else");
}

#[tokio::test]
async fn a_page_is_not_prepared_in_advance() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for (header, value) in [
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch"),
        ("purpose", "prefetch"),
    ] {
        for path in ["/profile", "/", "/auth/login"] {
            let headers: Vec<_> = NAVIGATE.iter().copied().chain([(header, value)]).collect();
            let answer = alice.send(Method::GET, path, &headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {value}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path} {value}");
            assert!(answer.set_cookies().is_empty(), "{path} {value}");
            assert!(!answer.text().contains("alice"), "{path} {value}");
        }
    }
    assert_eq!(alice.open("/profile").await.status, StatusCode::OK);
}
