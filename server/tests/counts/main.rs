//! How many allocations a request costs, counted: no time is measured, so that the figures are the same on each machine.
//!
//! One program, one test: whatever else allocates in this process is counted with it. The requests go through the whole
//! router, with sessions in Redis. hyper and the socket are not in it.

// A rendered page is one type, nested as deep as its markup.
#![recursion_limit = "256"]

#[path = "../../../crates/axum-bff/tests/it/browser.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod browser;
#[path = "../../../crates/axum-bff/tests/loopback/loopback.rs"]
mod loopback;
#[path = "../../../crates/axum-bff/tests/redis/redis.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod redis;
#[path = "../../../crates/axum-bff/tests/it/world.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod world;

/// The application of the world.
mod application {
    pub(crate) use server::application as build;
}

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use browser::{FETCH, NAVIGATE};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use tower::ServiceExt;
use world::World;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// So many requests are counted together.
const REQUESTS: usize = 50;
/// So often, of which the least counts: a connection that looks after itself meanwhile is nothing of a request.
const TIMES: usize = 5;

/// The bound of each kind of request stands a little above the count of 2026-11-30, which stands beside it. Raise one only
/// for a reason that is worth it to each request.
#[tokio::test]
async fn a_request_makes_no_more_allocations_than_its_bound() {
    let api = format!("http://{}", upstream());
    let settings = [
        ("BFF_API_ORDERS", api.as_str()),
        ("BFF_API_ORDERS_HTTP", "on"),
        ("BFF_API_OPEN", api.as_str()),
        ("BFF_API_OPEN_HTTP", "on"),
        ("BFF_API_OPEN_TOKEN", "none"),
    ];
    let world = World::start_with(&settings).await;
    let alice = world.signed_in("alice").await;
    let router = world.replica().await;
    let measured = world.replica_set(&[("BFF_METRICS_LISTEN", "0")]).await;
    let session: Vec<String> = alice
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let session = session.join("; ");
    let mut over = Vec::new();
    for (path, headers, cookie, status, bound) in [
        // 69
        ("/auth/session", &FETCH[..], session.as_str(), StatusCode::OK, 75),
        // 4,030, nearly all of them of rendering: the header, and the footer with its links, stand on each page
        ("/profile", &NAVIGATE[..], session.as_str(), StatusCode::OK, 4150),
        // 170
        ("/api/orders/1", &FETCH[..], session.as_str(), StatusCode::OK, 180),
        // 144
        ("/api/open/1", &FETCH[..], session.as_str(), StatusCode::OK, 152),
        // 35
        ("/profile", &FETCH[..], "", StatusCode::UNAUTHORIZED, 38),
        // 58
        (
            "/auth/login?return_to=/profile",
            &NAVIGATE[..],
            "",
            StatusCode::SEE_OTHER,
            62,
        ),
    ] {
        let request = || {
            let mut request = Request::builder().uri(path).header(header::HOST, "app.example.com");
            // A call to an API has it; nobody else looks at it.
            request = request.header("x-csrf", "1");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if !cookie.is_empty() {
                request = request.header(header::COOKIE, cookie);
            }
            request.body(Body::empty()).expect("a request")
        };
        // With metrics a request makes as many: each part keeps its counters, and formats no label.
        for (router, metrics) in [(&router, "off"), (&measured, "on")] {
            let counted = allocations(router, &request, status).await;
            println!("{path}, {status}, metrics {metrics}: {counted} allocations");
            if counted > bound {
                over.push(format!(
                    "{path}, {status}, metrics {metrics}: {counted} allocations, and the bound is {bound}"
                ));
            }
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

/// The allocations that one request makes, rounded down.
async fn allocations(router: &Router, request: impl Fn() -> Request<Body>, status: StatusCode) -> usize {
    let mut least = usize::MAX;
    for _ in 0..TIMES {
        let requests: Vec<Request<Body>> = (0..REQUESTS).map(|_| request()).collect();
        let region = Region::new(ALLOCATOR);
        for request in requests {
            let response = router.clone().oneshot(request).await.expect("the router answers");
            assert_eq!(response.status(), status);
            let body = to_bytes(response.into_body(), usize::MAX).await;
            drop(body.expect("the whole body"));
        }
        let change = region.change();
        least = least.min((change.allocations + change.reallocations) / REQUESTS);
    }
    least
}

/// An API on loopback, in threads of its own, that allocates nothing for a request.
fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    let (mut buffer, mut filled) = ([0; 16 * 1024], 0);
    while let Ok(read @ 1..) = stream.read(&mut buffer[filled..]) {
        filled += read;
        if buffer[..filled].ends_with(b"\r\n\r\n") {
            filled = 0;
            if stream.write_all(ANSWER).is_err() {
                return;
            }
        }
    }
}
