//! Checks of the application decide about pages, server functions, routes and relayed APIs.

#![expect(clippy::unused_async, reason = "a check is asynchronous, whether it waits or not")]

use axum::extract::Path;
use axum::http::{Method, StatusCode, Uri};
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::testing::{Answer, Browser, FETCH, FakeApi, TestBff};
use axum_bff::{ApplicationError, Bff, Builder, RouteList, Session, access};
use serde_json::json;
use std::sync::{Arc, Mutex};

const TABLE: Table = access! {
    "/signed-out" => Public,
    "/orders/{id}" => Any(&[Role("staff"), Check("owns_order")]),
    "/files/{*rest}" => Check("sees_file"),
    "/_fn/close_month" => All(&[Role("clerk"), Check("is_month_over")]),
    api "stock" => Check("may_call"),
};

/// The state of the application: the questions that its checks got.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    fn note(&self, text: String) {
        self.0.lock().expect("no panic").push(text);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

async fn owns_order(asked: Asked, id: u64, session: Session) -> Result<bool, ApplicationError> {
    asked.note(format!("order {id} of {}", session.subject()));
    Ok(id == 7 && session.subject() == "ada")
}

async fn sees_file(asked: Asked, path: String, uri: Uri) -> Result<bool, ApplicationError> {
    asked.note(format!("file {path} at {uri}"));
    Ok(path == "a/b c")
}

async fn may_call(asked: Asked, method: Method, below: Option<Path<String>>) -> Result<bool, ApplicationError> {
    asked.note(format!("{method} {:?}", below.map(|Path(below)| below)));
    Ok(method == Method::GET)
}

async fn application(builder: Builder, asked: Asked) -> Result<(Bff, Router), ApplicationError> {
    let (order, file, call) = (asked.clone(), asked.clone(), asked.clone());
    let builder = builder
        .access(TABLE)
        .check("owns_order", move |Path(id): Path<u64>, session: Session| {
            owns_order(order.clone(), id, session)
        })
        .check("sees_file", move |Path(path): Path<String>, uri: Uri| {
            sees_file(file.clone(), path, uri)
        })
        .check("is_month_over", move || {
            asked.note("month".to_owned());
            std::future::ready(Ok(true))
        })
        .check("may_call", move |method: Method, below: Option<Path<String>>| {
            may_call(call.clone(), method, below)
        });
    Ok((builder.build().await?, routes()))
}

/// The routes name their parameters otherwise than the rules do: a check has to get those of its rule.
fn routes() -> Router {
    let path = get(async |Path(number): Path<String>| format!("order {number}"));
    let file = get(async |Path((folder, name)): Path<(String, String)>| format!("file {folder} {name}"));
    Router::new()
        .route("/signed-out", get(async || "out"))
        .route("/orders/{number}", path)
        .route("/files/{folder}/{name}", file)
        .route(
            "/_fn/close_month",
            post(async |body: String| format!("closed with {body}")),
        )
}

async fn start(settings: &[(&str, &str)]) -> (TestBff, Asked) {
    let asked = Asked::default();
    let bff = TestBff::start_with(|builder| application(builder, asked.clone()), settings).await;
    (bff, asked)
}

async fn person(bff: &TestBff, name: &str, roles: &[&str]) -> Browser {
    bff.signed_in(json!({"sub": name}), roles).await
}

/// Calls as a script of the application's page does.
async fn call(browser: &mut Browser, method: Method, path: &str) -> Answer {
    let headers = [&FETCH[..], &[("x-csrf", "1")]].concat();
    browser.send(method, path, &headers, "").await
}

#[tokio::test]
async fn a_check_opens_a_page_for_its_person_and_refuses_others_as_a_missing_role_does() {
    let (bff, asked) = start(&[]).await;
    let (mut ada, mut grace) = (person(&bff, "ada", &[]).await, person(&bff, "grace", &[]).await);
    for address in ["/orders/7", "/orders/%37", "/orders/7?print"] {
        assert_eq!(ada.open(address).await.text(), "order 7", "{address}");
        assert_eq!(asked.take(), ["order 7 of ada"], "{address}");
        let refused = grace.fetch(address).await;
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (StatusCode::FORBIDDEN, &json!("forbidden")),
            "{address}"
        );
        assert_eq!(grace.open(address).await.status, StatusCode::FORBIDDEN);
        assert_eq!(asked.take(), ["order 7 of grace"; 2], "{address}");
    }
    assert_eq!(ada.open("/orders/8").await.status, StatusCode::FORBIDDEN);
    // An extractor of the check that refuses the parameter lets nobody through either.
    assert_eq!(ada.open("/orders/none").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ada.open("/orders/%FF").await.status, StatusCode::BAD_REQUEST);
}

/// A check may cost a database query. A stranger causes none, and neither does a person whose session decides already.
#[tokio::test]
async fn no_check_is_asked_for_a_stranger_nor_where_the_session_decides() {
    let (bff, asked) = start(&[]).await;
    for path in ["/orders/7", "/files/a/b", "/api/stock/1"] {
        assert_eq!(
            bff.browser().fetch(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    assert_eq!(bff.browser().open("/orders/7").await.status, StatusCode::SEE_OTHER);
    let mut staff = person(&bff, "grace", &["staff"]).await;
    assert_eq!(staff.open("/orders/7").await.status, StatusCode::OK);
    assert_eq!(staff.call("close_month", "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(asked.take(), [""; 0]);
}

#[tokio::test]
async fn a_check_has_the_parameters_of_its_rule_and_not_those_of_the_route() {
    let (bff, asked) = start(&[]).await;
    let mut ada = person(&bff, "ada", &[]).await;
    assert_eq!(ada.open("/files/a/b%20c").await.text(), "file a b c");
    assert_eq!(asked.take(), ["file a/b c at /files/a/b%20c"]);
    assert_eq!(ada.open("/files/a/b").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_check_of_a_server_function_leaves_it_its_arguments() {
    let (bff, asked) = start(&[]).await;
    let mut clerk = person(&bff, "ada", &["clerk"]).await;
    assert_eq!(
        clerk.call("close_month", "month=11").await.text(),
        "closed with month=11"
    );
    assert_eq!(asked.take(), ["month"]);
}

/// PRX-01
#[tokio::test]
async fn a_check_of_a_relayed_api_is_asked_before_the_api_is() {
    let stock = FakeApi::start("stock", |_| Json(json!({"left": 3}))).await;
    let (bff, asked) = start(&stock.settings()).await;
    let mut ada = person(&bff, "ada", &[]).await;
    assert_eq!(
        call(&mut ada, Method::GET, "/api/stock/items/1").await.json(),
        json!({"left": 3})
    );
    assert_eq!(stock.take_calls()[0].target, "/items/1");
    let refused = call(&mut ada, Method::POST, "/api/stock/items/1").await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &json!("forbidden"))
    );
    assert!(stock.take_calls().is_empty(), "the API was not called");
    assert_eq!(call(&mut ada, Method::GET, "/api/stock").await.status, StatusCode::OK);
    assert_eq!(
        asked.take(),
        ["GET Some(\"items/1\")", "POST Some(\"items/1\")", "GET None"]
    );
}

#[tokio::test]
async fn a_check_without_a_function_or_a_function_without_a_rule_stops_the_start() {
    async fn yes() -> Result<bool, ApplicationError> {
        Ok(true)
    }
    let config = || axum_bff::config::Config::in_memory(&[]).expect("settings");
    let builder = || Bff::builder().settings(config());
    let table = access! { "/a" => Check("a"), "/b" => Any(&[Role("b"), Not(&Check("b"))]) };
    for (builder, expected) in [
        (
            builder().access(table),
            vec!["\"a\" has no function", "\"b\" has no function"],
        ),
        (builder().access(table).check("a", yes), vec!["\"b\" has no function"]),
        (
            builder().access(table).check("a", yes).check("c", yes),
            vec!["\"b\" has no function", "\"c\" has a function, and no rule names it"],
        ),
    ] {
        let error = builder.build().await.expect_err("it does not start").to_string();
        assert_eq!(error.matches("the check").count(), expected.len(), "{error}");
        for text in expected {
            assert!(error.contains(text), "{error}");
        }
    }
    assert!(
        builder()
            .access(table)
            .check("a", yes)
            .check("b", yes)
            .build()
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn every_route_is_listed_with_its_rule() {
    let asked = Asked::default();
    let config = axum_bff::config::Config::in_memory(&[]).expect("settings");
    let built = application(Bff::builder().settings(config), asked).await;
    let (bff, router) = built.expect("it starts");
    assert_eq!(
        RouteList::of(&router).table(&bff.access),
        "/_fn/close_month        all of (role clerk, check is_month_over)\n\
         /files/{folder}/{name}  check sees_file  by the rule for /files/{*rest}\n\
         /orders/{number}        any of (role staff, check owns_order)  by the rule for /orders/{id}\n\
         /signed-out             anybody\n\
         /api/stock              check may_call  for the relayed API\n"
    );
}

#[tokio::test]
async fn a_handler_that_requires_a_check_is_told_so_and_lets_nobody_through() {
    async fn own(session: Session) -> Result<&'static str, axum_bff::error::Error> {
        session.require(Rule::Check("owns_order"))?;
        Ok("let through")
    }
    let application = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        Ok((builder.build().await?, Router::new().route("/own", get(own))))
    };
    let bff = TestBff::start(application).await;
    let answer = person(&bff, "ada", &[]).await.fetch("/own").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}
