//! W3C Trace Context: the trace of a request in problems, in the log, and in calls of the provider and of APIs.

use crate::api::{Api, CALL, world};
use crate::browser::Browser;
use crate::leaks::Log;
use crate::world::{EXPIRED, World};
use axum::Extension;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Method;
use axum_bff::client_address::Peer;
use axum_bff::testing::{FETCH, NAVIGATE};
use provider::Call;
use std::net::SocketAddr;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: (&str, &str) = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// The settings trust this address.
const PROXY: &str = "10.1.2.3:4000";
const STRANGER: &str = "203.0.113.9:4000";

/// A browser whose requests arrive from this address, at a replica that trusts `10.0.0.0/8`.
async fn browser_from(world: &World, address: &str) -> Browser {
    let replica = world.replica_set(&[("BFF_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    Browser::new(from(replica, address))
}

fn from(router: Router, address: &str) -> Router {
    let address: SocketAddr = address.parse().expect("an address");
    router.layer(Extension(ConnectInfo(Peer(address))))
}

/// The different `traceparent`s of these calls. Each of them has one.
fn parents(calls: &[Call]) -> Vec<String> {
    let parents = calls
        .iter()
        .map(|call| call.header("traceparent").expect("it is there"));
    let mut parents: Vec<String> = parents.map(str::to_owned).collect();
    parents.sort();
    parents.dedup();
    parents
}

/// The callback of a sign-in, with the headers that the proxy adds.
async fn callback(world: &World, browser: &mut Browser) {
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    let before = world.provider.calls().len();
    let headers = [
        &NAVIGATE[..],
        &[PARENT, ("tracestate", "vendor=1"), ("baggage", "canary=1")],
    ]
    .concat();
    let landing = browser.send(Method::GET, &callback, &headers, "").await;
    assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
    let calls = world.provider.calls();
    assert!(calls.len() > before, "the code is redeemed");
}

#[tokio::test]
async fn calls_of_the_provider_are_children_of_the_span_of_a_trusted_proxy() {
    let world = World::start().await;
    let mut browser = browser_from(&world, PROXY).await;
    callback(&world, &mut browser).await;
    let calls = world.provider.calls_to(provider::Endpoint::Token);
    let [call] = &calls[..] else { panic!("one request") };
    let parent = call.header("traceparent").expect("it is there");
    assert!(
        parent.starts_with(&format!("00-{TRACE}-")) && parent.ends_with("-01"),
        "{parent}"
    );
    assert!(!parent.contains("b7ad6b7169203331"), "a span of its own: {parent}");
    assert_eq!(call.header("tracestate"), Some("vendor=1"));
    assert_eq!(call.header("baggage"), None);
    let userinfo = world.provider.calls_to(provider::Endpoint::Userinfo);
    assert_eq!(
        parents(&[calls, userinfo].concat()).len(),
        2,
        "each call is a span of its own"
    );
}

#[tokio::test]
async fn the_trace_of_a_stranger_reaches_nobody() {
    let world = World::start().await;
    let mut browser = browser_from(&world, STRANGER).await;
    callback(&world, &mut browser).await;
    for call in world.provider.calls_to(provider::Endpoint::Token) {
        let parent = call.header("traceparent").expect("a trace of our own");
        assert!(parent.starts_with("00-") && parent.ends_with("-00"), "{parent}");
        assert!(!parent.contains(TRACE), "{parent}");
        assert_eq!((call.header("tracestate"), call.header("baggage")), (None, None));
    }
}

#[tokio::test]
async fn a_relayed_call_has_the_trace_of_the_proxy_and_never_the_browsers() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let alice = world.signed_in("alice").await;
    let replica = world.replica_set(&[("BFF_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    let headers = [
        &CALL[..],
        &[PARENT, ("tracestate", "vendor=1"), ("baggage", "canary=1")],
    ]
    .concat();
    for (address, is_trusted) in [(PROXY, true), (STRANGER, false)] {
        let mut browser = alice.at(from(replica.clone(), address));
        let answer = browser.send(Method::GET, "/api/orders/1", &headers, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let [call] = &api.take()[..] else { panic!("one call") };
        let parent = call.header("traceparent");
        assert_eq!(parent.contains(TRACE), is_trusted, "{parent}");
        assert!(parent.len() == PARENT.1.len() && parent != PARENT.1, "{parent}");
        let state = if is_trusted { "vendor=1" } else { "" };
        assert_eq!((call.header("tracestate"), call.header("baggage")), (state, ""));
    }
}

#[tokio::test]
async fn a_hostile_traceparent_is_replaced() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let alice = world.signed_in("alice").await;
    let mut browser = alice.at(from(
        world.replica_set(&[("BFF_TRUSTED_PROXIES", "10.0.0.0/8")]).await,
        PROXY,
    ));
    let long = format!("{}-{}", PARENT.1, "x".repeat(4096));
    let upper = PARENT.1.to_uppercase();
    for hostile in [
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        &long,
        &upper,
    ] {
        let headers = [&CALL[..], &[("traceparent", hostile)]].concat();
        browser.send(Method::GET, "/api/orders/1", &headers, "").await;
    }
    let twice = [&CALL[..], &[PARENT, PARENT]].concat();
    browser.send(Method::GET, "/api/orders/1", &twice, "").await;
    let calls = api.take();
    assert_eq!(calls.len(), 6);
    for call in calls {
        let parent = call.header("traceparent");
        assert_eq!(parent.len(), PARENT.1.len(), "{parent}");
        assert!(parent.starts_with("00-") && !parent.contains(TRACE), "{parent}");
        assert!(!parent.contains("0000000000000000"), "{parent}");
        assert_eq!(call.headers.get_all("traceparent").iter().count(), 1);
    }
}

#[tokio::test]
async fn a_refresh_that_a_request_brings_about_is_in_its_trace() {
    let world = World::start_refreshing(|_| ()).await;
    let alice = world.signed_in("alice").await;
    let before = world.provider.calls_to(provider::Endpoint::Token).len();
    world.advance(EXPIRED);
    let replica = world.replica_set(&[("BFF_TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    let mut browser = alice.at(from(replica, PROXY));
    let headers = [&FETCH[..], &[PARENT]].concat();
    browser.send(Method::POST, "/_fn/reread_claims", &headers, "").await;
    let calls = world.provider.calls_to(provider::Endpoint::Token);
    assert_eq!(calls.len(), before + 1, "one refresh");
    let parent = calls[before].header("traceparent").expect("it is there");
    assert!(parent.contains(TRACE), "{parent}");
}

#[tokio::test]
async fn problems_show_the_trace_id_where_a_proxy_gave_it() {
    let world = World::start().await;
    let mut proxied = browser_from(&world, PROXY).await;
    let document = proxied
        .send(Method::GET, "/unknown", &[&FETCH[..], &[PARENT]].concat(), "")
        .await;
    assert_eq!(document.status, 404, "{}", document.text());
    assert_eq!(document.json()["trace_id"], TRACE);
    assert_eq!(document.json()["reference"], document.header("x-request-id"));
    let page = proxied
        .send(Method::GET, "/unknown", &[&NAVIGATE[..], &[PARENT]].concat(), "")
        .await;
    assert!(page.text().contains(TRACE), "{}", page.text());
    let landing = proxied
        .send(
            Method::GET,
            "/auth/callback?code=x",
            &[&NAVIGATE[..], &[PARENT]].concat(),
            "",
        )
        .await;
    let failed = proxied.open(landing.location().expect("a page")).await;
    assert!(
        failed.text().contains(TRACE),
        "the trace of the callback: {}",
        failed.text()
    );

    let mut strange = browser_from(&world, STRANGER).await;
    let document = strange
        .send(Method::GET, "/unknown", &[&FETCH[..], &[PARENT]].concat(), "")
        .await;
    assert_eq!(document.json().get("trace_id"), None, "nobody else knows it");
}

/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn each_log_line_of_a_request_has_the_trace_id() {
    let (log, _guard) = Log::catch();
    let world = World::start().await;
    let mut browser = browser_from(&world, PROXY).await;
    callback(&world, &mut browser).await;
    let text = log.text();
    let of_trace = |line: &&str| line.contains(&format!("trace_id=\"{TRACE}\""));
    let lines: Vec<&str> = text.lines().filter(of_trace).collect();
    for said in ["code=\"signed_in\"", "answered"] {
        assert!(lines.iter().any(|line| line.contains(said)), "{said}: {text}");
    }
    let requests = text.lines().filter(|line| line.contains("request{request_id="));
    assert!(requests.clone().count() > lines.len(), "the log has other requests too");
    for line in requests {
        assert!(line.contains(" trace_id=\""), "{line}");
    }
}
