//! What an application may say of the tokens that the server holds.

use crate::browser::Browser;
use crate::world::World;
use axum::routing::get;
use axum::{Json, Router};
use axum_bff::{Bff, Session};
use serde_json::{Value, json};
use std::time::Duration;

async fn held(session: Session) -> Json<Value> {
    let tokens = session.held_tokens().await.expect("a store that answers");
    let (cookie, length) = session.cookie();
    Json(json!({
        "cookie": cookie,
        "length": length,
        "tokens": tokens.map(|tokens| {
            let until = tokens.access_token_expires_at.map(|at| (at - tokens.obtained_at).whole_seconds());
            json!({ "for": until, "renewed": tokens.has_refresh_token })
        }),
    }))
}

/// SES-09
#[tokio::test]
async fn an_application_hears_which_tokens_are_held_and_for_how_long_and_sees_none() {
    let world = World::start_refreshing(|_| ()).await;
    let routes = |_: &Bff| Router::new().route("/held", get(held));
    let application = world.replica_routing(routes, |_| {}).await;
    let mut alice: Browser = world.signed_in("alice").await.at(application);
    let cookie = alice.cookies["__Host-Http-session"].clone();
    let told = alice.fetch("/held").await;
    assert!(!told.text().contains(&cookie), "the length alone is told");
    let expected = json!({
        "cookie": "__Host-Http-session",
        "length": cookie.len(),
        "tokens": { "for": 3600, "renewed": true },
    });
    assert_eq!(told.json(), expected);
    world.advance(Duration::from_mins(10));
    assert_eq!(alice.fetch("/held").await.json(), expected, "asking renews nothing");
}
