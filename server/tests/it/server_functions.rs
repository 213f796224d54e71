//! `leptos_bff::server` in the code of a server function.

use crate::browser::Browser;
use crate::world::World;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::Api;
use axum_bff::access::{Rule, Table};
use axum_bff::problem::Problem;
use leptos::prelude::{Owner, provide_context};
use tokio::net::TcpListener;

const PUBLIC: Table = Table::new(&[("/code/total", Rule::Public)]);

/// Runs `leptos_bff::server::api` as in a server function, which Leptos calls with the request in a context.
async fn total(request: Request) -> Result<String, Json<Problem>> {
    let (parts, _) = request.into_parts();
    let orders = Owner::new().with(|| {
        provide_context(parts);
        leptos_bff::server::api("orders")
    });
    asked_for_total(orders).await.map_err(Json)
}

async fn asked_for_total(orders: Result<Api, Problem>) -> Result<String, Problem> {
    let answer = orders?.get("/total").send().await?;
    Ok(answer.error_for_status()?.text().await?)
}

/// The API, which answers only calls with a token.
async fn seven(headers: HeaderMap) -> Result<&'static str, StatusCode> {
    if headers.contains_key("authorization") {
        Ok("7")
    } else {
        Err(StatusCode::UNAUTHORIZED)
    }
}

#[tokio::test]
async fn a_server_function_calls_for_the_person_of_its_request_and_fails_with_a_problem() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let api = tokio::spawn(async { axum::serve(listener, Router::new().route("/total", get(seven))).await });
    let world = World::start_with(&[("BFF_API_ORDERS", &url)]).await;
    let change = |parts: &mut axum_bff::Components| parts.access = PUBLIC.access();
    let routes = |_: &axum_bff::Bff| Router::new().route("/code/total", get(total));
    let application = world.replica_routing(routes, change).await;
    let refused = Browser::new(application.clone()).fetch("/code/total").await.json();
    assert_eq!(
        (&refused["status"], &refused["code"]),
        (&401.into(), &"sign_in_required".into())
    );
    let mut alice = world.signed_in("alice").await.at(application);
    assert_eq!(alice.fetch("/code/total").await.text(), "7");
    api.abort();
    assert!(api.await.expect_err("it is gone").is_cancelled());
    let failed = alice.fetch("/code/total").await.json();
    assert_eq!(
        (&failed["status"], &failed["code"]),
        (&502.into(), &"upstream_unreachable".into())
    );
}
