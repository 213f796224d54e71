//! The address of the metrics.

use super::{Measured, ask, world};
use crate::api::Api;
use axum_bff::Bff;
use axum_bff::config::Config;
use axum_bff::serve::{ServeError, Server};
use std::net::TcpListener;

#[tokio::test]
async fn nothing_but_get_of_metrics_is_answered_there() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    for (request_line, status) in [
        ("GET /metrics HTTP/1.1", "200"),
        ("HEAD /metrics HTTP/1.1", "405"),
        ("POST /metrics HTTP/1.1", "405"),
        ("GET / HTTP/1.1", "404"),
        ("GET /metrics/ HTTP/1.1", "404"),
        ("GET /auth/session HTTP/1.1", "404"),
        ("GET /readyz HTTP/1.1", "404"),
    ] {
        let answer = measured.ask(request_line).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request_line}: {answer}"
        );
    }
    let answer = measured.ask("GET /metrics HTTP/1.1").await;
    assert!(answer.contains("content-type: text/plain; version=0.0.4"), "{answer}");
    let of_browsers = ask(measured.address, "GET /metrics HTTP/1.1").await;
    assert!(
        !of_browsers.contains("bff_build_info"),
        "browsers read no metrics: {of_browsers}"
    );
}

async fn started(metrics: &str) -> Result<Server, ServeError> {
    let settings = [("BFF_METRICS_LISTEN", metrics), ("BFF_LISTEN", "127.0.0.1:0")];
    let config = Config::in_memory(&settings).expect("settings");
    let built = crate::application::build(Bff::builder().settings(config)).await;
    let (bff, application) = built.expect("settings");
    Server::start(bff, application).await
}

#[tokio::test]
async fn a_taken_address_stops_the_start_and_the_error_names_the_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let error = started(&address).await.expect_err("the address is taken");
    assert!(matches!(error, ServeError::ListenForMetrics { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("BFF_METRICS_LISTEN") && said.contains(&address), "{said}");
}

#[tokio::test]
async fn without_the_setting_there_is_no_listener_and_nothing_is_registered() {
    let server = started("off").await.expect("it starts");
    assert_eq!(server.metrics_address(), None);
    let config = Config::in_memory(&[]).expect("settings");
    let bff = Bff::builder().settings(config).build().await.expect("settings");
    assert_eq!(bff.metrics(), None);
}

/// Two applications in one process have a recorder each.
#[tokio::test]
async fn applications_of_one_process_count_apart() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let (one, other) = (Measured::start(&world).await, Measured::start(&world).await);
    one.browser().sign_in(&world.provider, "alice", "/profile").await;
    let signed_in = async |measured: &Measured| measured.scrape().await.sum("bff_sessions_begun_total", &[]);
    super::assert_is(signed_in(&one).await, 1.0, "somebody has signed in here");
    super::assert_is(signed_in(&other).await, 0.0, "and nobody there");
}
