//! An application behind `axum-bff`, without Leptos: its routes are guarded, and its failures are pages.

use axum::extract::Extension;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::paths::Paths;
use axum_bff::problem::Problem;
use axum_bff::testing::{FETCH, NAVIGATE, TestBff};
use axum_bff::{ApplicationError, Bff, Builder, Session};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

const TABLE: Table = Table::new(&[
    ("/signed-out", Rule::Public),
    ("/who", Rule::Public),
    ("/fresh", Rule::Fresh(60)),
    ("/_fn/erase", Rule::Fresh(300)),
    ("/report", Rule::Role("staff")),
    ("/orders/{id}", Rule::Any(&[Rule::Role("clerk"), Rule::Role("staff")])),
    ("/files/{*rest}", Rule::Not(&Rule::Role("guest"))),
]);

#[derive(Deserialize)]
struct Profile {
    name: String,
}

async fn problem(Extension(problem): Extension<Problem>) -> String {
    problem.code
}

async fn me(session: Session<Profile>) -> Json<Value> {
    Json(json!({"name": session.claims().name, "subject": session.subject(), "roles": session.roles()}))
}

async fn who(session: Option<Session>) -> String {
    session.map_or_else(|| "nobody".to_owned(), |session| session.subject().to_owned())
}

async fn danger(session: Session) -> Result<&'static str, axum_bff::error::Error> {
    session.require(Rule::Fresh(60))?;
    Ok("done")
}

fn routes() -> Router {
    let report = get(|| async { "the report" }).post(|| async { "changed" });
    Router::new()
        .route("/", get(|| async { "home" }))
        .route("/fresh", get(|| async { "fresh" }))
        .route("/signed-out", get(|| async { "out" }))
        .route("/_fn/erase", report.clone())
        .route("/report", report.clone())
        .route("/mine", report.clone())
        .route("/orders/{id}", report.clone())
        .route("/files/{folder}/{name}", report)
        .route("/me", get(me))
        .route("/who", get(who))
        .route("/danger", get(danger))
}

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    Ok((builder.access(TABLE).problem_page(problem).build().await?, routes()))
}

#[tokio::test]
async fn every_route_of_this_application_is_reached_by_its_rules() {
    let (bff, router) =
        application(Bff::builder().settings(axum_bff::config::Config::in_memory(&[]).expect("settings")))
            .await
            .expect("an application");
    let listed = axum_bff::RouteList::of(&router);
    assert_eq!(listed.useless_rules(&bff.access, &[]), []);
    let table = listed.table(&bff.access);
    assert!(table.contains("/orders/{id}"), "{table}");
}

#[tokio::test]
async fn invariant_2_another_applications_pages_and_routes_are_protected_by_default() {
    let bff = TestBff::start(application).await;
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
    let bff = TestBff::start(application).await;
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
    let bff = TestBff::start(application).await;
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
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let router = routes().route("/broken", get(broken));
        Ok((builder.problem_page(problem).build().await?, router))
    };
    let bff = TestBff::start(application).await;
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
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert!(ada.open("/fresh").await.text().contains("fresh"));
    bff.clock().advance(Duration::from_secs(61));
    let led = ada.open("/fresh").await;
    assert_eq!(led.location(), Some("/auth/login?return_to=%2Ffresh"));
    let told = ada.call("erase", "").await;
    assert_eq!(told.text(), "changed", "nobody waits five minutes here");
    bff.clock().advance(Duration::from_mins(4));
    let told = ada.call("erase", "").await;
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
    let bff = TestBff::start_with(application, &[("BFF_CLAIMS", "level")]).await;
    let mut ada = bff
        .signed_in(json!({"sub": "ada", "level": 3, "name": "Ada"}), &[])
        .await;
    assert_eq!(
        ada.fetch("/auth/session").await.json()["claims"],
        json!({"sub": "ada", "level": 3})
    );
}

#[tokio::test]
async fn the_session_of_a_handler_has_the_claims_as_its_type() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({"sub": "ada", "name": "Ada"}), &["staff"]).await;
    let told = ada.fetch("/me").await.json();
    assert_eq!(told, json!({"name": "Ada", "subject": "ada", "roles": ["staff"]}));
    assert_eq!(ada.fetch("/who").await.text(), "ada");
    assert_eq!(bff.browser().fetch("/who").await.text(), "nobody");
    assert_eq!(bff.browser().fetch("/me").await.status, StatusCode::UNAUTHORIZED);
    let mut nameless = bff.signed_in(json!({"sub": "bob"}), &[]).await;
    let refused = nameless.fetch("/me").await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &json!("claim_missing"))
    );
}

#[tokio::test]
async fn authz_11_a_handler_asks_for_a_step_up_by_itself() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    assert_eq!(ada.open("/danger").await.text(), "done");
    bff.clock().advance(Duration::from_secs(61));
    let led = ada.open("/danger").await;
    assert_eq!(led.status, StatusCode::SEE_OTHER);
    let told = ada.fetch("/danger").await;
    assert_eq!(
        (told.status, &told.json()["code"]),
        (StatusCode::UNAUTHORIZED, &json!("step_up_required"))
    );
}

#[tokio::test]
async fn a_handler_outside_of_the_layer_gets_no_session() {
    use tower::ServiceExt;
    let unlayered: Router = Router::new().route("/me", get(me));
    let request = axum::http::Request::get("/me")
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = unlayered.oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

/// Whatever brings a policy keeps it, and whatever is no page may run nothing.
#[tokio::test]
async fn hdr_02_a_page_without_a_policy_runs_its_own_files_and_nothing_inline() {
    use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
    const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let typed = |kind: &'static str| get(async move || ([(CONTENT_TYPE, kind)], "<p>content</p>"));
        let own = get(async || ([(CONTENT_TYPE, "text/html"), (CONTENT_SECURITY_POLICY, "sandbox")], ""));
        let router = Router::new()
            .route("/page", typed("text/html; charset=utf-8"))
            .route("/shouted", typed("Text/HTML"))
            .route("/text", typed("text/plain"))
            .route("/drawing", typed("image/svg+xml"))
            .route("/own", own);
        Ok((builder.build().await?, router))
    };
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    for path in ["/page", "/shouted"] {
        let page = ada.open(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' "),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("nonce") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
    for (path, policy) in [("/text", NOTHING), ("/drawing", NOTHING), ("/own", "sandbox")] {
        assert_eq!(ada.open(path).await.header("content-security-policy"), policy, "{path}");
    }
    // The page that leads on from a sign-out is ours, and needs nothing.
    let onward = ada.submit("/auth/logout").await;
    assert_eq!(onward.header("content-security-policy"), NOTHING);
    assert_eq!(onward.header("referrer-policy"), "no-referrer");
}

/// A browser without Fetch Metadata says `Origin: null` for a form of a page that names no referrer.
#[tokio::test]
async fn csrf_04_hdr_01_the_problem_page_of_an_auth_route_is_a_page_of_the_application() {
    let html = async |Extension(problem): Extension<Problem>| axum::response::Html(problem.code);
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.problem_page(html).build().await?, routes()))
    };
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    for path in ["/auth/logout", "/auth/unknown"] {
        let page = ada.open(path).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' "),
            "{path}: {policy}"
        );
    }
    let told = ada.fetch("/auth/logout").await;
    assert_eq!(
        told.header("referrer-policy"),
        "no-referrer",
        "a document for a script is no page"
    );
}

#[tokio::test]
async fn an_application_without_a_page_for_problems_has_a_plain_one() {
    let plain = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.access(TABLE).build().await?, routes()))
    };
    let bff = TestBff::start(plain).await;
    let mut ada = bff.signed_in(json!({}), &[]).await;
    let page = ada.open("/report").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text().contains("Forbidden") && page.text().contains("forbidden"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn hdr_01_pages_may_load_what_the_settings_name() {
    let page = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let html = get(async || axum::response::Html("<p>a page</p>"));
        Ok((builder.access(TABLE).build().await?, routes().route("/page", html)))
    };
    let sources = "img-src https://cdn.example.com; frame-src https://video.example.com";
    let bff = TestBff::start_with(page, &[("BFF_PAGE_SOURCES", sources)]).await;
    let page = bff.signed_in(json!({}), &[]).await.open("/page").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("img-src 'self' data: https://cdn.example.com;"),
        "{policy}"
    );
    assert!(
        policy.ends_with("object-src 'none'; frame-src https://video.example.com"),
        "{policy}"
    );
}

#[tokio::test]
async fn two_applications_on_one_host_have_cookies_of_their_own() {
    let bff = TestBff::start_with(application, &[("BFF_COOKIE_NAME", "shop")]).await;
    let mut ada = bff.signed_in(json!({"sub": "ada"}), &[]).await;
    assert!(ada.cookies.contains_key("__Host-Http-shop"), "{:?}", ada.cookies.keys());
    assert_eq!(ada.fetch("/who").await.text(), "ada");
    let mut neighbour = bff.browser();
    neighbour.cookies = ada
        .cookies
        .values()
        .map(|id| ("__Host-Http-session".to_owned(), id.clone()))
        .collect();
    assert_eq!(
        neighbour.fetch("/who").await.text(),
        "nobody",
        "a cookie of another application"
    );
    for wrong in ["a b", "a;b", "", "é"] {
        assert!(
            axum_bff::config::Config::in_memory(&[("BFF_COOKIE_NAME", wrong)]).is_err() || wrong.is_empty(),
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn signing_in_and_out_leads_to_the_pages_that_the_application_names() {
    let own = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let paths = Paths {
            signed_out: "/bye",
            after_sign_in: "/who",
            ..Paths::DEFAULT
        };
        Ok((builder.access(TABLE).paths(paths).build().await?, routes()))
    };
    let bff = TestBff::start(own).await;
    let out = bff.browser().send(Method::POST, "/auth/logout", &FETCH, "").await;
    assert_eq!(out.location(), Some("/bye"));
}
