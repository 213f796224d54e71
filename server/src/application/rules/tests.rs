use super::*;
use axum::routing::{get, post};
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router as Pages};
use leptos_router::path;

fn root() -> impl IntoView {
    view! {
        <Pages>
            <FlatRoutes fallback=|| "nowhere">
                <Route path=path!("/") view=|| "home" />
                <Route path=path!("/signed-out") view=|| "out" />
                <Route path=path!("/orders/:id") view=|| "order" />
            </FlatRoutes>
        </Pages>
    }
}

async fn unasked() -> &'static str {
    unreachable!("a probe runs no handler")
}

/// An application of which every handler fails the test.
fn application(table: Table) -> Application {
    let nested = Router::new().route("/list", get(unasked)).route("/{id}", any(unasked));
    let routes = Router::new()
        .route("/report", post(unasked))
        .nest("/admin", nested)
        .fallback(unasked);
    Application::new(root, table).with_routes(routes)
}

async fn why(table: Table) -> Vec<WhyUseless> {
    let useless = application(table).useless_rules(&["stock"]).await;
    useless.into_iter().map(|rule| rule.why).collect()
}

#[tokio::test]
async fn invariant_14_rules_that_reach_a_page_a_function_a_route_or_an_api_start() {
    let table = Table::new(&[
        ("/", Rule::Public),
        ("/signed-out", Rule::Public),
        ("/sign-in-failed", Rule::Public),
        ("/report", Rule::Role("staff")),
        ("/admin/list", Rule::Fresh(60)),
        ("/_fn/erase_notes", Rule::Fresh(60)),
        ("/api/stock", Rule::All(&[Rule::Role("clerk"), Rule::Fresh(60)])),
    ]);
    assert_eq!(why(table).await, []);
}

#[tokio::test]
async fn invariant_14_a_rule_that_matches_no_route_is_named() {
    for (path, expected) in [
        ("/nowhere", WhyUseless::NoRoute),
        ("/signed-out/", WhyUseless::NoRoute),
        ("/Signed-Out", WhyUseless::NoRoute),
        ("/admin", WhyUseless::NoRoute),
        ("/_fn/unknown", WhyUseless::NoRoute),
        ("/admin/*", WhyUseless::Pattern),
        ("/admin/{id}", WhyUseless::Pattern),
        ("/admin/:id", WhyUseless::Pattern),
        ("/admin/7", WhyUseless::Parameters("/admin/{id}".to_owned())),
        ("/orders/7", WhyUseless::Parameters("/orders/{id}".to_owned())),
        ("admin", WhyUseless::NoPath),
        ("", WhyUseless::NoPath),
        ("/report?all", WhyUseless::NoPath),
        ("/report#all", WhyUseless::NoPath),
        ("/auth/session", WhyUseless::Own),
        ("/livez", WhyUseless::Own),
        ("/sign-in-failed", WhyUseless::Own),
        ("/api/other", WhyUseless::NoApi),
        ("/api/stock/", WhyUseless::NoApi),
        ("/api/stock/items", WhyUseless::NoApi),
    ] {
        let rules: &'static [(&str, Rule)] = Box::leak(Box::new([(path, Rule::Role("admin"))]));
        assert_eq!(why(Table::new(rules)).await, [expected], "{path}");
    }
}

#[tokio::test]
async fn invariant_14_a_rule_that_nobody_can_satisfy_or_that_does_not_count_is_named() {
    let public = Table::new(&[("/api/stock", Rule::Public)]);
    assert_eq!(why(public).await, [WhyUseless::PublicApi]);
    let twice = Table::new(&[("/", Rule::Public), ("/", Rule::SignedIn)]);
    assert_eq!(why(twice).await, [WhyUseless::Twice]);
    for path in ["/api/stock", "/_fn/erase_notes"] {
        let rules: &'static [(&str, Rule)] =
            Box::leak(Box::new([(path, Rule::Fresh(60)), ("/report", Rule::Fresh(90))]));
        assert_eq!(why(Table::new(rules)).await, [WhyUseless::NoPageToStepUpOn], "{path}");
    }
}
