//! The address to which the relay sends a call, and answers that redirect.

use crate::api::{Api, CALL, Served, call, head, world};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;

/// PRX-01
#[tokio::test]
async fn only_names_and_methods_of_the_settings_lead_anywhere() {
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

/// PRX-01, PRX-02
#[tokio::test]
async fn a_path_that_could_lead_elsewhere_is_refused_on_the_wire() {
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
    assert_eq!(
        api.calls().len(),
        2,
        "the request's host does not decide where the call goes"
    );
    assert!(
        api.calls().iter().all(|call| call.target == "/v1/1"),
        "{:?}",
        api.calls()
    );
    assert!(evil.calls().is_empty());
}

/// PRX-04
#[tokio::test]
async fn a_redirect_is_neither_followed_nor_shown() {
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
    // 201 is no redirect, but the answer has a `location` too.
    let created = call(&mut browser, Method::GET, "/api/orders/201").await;
    assert_eq!((created.status, created.location()), (StatusCode::CREATED, None));
    assert_eq!(
        call(&mut browser, Method::GET, "/api/orders/304").await.status,
        StatusCode::NOT_MODIFIED
    );
    assert!(evil.calls().is_empty());
}

/// PRX-06
#[tokio::test]
async fn the_apis_answer_to_a_call_passes_as_it_is() {
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
