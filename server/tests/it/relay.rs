//! Who may call which API, and what becomes of the answer.

use crate::api::{Api, CALL, Served, call, head, json, world};
use crate::browser::NAVIGATE;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// With a refresh token.
const OFFLINE: (&str, &str) = ("BFF_SCOPES", "openid profile offline_access");
/// An API that refuses a younger token does not refuse it for its age.
const OLD_ENOUGH: Duration = Duration::from_secs(11);

const METHODS: [Method; 6] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

#[tokio::test]
async fn prx_06_anonymous_calls_get_401_and_the_api_none() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.browser();
    for path in ["/api/orders/1", "/api/unknown/1", "/api/orders/../x"] {
        for headers in [&CALL[..], &NAVIGATE[..], &[]] {
            let answer = browser.send(Method::GET, path, headers, "").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {headers:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.json()["login"], "/auth/login");
            assert!(answer.location().is_none() && answer.set_cookies().is_empty());
        }
    }
    let answer = call(&mut browser, Method::POST, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    browser.cookies.insert("__Host-Http-session".to_owned(), "A".repeat(32));
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(api.calls().is_empty(), "{:?}", api.calls());
}

#[tokio::test]
async fn csrf_01_every_call_reads_too_comes_from_our_own_pages_and_says_so() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let site = |site| ("sec-fetch-site", site);
    let csrf = ("x-csrf", "1");
    let refused: [&[(&str, &str)]; 13] = [
        &[],
        &[csrf],
        &[site("same-origin")],
        &[site("same-origin"), ("x-csrf", "0")],
        &[site("same-origin"), csrf, csrf],
        &[site("same-site"), csrf],
        &[site("cross-site"), csrf],
        &[site("none"), csrf],
        &[site("cross-site"), csrf, ("origin", "https://app.example.com")],
        &[("origin", "https://evil.example"), csrf],
        &[("origin", "null"), csrf],
        &[("referer", "https://app.example.com/"), csrf],
        &NAVIGATE,
    ];
    for method in METHODS {
        for headers in refused {
            let answer = browser.send(method.clone(), "/api/orders/1", headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {headers:?}");
            if method != Method::HEAD {
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
        }
    }
    assert!(api.calls().is_empty(), "{:?}", api.calls());
    for headers in [
        &[site("same-origin"), csrf],
        &[("origin", "https://app.example.com"), csrf],
    ] {
        for method in METHODS {
            let answer = browser.send(method.clone(), "/api/orders/1", headers, "").await;
            assert_eq!(answer.status, StatusCode::OK, "{method} {headers:?}");
        }
    }
    assert_eq!(api.calls().len(), 2 * METHODS.len());
}

#[tokio::test]
async fn csrf_09_event_streams_and_sockets_are_opened_by_our_own_pages_only() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let events = ("accept", "text/event-stream");
    let socket = [("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")];
    let here = ("origin", "https://app.example.com");
    let same = ("sec-fetch-site", "same-origin");
    let refused: [Vec<(&str, &str)>; 9] = [
        vec![events],
        vec![events, ("sec-fetch-site", "cross-site")],
        vec![events, ("origin", "https://evil.example")],
        vec![("accept", "text/event-stream, text/html"), same],
        [&socket[..], &[same]].concat(),
        [&socket[..], &[("origin", "https://evil.example"), same]].concat(),
        [&socket[..], &[("origin", "https://evil.example")]].concat(),
        [&socket[..], &[here, ("sec-fetch-site", "same-site")]].concat(),
        [&socket[..], &[("origin", "null"), ("x-csrf", "1")]].concat(),
    ];
    for headers in refused {
        let answer = browser.send(Method::GET, "/api/orders/1", &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let posted = browser.send(Method::POST, "/api/orders/1", &[events, same], "").await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN, "EventSource posts nothing");
    assert!(api.calls().is_empty());
    let answer = browser.send(Method::GET, "/api/orders/1", &[events, same], "").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn prx_01_only_names_and_methods_of_the_settings_lead_anywhere() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_METHODS", "GET POST")]).await;
    let mut browser = world.signed_in("alice").await;
    for path in [
        "/api/unknown/1",
        "/api/ORDERS/1",
        "/api/orders@evil.example/1",
        "/api/order/1",
        "/api/",
    ] {
        let answer = call(&mut browser, Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for method in [
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::HEAD,
    ] {
        let answer = call(&mut browser, method.clone(), "/api/orders/1").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "GET, POST");
    }
    assert!(api.calls().is_empty(), "{:?}", api.calls());

    let overridden = [&CALL[..], &[("x-http-method-override", "DELETE")]].concat();
    let address = "/api/orders/a/b%20c/?url=http://evil.example/&x=%2F..%2f";
    browser.send(Method::GET, address, &overridden, "").await;
    let [call] = &api.take()[..] else { panic!("one call") };
    assert_eq!(
        (&call.method, call.target.as_str()),
        (&Method::GET, &address["/api/orders".len()..])
    );
    assert_eq!(call.header("x-http-method-override"), "");
}

#[tokio::test]
async fn prx_01_prx_02_a_path_that_could_lead_elsewhere_is_refused_on_the_wire() {
    let (api, evil) = (Api::friendly().await, Api::friendly().await);
    let world = world(&format!("{}/v1", api.served.url()), &[]).await;
    let browser = world.signed_in("alice").await;
    let bff = Served::start(world.replica().await).await;
    let evil_path = format!("http://{}/api/orders/1", evil.served.address);
    for target in [
        "/api/orders/../admin",
        "/api/orders/..",
        "/api/orders/./x",
        "/api/orders/%2e%2e/admin",
        "/api/orders/.%2E/admin",
        "/api/orders/%252e%252e/admin",
        "/api/orders/..%2fadmin",
        "/api/orders/..%5cadmin",
        "/api/orders/..\\admin",
        "/api/orders/..;/admin",
        "/api/orders/x;y=z",
        "/api/orders//evil.example/x",
        "/api/orders/x//y",
        "/api/orders/%00",
        "/api/orders/x%0d%0ahost:%20evil",
        "/api/orders/%c0%ae%c0%ae/x",
        "/api/orders/%",
        evil_path.as_str(),
        "https://app.example.com/api/orders/1",
    ] {
        let answer = bff.raw(&head(&browser, &format!("GET {target} HTTP/1.1"), "")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target}: {answer}");
    }
    assert!(api.calls().is_empty() && evil.calls().is_empty(), "{:?}", api.calls());
    for host in ["evil.example", &evil.served.address.to_string()] {
        let request = head(
            &browser,
            "GET /api/orders/1 HTTP/1.1",
            "x-forwarded-host: evil.example\r\n",
        );
        let answer = bff
            .raw(&request.replace("host: app.example.com", &format!("host: {host}")))
            .await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{host}: {answer}");
    }
    assert_eq!(api.calls().len(), 2, "the host is not the request's to choose");
    assert!(
        api.calls().iter().all(|call| call.target == "/v1/1"),
        "{:?}",
        api.calls()
    );
    assert!(evil.calls().is_empty());
}

#[tokio::test]
async fn prx_04_a_redirect_is_neither_followed_nor_shown() {
    let evil = Api::friendly().await;
    let elsewhere = evil.served.url();
    let api = Api::start(move |call| {
        let status: u16 = call.target[1..].parse().expect("a status");
        let status = StatusCode::from_u16(status).expect("a status");
        (
            status,
            [
                ("location", elsewhere.clone()),
                ("refresh", format!("0; url={elsewhere}")),
            ],
            "moved",
        )
            .into_response()
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    for status in [300, 301, 302, 303, 305, 307, 308] {
        let answer = call(&mut browser, Method::GET, &format!("/api/orders/{status}")).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{status}");
        assert_eq!(answer.json()["code"], "upstream_redirect");
        assert!(
            !format!("{answer:?}").contains(&evil.served.address.to_string()),
            "{answer:?}"
        );
    }
    // Not a redirect, but names a place all the same.
    let created = call(&mut browser, Method::GET, "/api/orders/201").await;
    assert_eq!((created.status, created.location()), (StatusCode::CREATED, None));
    assert_eq!(
        call(&mut browser, Method::GET, "/api/orders/304").await.status,
        StatusCode::NOT_MODIFIED
    );
    assert!(evil.calls().is_empty());
}

#[tokio::test]
async fn prx_06_what_the_api_says_of_a_call_passes_as_it_is() {
    let api = Api::start(|call| {
        let status: u16 = call.target[1..].parse().expect("a status");
        let body = [("content-type", "application/problem+json"), ("retry-after", "7")];
        (StatusCode::from_u16(status).expect("a status"), body, "{\"theirs\":1}").into_response()
    })
    .await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    for status in [200, 400, 403, 404, 409, 422, 429, 500, 503] {
        let answer = call(&mut browser, Method::GET, &format!("/api/orders/{status}")).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.text(), "{\"theirs\":1}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("retry-after"), "7");
    }
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn prx_07_a_permanent_401_is_two_calls_and_never_a_401_of_ours() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[OFFLINE]).await;
    let mut browser = world.signed_in("alice").await;
    for (method, body) in [(Method::GET, ""), (Method::POST, "a small body")] {
        world.advance(OLD_ENOUGH);
        let answer = browser.send(method, "/api/orders/1", &CALL, body).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert_eq!(answer.json()["code"], "upstream_unauthorized");
        assert!(answer.header("www-authenticate").is_empty());
        let calls = api.take();
        assert_eq!(calls.len(), 2);
        assert!(calls.iter().all(|call| call.body == body));
        assert_ne!(calls[0].header("authorization"), calls[1].header("authorization"));
    }
    // Too large to be kept; and of unknown length.
    let large = "x".repeat(64 * 1024 + 1);
    world.advance(OLD_ENOUGH);
    let answer = browser.send(Method::POST, "/api/orders/1", &CALL, &large).await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    let calls = api.take();
    assert_eq!(calls.len(), 1, "not replayed");
    assert_eq!(calls[0].header("content-length"), "65537");
    let bff = Served::start(world.replica().await).await;
    world.advance(OLD_ENOUGH);
    let chunked = "content-type: text/plain\r\ntransfer-encoding: chunked\r\n";
    let request = head(&browser, "POST /api/orders/1 HTTP/1.1", chunked) + "5\r\nhello\r\n0\r\n\r\n";
    let answer = bff.raw(&request).await;
    assert!(answer.contains("upstream_unauthorized"), "{answer}");
    let calls = api.take();
    assert_eq!((calls.len(), &calls[0].body[..]), (1, &b"hello"[..]), "not replayed");
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn prx_07_a_401_that_a_renewed_token_heals_is_not_seen() {
    let count = Arc::new(AtomicUsize::new(0));
    let api = Api::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => StatusCode::UNAUTHORIZED.into_response(),
        _ => json("{\"fine\":true}"),
    })
    .await;
    let world = world(&api.served.url(), &[OFFLINE]).await;
    let mut browser = world.signed_in("alice").await;
    world.advance(OLD_ENOUGH);
    let limit = "x".repeat(64 * 1024);
    let answer = browser.send(Method::PUT, "/api/orders/1?a=b", &CALL, &limit).await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (StatusCode::OK, "{\"fine\":true}")
    );
    let [first, second] = &api.take()[..] else {
        panic!("two calls")
    };
    assert_eq!(
        (&first.target, &first.method, &first.body),
        (&second.target, &second.method, &second.body)
    );
    assert_eq!(first.body.len(), limit.len());
    assert_ne!(first.header("authorization"), second.header("authorization"));
}

#[tokio::test]
async fn prx_07_without_a_refresh_token_a_401_is_one_call() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    assert_eq!(api.calls().len(), 1);
}

#[tokio::test]
async fn a_token_that_has_expired_for_good_is_no_401_and_no_call() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[("BFF_SESSION_IDLE", "8h")]).await;
    let mut browser = world.signed_in("alice").await;
    world.advance(Duration::from_hours(2));
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("token_expired"))
    );
    assert!(api.calls().is_empty());
    assert_eq!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn the_clients_own_token_is_fetched_once_and_renewed_once() {
    let api = Api::start(|call| match call.target.as_str() {
        "/401" => StatusCode::UNAUTHORIZED.into_response(),
        _ => json("{}"),
    })
    .await;
    let own = [
        ("BFF_API_ORDERS_TOKEN", "client"),
        ("BFF_API_ORDERS_SCOPE", "audit"),
        ("BFF_SESSION_IDLE", "8h"),
    ];
    let world = world(&api.served.url(), &own).await;
    let (mut alice, mut bob) = (world.signed_in("alice").await, world.signed_in("bob").await);
    for browser in [&mut alice, &mut bob] {
        assert_eq!(call(browser, Method::GET, "/api/orders/1").await.status, StatusCode::OK);
    }
    let bearers: Vec<String> = api
        .take()
        .iter()
        .map(|call| call.header("authorization").to_owned())
        .collect();
    assert!(
        bearers[0].starts_with("Bearer ") && bearers[0] == bearers[1],
        "in nobody's name"
    );
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/401").await.json()["code"],
        "upstream_unauthorized"
    );
    let [first, second] = &api.take()[..] else {
        panic!("two calls")
    };
    assert_eq!(first.header("authorization"), bearers[0]);
    assert_ne!(second.header("authorization"), bearers[0]);
    world.inject(provider::Fault::Status(provider::Endpoint::Token, 500));
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/1").await.status,
        StatusCode::OK,
        "kept"
    );
    world.advance(Duration::from_hours(2));
    let answer = call(&mut bob, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("token_unavailable"))
    );
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn what_ended_the_session_is_said_to_who_calls() {
    let api = Api::friendly().await;
    let world = world(&api.served.url(), &[]).await;
    let mut browser = world.signed_in("alice").await;
    let mut other = world.browser();
    other.cookies.clone_from(&browser.cookies);
    browser.submit("/auth/logout").await;
    let answer = call(&mut other, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["login"], "/auth/login");
    assert_ne!(answer.json()["code"], "sign_in_required", "it says why");
    assert!(api.calls().is_empty());
}

#[tokio::test]
async fn an_api_that_is_called_without_a_token_gets_one_call_for_a_401() {
    let api = Api::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let world = world(&api.served.url(), &[("BFF_API_ORDERS_TOKEN", "none")]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(answer.json()["code"], "upstream_unauthorized");
    assert_eq!(api.calls().len(), 1);
}

#[tokio::test]
async fn invariant_5_a_store_that_is_away_is_503_and_no_call() {
    let api = Api::friendly().await;
    let mut world = world(&api.served.url(), &[("BFF_REDIS_TIMEOUT", "300ms")]).await;
    let mut browser = world.signed_in("alice").await;
    world.redis.kill();
    for headers in [&CALL[..], &NAVIGATE] {
        let answer = browser.send(Method::GET, "/api/orders/1", headers, "").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.header("retry-after").is_empty() && answer.set_cookies().is_empty());
    }
    assert!(api.calls().is_empty());
}

#[tokio::test]
async fn a_call_costs_two_reads_and_one_without_a_token_one() {
    let api = Api::friendly().await;
    let further = [
        ("BFF_API_OPEN", api.served.url()),
        ("BFF_API_OPEN_TOKEN", "none".to_owned()),
    ];
    let further: Vec<(&str, &str)> = further.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let world = world(&api.served.url(), &further).await;
    let mut browser = world.signed_in("alice").await;
    for (path, reads) in [("/api/orders/1", 2), ("/api/open/1", 1)] {
        let before = world.redis.commands();
        assert_eq!(call(&mut browser, Method::GET, path).await.status, StatusCode::OK);
        let counted = world.redis.commands() - before;
        assert_eq!(counted, reads, "{path}");
    }
}
