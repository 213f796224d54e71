use super::*;
use axum::http::HeaderMap;
use opentelemetry::trace::Tracer;
use std::time::Instant;
use tokio::net::TcpListener;
use url::Url;

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_is_given_up_at_the_end() {
    // It takes connections and never answers.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let settings = Otlp {
        traces: Url::parse(&format!("http://{address}/v1/traces")).expect("a URL"),
        headers: HeaderMap::new(),
        sample: 1.0,
    };
    let traces = start(&settings).expect("it starts");
    drop(traces.tracer("test").start("request"));
    let begun = Instant::now();
    end(traces, Duration::from_millis(100)).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn without_a_runtime_nothing_is_exported() {
    let settings = Otlp {
        traces: Url::parse("http://127.0.0.1:1/v1/traces").expect("a URL"),
        headers: HeaderMap::new(),
        sample: 1.0,
    };
    assert!(matches!(start(&settings), Err(StartError::Runtime(_))));
}
