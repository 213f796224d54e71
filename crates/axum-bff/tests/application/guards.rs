//! The access table guards the routes of an application.

use crate::{TABLE, application, routes};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use axum::routing::post;
use axum_bff::access::{Rule, Table};
use axum_bff::config::Config;
use axum_bff::testing::{FETCH, NAVIGATE, TestBff};
use axum_bff::{ApplicationError, Bff, BuildError};
use futures::stream;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tower::ServiceExt;

#[tokio::test]
async fn every_route_of_this_application_is_reached_by_its_rules() {
    let (bff, router) = application(Bff::builder().settings(Config::in_memory(&[]).expect("settings")))
        .await
        .expect("an application");
    let listed = axum_bff::RouteList::of(&router);
    assert_eq!(listed.useless_rules(&bff.access, &[]), []);
    let table = listed.table(&bff.access);
    assert!(table.contains("/orders/{id}"), "{table}");
}

#[tokio::test]
async fn another_applications_pages_and_routes_are_protected_by_default() {
    let bff = TestBff::start(application).await;
    for path in ["/", "/fresh", "/report", "/mine"] {
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
    for path in ["/unknown", "/profile"] {
        assert_eq!(bff.browser().fetch(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(bff.browser().open("/signed-out").await.text().contains("out"));
    let mut member = bff.signed_in(json!({}), &[]).await;
    assert_eq!(member.fetch("/mine").await.text(), "the report");
    assert_eq!(
        member.open("/profile").await.status,
        StatusCode::NOT_FOUND,
        "the demonstration has this page, this application does not"
    );
    let refused = member.open("/report").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text().contains("forbidden"),
        "the application makes the problem page"
    );
    let mut staff = bff.signed_in(json!({}), &["staff"]).await;
    assert_eq!(staff.fetch("/report").await.text(), "the report");
}

/// The rule of a route holds for every spelling of an address that the route accepts.
#[tokio::test]
async fn a_rule_with_parameters_guards_every_address_of_its_routes() {
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
    // The other way round: no guarded route answers an address that its rule does not match.
    for address in ["/%6Frders/7", "/orders/", "/orders/7/8", "//orders/7"] {
        assert_eq!(guest.fetch(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

#[tokio::test]
async fn another_applications_routes_are_changed_from_its_own_pages_only() {
    let bff = TestBff::start(application).await;
    let mut staff = bff.signed_in(json!({}), &["staff"]).await;
    let elsewhere = [&NAVIGATE[..], &[("sec-fetch-site", "cross-site")]].concat();
    let refused = staff.send(Method::POST, "/report", &elsewhere, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = staff.send(Method::POST, "/report", &FETCH, "").await;
    assert_eq!(done.text(), "changed");
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
    assert_eq!(told.text(), "changed", "61 seconds are within five minutes");
    bff.clock().advance(Duration::from_mins(4));
    let told = ada.call("erase", "").await;
    assert_eq!(
        told.json()["code"],
        "step_up_required",
        "301 seconds are more than five minutes"
    );
    assert_eq!(told.json()["login"], "/auth/login?return_to=%2Ffresh");
    let mut unknown = bff.signed_in(json!({"auth_time": null}), &[]).await;
    assert_eq!(unknown.open("/fresh").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn csrf_a_route_for_machines_takes_a_post_without_an_origin_and_sees_no_session() {
    let bff = TestBff::start(application).await;
    let mut machine = bff.browser();
    let heard = machine.send(Method::POST, "/hooks/payments", &[], "paid").await;
    assert_eq!((heard.status, heard.text().as_str()), (StatusCode::OK, "heard paid"));
    assert!(
        !heard.header("x-request-id").is_empty(),
        "the log has a line with this id"
    );
    let refused = machine.send(Method::POST, "/report", &[], "paid").await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "the application's other routes are as before"
    );
    let unknown = machine.open("/hooks/unknown").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "no route has this path");
}

#[tokio::test]
async fn a_fallback_of_the_routes_for_machines_opens_no_unknown_path() {
    let bff = TestBff::start(|builder| async move {
        let machines = Router::new()
            .route("/hooks/payments", post(async || "heard"))
            .fallback(async || "to everybody");
        let bff = builder.access(TABLE).for_machines(machines).build().await?;
        Ok::<_, ApplicationError>((bff, routes()))
    })
    .await;
    let heard = bff.browser().send(Method::POST, "/hooks/payments", &[], "").await;
    assert_eq!(heard.text(), "heard");
    for path in ["/unknown", "/hooks", "/hooks/unknown"] {
        let unknown = bff.browser().open(path).await;
        let answer = (unknown.status, unknown.text() == "to everybody");
        assert_eq!(answer, (StatusCode::NOT_FOUND, false), "{path}: {}", unknown.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_route_for_machines_waits_for_the_rest_of_a_body_within_a_bound() {
    let config = Config::in_memory(&[]).expect("settings");
    let (bff, routes) = application(Bff::builder().settings(config))
        .await
        .expect("an application");
    let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
    let request = Request::post("/hooks/payments").body(body).expect("a request");
    let begun = Instant::now();
    let answer = timeout(Duration::from_hours(1), bff.router(routes).oneshot(request)).await;
    let answer = answer.expect("the server waits for a bounded time").expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() <= Duration::from_mins(1), "{:?}", begun.elapsed());
}

/// A claim that pages do not see counts in no rule: `Not` of it would let everybody in.
#[tokio::test]
async fn a_rule_about_a_claim_that_never_counts_stops_the_start() {
    const TABLE: Table = Table::new(&[
        ("/report", Rule::Not(&Rule::Claim("suspended", "true"))),
        ("/mine", Rule::Any(&[Rule::Role("staff"), Rule::Claim("level", "gold")])),
        ("/who", Rule::Claim("sub", "ada")),
    ]);
    let start = async |claims| {
        let config = Config::in_memory(&[("BFF_CLAIMS", claims)]).expect("settings");
        Bff::builder().settings(config).access(TABLE).build().await
    };
    for (claims, unseen) in [("name", &["level", "suspended"][..]), ("name suspended", &["level"])] {
        let error = start(claims).await.expect_err("rules name claims that no page sees");
        assert!(
            matches!(&error, BuildError::Claims(names) if names == unseen),
            "{error}"
        );
        assert!(error.to_string().contains("BFF_CLAIMS"), "{error}");
    }
    assert!(start("name suspended level").await.is_ok());
}
