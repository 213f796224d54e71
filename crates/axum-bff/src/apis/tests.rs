use super::*;
use crate::config::Config;
use crate::relay::{ApiRequest, CallError, RelayError};

const CANARY: &str = "canary-of-a-header";

async fn bff() -> Bff {
    let settings = [
        ("BFF_API_STOCK", "https://stock.example.com/v1"),
        ("BFF_API_STOCK_TOKEN", "none"),
        ("BFF_API_ORDERS", "https://orders.example.com"),
    ];
    let config = Config::in_memory(&settings).expect("settings");
    Bff::builder().settings(config).build().await.expect("the BFF is built")
}

async fn refusal(request: ApiRequest) -> Error {
    let error = request.send().await.expect_err("the request is not sent");
    assert!(error.failure::<RelayError>().is_some(), "{error:?}");
    error
}

#[tokio::test]
async fn code_that_names_no_api_of_the_settings_is_told_the_names_that_there_are() {
    let error = bff().await.api("stock-levels").expect_err("no such API");
    assert_eq!(error.code(), "api_unknown");
    assert_eq!(error.status(), 500);
    let text = error.to_string();
    for part in ["stock-levels", "BFF_API_STOCK_LEVELS", "orders, stock"] {
        assert!(text.contains(part), "{text}");
    }
}

struct Named;

impl ApiName for Named {
    const NAME: &'static str = "orders";
}

#[tokio::test]
async fn an_api_that_code_calls_and_the_settings_lack_stops_the_start() {
    let built = async |settings: &[(&str, &str)]| {
        let config = Config::in_memory(settings).expect("settings");
        Bff::builder().settings(config).calls::<Named>().build().await
    };
    let error = built(&[]).await.expect_err("no such API").to_string();
    assert!(error.contains("BFF_API_ORDERS"), "{error}");
    let there = built(&[("BFF_API_ORDERS", "https://orders.example.com")]).await;
    assert!(there.is_ok(), "{there:?}");
}

#[tokio::test]
async fn a_handler_outside_of_the_layer_gets_no_client() {
    use tower::ServiceExt;
    let handler = async |orders: Api<Named>| format!("{orders:?}");
    let unlayered: axum::Router = axum::Router::new().route("/", axum::routing::get(handler));
    let request = axum::http::Request::get("/").body(axum::body::Body::empty());
    let answer = unlayered.oneshot(request.expect("a request")).await.expect("an answer");
    assert_eq!(answer.status(), 500);
}

#[tokio::test]
async fn an_api_with_a_persons_token_is_not_called_without_a_person() {
    let error = bff().await.api("orders").expect_err("nobody's token");
    assert!(matches!(
        error.failure(),
        Some(RelayError::Call(CallError::NeedsAPerson(_)))
    ));
    assert_eq!((error.status().as_u16(), error.code()), (500, "internal"));
}

/// PRX-02
#[tokio::test]
async fn a_path_that_two_servers_may_read_differently_is_refused_of_code_too() {
    let stock = bff().await.api("stock").expect("an API");
    for path in [
        "orders",
        "/a/../b",
        "/a//b",
        "/a;b",
        "/a%2fb",
        "/a?b=c",
        "/a#b",
        "/a b",
        "//evil.example",
    ] {
        let error = refusal(stock.get(path)).await;
        assert!(matches!(error.failure(), Some(RelayError::Path)), "{path}: {error}");
    }
    for segment in ["", ".", "..", "../b", "a/b", "a\\b", "a;b", "%2e%2e", "a\0b", "a\r\nb"] {
        let error = refusal(stock.get("/orders").segment(segment)).await;
        assert!(matches!(error.failure(), Some(RelayError::Path)), "{segment}: {error}");
    }
    let error = refusal(stock.get("").query("a", "x".repeat(9000))).await;
    assert!(matches!(error.failure(), Some(RelayError::QueryTooLong)), "{error}");
}

#[tokio::test]
async fn code_sets_no_header_that_carries_credentials_or_steers_the_connection() {
    let stock = bff().await.api("stock").expect("an API");
    for name in [
        "authorization",
        "Cookie",
        "dpop",
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "upgrade",
        "proxy-authorization",
    ] {
        let error = refusal(stock.get("/").header(name, CANARY)).await;
        assert!(
            matches!(error.failure(), Some(RelayError::Call(CallError::Header(_)))),
            "{name}: {error}"
        );
        assert!(!format!("{error} {error:?}").contains(CANARY), "{error:?}");
    }
    for (name, value) in [("x-note", "a\r\nb"), ("x note", "a")] {
        let error = refusal(stock.get("/").header(name, value)).await;
        assert!(
            matches!(error.failure(), Some(RelayError::Call(CallError::Header(_)))),
            "{name}: {error}"
        );
    }
    let error = refusal(stock.get("/").header("x-note", "x".repeat(17 * 1024))).await;
    assert!(matches!(error.failure(), Some(RelayError::HeadersTooLarge)), "{error}");
}

#[tokio::test]
async fn a_request_and_its_client_show_neither_path_nor_header_nor_body() {
    let stock = bff().await.api("stock").expect("an API");
    let request = stock
        .post(format!("/{CANARY}"))
        .query(CANARY, CANARY)
        .header("x-note", CANARY);
    let shown = format!("{stock:?} {:?}", request.json(CANARY));
    assert!(shown.contains("stock") && shown.contains("POST"), "{shown}");
    assert!(!shown.contains(CANARY), "{shown}");
}

#[tokio::test]
async fn an_api_without_a_token_has_none_to_expose() {
    let stock = bff().await.api("stock").expect("an API");
    let error = stock.expose_access_token().await.expect_err("no token");
    assert!(
        matches!(error.failure(), Some(RelayError::Call(CallError::NoToken(_)))),
        "{error}"
    );
}
