//! Spans at a collector of OpenTelemetry, which runs in this process. Without the feature `otlp` there is no test in here.

#![cfg(feature = "otlp")]

mod collector;
mod world;

use axum_bff::config::Config;
use collector::{Collector, attributes, hexadecimal};
use opentelemetry_proto::tonic::trace::v1::Span;
use provider::Endpoint;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;
use world::{PROXY, STRANGER, World, fetch, navigate};

/// The exporter sends in the runtime in which the log was started. That of one test ends with the test.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime")
});

/// A process has one log, and so one collector.
static COLLECTOR: Mutex<Option<Collector>> = Mutex::const_new(None);

const PARENT: &str = "b7ad6b7169203331";
const SERVER: i32 = 2;

/// Runs a test, and no other at the same time. The log wants warnings alone, which is nothing to the spans.
fn with_collector(test: impl AsyncFnOnce(&Collector)) {
    RUNTIME.block_on(async {
        let mut collector = COLLECTOR.lock().await;
        if collector.is_none() {
            let started = Collector::start().await;
            let endpoint = started.url();
            let settings = [
                ("BFF_OTLP_ENDPOINT", endpoint.as_str()),
                ("BFF_OTLP_HEADERS", "authorization=Basic YTpi"),
                ("BFF_LOG", "warn"),
            ];
            let config = Config::in_memory(&settings).expect("settings");
            axum_bff::telemetry::start(&config.telemetry);
            *collector = Some(started);
        }
        test(collector.as_ref().expect("it is started")).await;
    });
}

fn traceparent(id: &str, flags: &str) -> String {
    format!("00-{id}-{PARENT}-{flags}")
}

/// The span of a request that the proxy has sent.
fn is_root(span: &Span) -> bool {
    hexadecimal(&span.parent_span_id) == PARENT
}

/// Whether this `traceparent` names a span that the collector has.
fn names_one(spans: &[Span], traceparent: &str) -> bool {
    let id = traceparent.split('-').nth(2).unwrap_or_default();
    spans.iter().any(|span| hexadecimal(&span.span_id) == id)
}

#[test]
fn a_sign_in_yields_a_trace_whose_root_has_the_id_of_the_proxy() {
    const TRACE: &str = "11111111111111111111111111111101";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(PROXY);
        world.sign_in(&mut browser, &traceparent(TRACE, "01")).await;
        let spans = collector.trace_with(TRACE, is_root).await;
        let root = spans.iter().find(|span| is_root(span)).expect("it arrived");
        assert_eq!((root.name.as_str(), root.kind), ("GET /auth/callback", SERVER));
        let attributes = attributes(root);
        for (name, value) in [
            ("http.request.method", "GET"),
            ("http.route", "/auth/callback"),
            ("http.response.status_code", "303"),
        ] {
            assert!(
                attributes.contains(&(name.to_owned(), value.to_owned())),
                "{attributes:?}"
            );
        }
        let calls = world.provider.calls_to(Endpoint::Token);
        let sent = calls[0].header("traceparent").expect("it is there");
        assert!(sent.contains(TRACE) && sent.ends_with("-01"), "{sent}");
        assert!(names_one(&spans, sent), "{sent}: {spans:?}");
        let authorization = collector.look(|got| got.authorization[0].clone());
        assert_eq!(authorization, "Basic YTpi");
    });
}

#[test]
fn a_relayed_call_carries_a_span_of_the_trace() {
    const TRACE: &str = "11111111111111111111111111111102";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(PROXY);
        world.sign_in(&mut browser, "").await;
        let answer = fetch(&mut browser, "/api/orders/1", &traceparent(TRACE, "01")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let spans = collector.trace_with(TRACE, is_root).await;
        let calls = world.orders.take_calls();
        let sent = calls[0].header("traceparent");
        assert!(sent.contains(TRACE) && names_one(&spans, sent), "{sent}: {spans:?}");
    });
}

#[test]
fn a_stranger_begins_a_trace_of_their_own() {
    const TRACE: &str = "11111111111111111111111111111103";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(STRANGER);
        let answer = fetch(&mut browser, "/unknown", &traceparent(TRACE, "01")).await;
        let problem = answer.json();
        let own = problem["trace_id"].as_str().expect("the collector has the trace");
        assert_ne!(own, TRACE);
        let begins = |span: &Span| span.parent_span_id.is_empty();
        let spans = collector.trace_with(own, begins).await;
        let root = spans.iter().find(|span| begins(span)).expect("it arrived");
        assert_eq!(root.name, "GET (none)", "a made-up path is no name");
        assert!(collector.look(|got| got.trace(TRACE)).is_empty());
    });
}

#[test]
fn a_trace_that_the_proxy_does_not_sample_is_not_exported() {
    const NOT_SAMPLED: &str = "11111111111111111111111111111104";
    const SAMPLED: &str = "11111111111111111111111111111105";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(PROXY);
        navigate(&mut browser, "/", &traceparent(NOT_SAMPLED, "00")).await;
        navigate(&mut browser, "/", &traceparent(SAMPLED, "01")).await;
        collector.trace_with(SAMPLED, is_root).await;
        assert!(collector.look(|got| got.trace(NOT_SAMPLED)).is_empty());
    });
}

/// Invariant 1
#[test]
fn no_secret_and_nothing_of_an_address_leaves_in_an_export() {
    const TRACE: &str = "11111111111111111111111111111106";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(PROXY);
        world.sign_in(&mut browser, &traceparent(TRACE, "01")).await;
        fetch(&mut browser, "/auth/session", &traceparent(TRACE, "01")).await;
        fetch(&mut browser, "/api/orders/canary?q=canary", &traceparent(TRACE, "01")).await;
        navigate(&mut browser, "/unknown/canary?code=canary", &traceparent(TRACE, "01")).await;
        let mut secrets: Vec<String> = browser.cookies.values().cloned().collect();
        browser.submit("/auth/logout").await;
        navigate(&mut browser, "/orders/canary", &traceparent(TRACE, "01")).await;
        let is_last = |span: &Span| span.name == "GET /orders/{id}";
        collector.trace_with(TRACE, is_last).await;
        secrets.extend(world.provider.issued_secrets());
        secrets.extend(["canary", "alice", "YTpi"].map(str::to_owned));
        secrets.retain(|secret| secret.len() >= 4);
        assert!(
            secrets.len() > 6,
            "cookies and what the provider has issued: {}",
            secrets.len()
        );
        collector.look(|got| {
            for body in &got.bodies {
                for secret in &secrets {
                    let is_in = body.windows(secret.len()).any(|part| part == secret.as_bytes());
                    assert!(!is_in, "{secret} is in {:?}", String::from_utf8_lossy(body));
                }
            }
        });
    });
}

#[test]
fn a_collector_that_hangs_delays_no_sign_in_and_is_used_again_when_it_answers() {
    const TRACE: &str = "11111111111111111111111111111107";
    with_collector(async |collector| {
        let world = World::start().await;
        let mut browser = world.browser(PROXY);
        collector.hang(true);
        let busy = async {
            world.sign_in(&mut browser, "").await;
            // More than the queue holds.
            for _ in 0..2500 {
                fetch(&mut browser, "/auth/session", "").await;
            }
        };
        let outcome = tokio::time::timeout(Duration::from_secs(60), busy).await;
        collector.hang(false);
        assert!(outcome.is_ok(), "the requests wait for the collector");
        // A queue that is still full loses spans.
        let mut has_arrived = false;
        for _ in 0..6 {
            navigate(&mut browser, "/", &traceparent(TRACE, "01")).await;
            has_arrived = has_arrived || collector.has(TRACE).await;
        }
        assert!(has_arrived, "no span arrives any more");
    });
}
