//! Rules of the access table for relayed APIs.

use crate::api::{Api, call, world};
use crate::browser::Browser;
use crate::world::World;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use axum_bff::Bff;
use axum_bff::access::{Rule, Table};
use axum_bff::config::{Config, Source};
use axum_bff::paths::Paths;
use axum_bff::serve::{ServeError, Server};
use std::time::Duration;

const TABLE: Table = Table::new(&[
    ("/signed-out", Rule::Public),
    ("/notes/erase", Rule::Fresh(300)),
    ("/api/orders", Rule::All(&[Rule::Role("admin"), Rule::Fresh(300)])),
]);

/// A browser in which this person has signed in, at an application with [`TABLE`].
async fn signed_in(world: &World, person: &str) -> Browser {
    let router = world.replica_with(|parts| parts.access = TABLE.access()).await;
    let mut browser = Browser::new(router);
    let landing = browser.sign_in(&world.provider, person, "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
    browser
}

/// PRX-01
#[tokio::test]
async fn an_api_with_a_rule_is_called_by_those_alone_who_satisfy_it() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_STOCK", &api.served.url())]).await;
    let mut alice = signed_in(&world, "alice").await;
    let mut bob = signed_in(&world, "bob").await;

    let refused = call(&mut bob, Method::GET, "/api/orders/1").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["code"], "forbidden");
    assert!(api.take().is_empty(), "the API was not called");
    assert_eq!(call(&mut bob, Method::GET, "/api/stock/1").await.status, StatusCode::OK);
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/1").await.status,
        StatusCode::OK
    );
    assert_eq!(api.take().len(), 2);

    world.advance(Duration::from_secs(301));
    let stale = call(&mut alice, Method::GET, "/api/orders/1").await;
    assert_eq!(stale.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stale.json()["code"], "step_up_required");
    let login = stale.json()["login"].as_str().map(str::to_owned);
    assert_eq!(
        login.as_deref(),
        Some("/auth/login?return_to=%2Fnotes%2Ferase"),
        "the address of a page that asks for a fresh authentication too"
    );
    assert!(api.take().is_empty(), "the API was not called");
}

#[tokio::test]
async fn a_server_does_not_start_with_a_route_where_the_library_answers() {
    let world = World::start().await;
    for (route, said) in [
        ("/api/list_todos9042381", "prefix = \"/_fn\""),
        ("/auth/people", "belong to the sign-in"),
    ] {
        let config = Config::read(Source::collect(world.settings(), None)).expect("settings");
        let built = crate::application::build(Bff::builder().settings(config)).await;
        let (bff, application) = built.expect("settings");
        let error = Server::start(bff, application.route(route, get(async || "todos")))
            .await
            .expect_err("a route of the library is refused");
        assert!(
            matches!(&error, ServeError::Routes(routes) if routes.len() == 1),
            "{error}"
        );
        let text = error.to_string();
        assert!(text.contains(route) && text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn a_server_does_not_start_without_the_page_that_a_sign_out_leads_to() {
    let world = World::start().await;
    let config = Config::read(Source::collect(world.settings(), None)).expect("settings");
    let paths = Paths {
        signed_out: "/bye",
        ..Paths::DEFAULT
    };
    let built = crate::application::build(Bff::builder().settings(config).paths(paths)).await;
    let (bff, application) = built.expect("settings");
    let error = Server::start(bff, application)
        .await
        .expect_err("a sign-out would lead to no page");
    assert!(error.to_string().contains("a sign-out leads to \"/bye\""), "{error}");
}

#[tokio::test]
async fn a_server_does_not_start_with_a_rule_that_reaches_nothing() {
    let world = World::start().await;
    for (path, said) in [
        ("/admin/*", "is a pattern of another router"),
        ("/admim", "matches no page"),
        ("/api/orders", "names no relayed API"),
    ] {
        let rules: &'static [(&str, Rule)] = Box::leak(Box::new([(path, Rule::Role("admin"))]));
        let config = Config::read(Source::collect(world.settings(), None)).expect("settings");
        let builder = Bff::builder().settings(config);
        let builder = builder.change(move |parts| parts.access = Table::new(rules).access());
        let (bff, application) = crate::application::build(builder).await.expect("settings");
        let error = Server::start(bff, application)
            .await
            .expect_err("a rule that reaches nothing is refused");
        assert!(
            matches!(&error, ServeError::Access(rules) if rules.len() == 1),
            "{error}"
        );
        let text = error.to_string();
        assert!(text.contains(path) && text.contains(said), "{text}");
    }
}
