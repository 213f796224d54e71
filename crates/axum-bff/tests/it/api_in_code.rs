//! APIs that the application's own code calls, by the same rules as the relay and by the same implementation.

mod bounds;
mod secrets;
mod tokens;

use crate::browser::Browser;
use crate::world::World;
use axum::body::Body;
use axum::extract::Path;
use axum::http::Method;
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::error::Error;
use axum_bff::{Api, ApiName, Bff, Components, Session};
use futures::future::try_join_all;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

struct Orders;

impl ApiName for Orders {
    const NAME: &'static str = "orders";
}

async fn order(Path(id): Path<String>, orders: Api<Orders>) -> Result<String, Error> {
    let request = orders
        .get("/orders")
        .segment(id)
        .query("lines", true)
        .query("q", "a b&c");
    request.send().await?.text().await
}

async fn list(orders: Api<Orders>) -> Result<String, Error> {
    orders.get("/orders").send().await?.error_for_status()?.text().await
}

async fn change(orders: Api<Orders>, body: String) -> Result<Json<Value>, Error> {
    let request = orders.request(Method::PUT, "/orders/1").header("if-match", "\"1\"");
    Ok(Json(request.json(&json!({"note": body})).send().await?.json().await?))
}

async fn upload(orders: Api<Orders>, body: Body) -> Result<String, Error> {
    orders.post("/upload").body(body).send().await?.text().await
}

async fn many(orders: Api<Orders>) -> Result<String, Error> {
    let calls = (0..5).map(|number| orders.get("/orders").segment(number).send());
    Ok(try_join_all(calls).await?.len().to_string())
}

async fn strict(orders: Api<Orders>) -> Result<String, Error> {
    let answer = orders.get("/orders/1").send().await?.error_for_status()?;
    Ok(answer.json::<u32>().await?.to_string())
}

async fn whole(orders: Api<Orders>) -> Result<String, Error> {
    orders.get("/stream").send().await?.text().await
}

async fn stream(orders: Api<Orders>) -> Result<Body, Error> {
    Ok(orders.get("/stream").send().await?.into_body())
}

async fn shown(session: Session) -> Result<String, Error> {
    let orders = session.api("orders")?;
    let request = orders.get("/orders/1").header("x-note", "note").json("body");
    let request_shown = format!("{request:?}");
    let answer = request.send().await?;
    Ok(format!("{orders:?} {request_shown} {answer:?}"))
}

/// A handler that does what the documentation of `expose_access_token` forbids.
async fn exposed(session: Session) -> Result<String, Error> {
    let token = session.expose_access_token("orders").await?;
    Ok(token.expose_secret().to_owned())
}

async fn unknown(session: Session) -> Result<String, Error> {
    session.api("ordres")?.get("/").send().await?.text().await
}

async fn anybody(orders: Option<Api<Orders>>) -> Result<String, Error> {
    match orders {
        Some(orders) => orders.get("/orders/1").send().await?.text().await,
        None => Ok("nobody".to_owned()),
    }
}

/// The routes of an application that calls `orders` in its person's name, and `stock` in its own name.
pub(crate) fn routes(bff: &Bff) -> Router {
    let itself = bff.clone();
    let stock = async move || -> Result<String, Error> { itself.api("stock")?.get("/left").send().await?.text().await };
    Router::new()
        .route("/code/orders/{id}", get(order))
        .route("/code/orders", get(list))
        .route("/code/change", get(whole).put(change))
        .route("/code/upload", get(whole).post(upload))
        .route("/code/many", get(many))
        .route("/code/strict", get(strict))
        .route("/code/whole", get(whole))
        .route("/code/stream", get(stream))
        .route("/code/shown", get(shown))
        .route("/code/exposed", get(exposed))
        .route("/code/unknown", get(unknown))
        .route("/code/anybody", get(anybody))
        .route("/code/stock", get(stock))
}

/// A browser in which this person is signed in, at an application with these routes.
async fn signed_in(world: &World, person: &str) -> Browser {
    changed(world, person, |_| ()).await
}

/// The same. `change` changes components of the application before it answers.
async fn changed(world: &World, person: &str, change: impl FnOnce(&mut Components) + Send + 'static) -> Browser {
    let browser = world.signed_in(person).await;
    browser.at(world.replica_routing(routes, change).await)
}
