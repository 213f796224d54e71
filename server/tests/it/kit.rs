//! Another application on this server: what it brings is guarded like our own pages, and what it is
//! told to write is what the tests compile.

use crate::browser::{FETCH, NAVIGATE};
use app::access::{Rule, Table};
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router as Pages};
use leptos_router::path;
use serde_json::{Value, json};
use server::Application;
use server::testing::Bff;
use std::path::Path;
use std::time::Duration;

const TABLE: Table = Table::new(&[
    ("/signed-out", Rule::Public),
    ("/fresh", Rule::Fresh(60)),
    ("/report", Rule::Role("staff")),
    ("/orders/{id}", Rule::Any(&[Rule::Role("clerk"), Rule::Role("staff")])),
    ("/files/{*rest}", Rule::Not(&Rule::Role("guest"))),
]);

fn application() -> Application {
    let report = get(|| async { "the report" }).post(|| async { "changed" });
    let routes = Router::new()
        .route("/report", report.clone())
        .route("/mine", report.clone())
        .route("/orders/{id}", report.clone())
        .route("/files/{folder}/{name}", report);
    Application::new(root, TABLE).with_routes(routes)
}

fn root() -> impl IntoView {
    let problem = app::provide_bff(TABLE);
    let pages = view! {
        <Pages>
            <FlatRoutes fallback=|| "nowhere">
                <Route path=path!("/") view=|| "home" />
                <Route path=path!("/fresh") view=|| "fresh" />
                <Route path=path!("/signed-out") view=|| "out" />
            </FlatRoutes>
        </Pages>
    };
    match problem {
        Some(problem) => problem.code.into_any(),
        None => pages.into_any(),
    }
}

#[tokio::test]
async fn invariant_2_another_applications_pages_and_routes_are_protected_by_default() {
    let bff = Bff::start(application()).await;
    for path in ["/", "/fresh", "/report", "/mine", "/unknown", "/profile"] {
        assert_eq!(
            bff.browser().fetch(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let led = bff.browser().open(path).await;
        assert!(
            led.location()
                .is_some_and(|to| to.starts_with("/auth/login?return_to=")),
            "{path}"
        );
    }
    assert!(bff.browser().open("/signed-out").await.text().contains("out"));
    let mut member = bff.signed_in(json!({}), &[]).await;
    assert_eq!(member.fetch("/mine").await.text(), "the report");
    assert_eq!(
        member.open("/profile").await.status,
        StatusCode::NOT_FOUND,
        "a page of ours"
    );
    let refused = member.open("/report").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("forbidden"), "the application says it itself");
    let mut staff = bff.signed_in(json!({}), &["staff"]).await;
    assert_eq!(staff.fetch("/report").await.text(), "the report");
}

/// Every spelling of an address that a route takes meets the rule of that route.
#[tokio::test]
async fn invariant_2_a_rule_with_parameters_guards_every_address_of_its_routes() {
    let bff = Bff::start(application()).await;
    let mut clerk = bff.signed_in(json!({}), &["clerk"]).await;
    let mut guest = bff.signed_in(json!({}), &["guest"]).await;
    for address in [
        "/orders/7",
        "/orders/%37",
        "/orders/a%2Fb",
        "/orders/7?all",
        "/orders/%E2%9C%93",
    ] {
        assert_eq!(clerk.fetch(address).await.text(), "the report", "{address}");
        let refused = guest.fetch(address).await;
        assert_eq!(
            (refused.status, refused.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("forbidden"))
        );
        assert_eq!(
            bff.browser().fetch(address).await.status,
            StatusCode::UNAUTHORIZED,
            "{address}"
        );
    }
    for address in ["/files/a/b", "/files/a%2F/b", "/files/%61/b"] {
        assert_eq!(clerk.fetch(address).await.text(), "the report", "{address}");
        assert_eq!(guest.fetch(address).await.status, StatusCode::FORBIDDEN, "{address}");
    }
    // The other way round: what the rule does not match, no route of it answers.
    for address in ["/%6Frders/7", "/orders/", "/orders/7/8", "//orders/7"] {
        assert_eq!(guest.fetch(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn csrf_another_applications_routes_are_changed_from_its_own_pages_only() {
    let bff = Bff::start(application()).await;
    let mut staff = bff.signed_in(json!({}), &["staff"]).await;
    let elsewhere = [&NAVIGATE[..], &[("sec-fetch-site", "cross-site")]].concat();
    let refused = staff.send(Method::POST, "/report", &elsewhere, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = staff.send(Method::POST, "/report", &FETCH, "").await;
    assert_eq!(done.text(), "changed");
}

#[tokio::test]
async fn hdr_11_a_handler_that_panics_is_a_page_that_tells_nothing() {
    async fn broken() -> &'static str {
        panic!("canary of a panic")
    }
    let application = application().with_routes(Router::new().route("/broken", get(broken)));
    let bff = Bff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let page = ada.open("/broken").await;
    let told = ada.fetch("/broken").await;
    for answer in [&page, &told] {
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
    assert_eq!(told.json()["code"], "internal");
    assert!(page.text().contains("internal"), "the application's own page says it");
    assert_eq!(
        ada.fetch("/mine").await.text(),
        "the report",
        "the next request is served"
    );
}

#[tokio::test]
async fn a_person_of_the_tests_has_just_authenticated_unless_the_claims_say_otherwise() {
    let bff = Bff::start(application()).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert!(ada.open("/fresh").await.text().contains("fresh"));
    bff.clock().advance(Duration::from_secs(61));
    let led = ada.open("/fresh").await;
    assert_eq!(led.location(), Some("/auth/login?return_to=%2Ffresh"));
    let told = ada.call("erase_notes", "").await;
    assert_eq!(told.json()["code"], Value::Null, "nobody waits five minutes here");
    bff.clock().advance(Duration::from_mins(4));
    let told = ada.call("erase_notes", "").await;
    assert_eq!(
        told.json()["code"],
        "step_up_required",
        "a function of ours asks for what it needs"
    );
    assert_eq!(told.json()["login"], "/auth/login?return_to=%2Ffresh");
    let mut unknown = bff.signed_in(json!({"auth_time": null}), &[]).await;
    assert_eq!(unknown.open("/fresh").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn pages_see_the_claims_that_the_settings_let_through() {
    let bff = Bff::start_with(application(), &[("BFF_CLAIMS", "level")]).await;
    let mut ada = bff
        .signed_in(json!({"sub": "ada", "level": 3, "name": "Ada"}), &[])
        .await;
    assert_eq!(
        ada.fetch("/auth/session").await.json()["claims"],
        json!({"sub": "ada", "level": 3})
    );
}

#[tokio::test]
async fn another_document_may_stand_around_the_pages() {
    let application = application().with_shell(|assets, root| {
        view! {
            <html>
                <body data-style=assets.style>"around " {root}</body>
            </html>
        }
    });
    let page = Bff::start(application).await.browser().open("/signed-out").await.text();
    assert!(
        page.contains("around") && page.contains("out") && page.contains("/pkg/frontend.css"),
        "{page}"
    );
}

#[test]
fn the_code_of_the_kits_documentation_is_that_of_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect("a file");
    let (told, example) = (read("../docs/kit.md"), read("examples/own_application.rs"));
    let blocks: Vec<&str> = told
        .split("```rust\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(blocks.len() >= 6, "{}", blocks.len());
    for block in blocks {
        assert!(example.contains(block), "not in the example:\n{block}");
    }
}
