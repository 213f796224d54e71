//! Faults of the HTTP exchange.

use std::time::Duration;

use provider::{Answer, Endpoint, Fault, Provider};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    browser::{exchange, form, get, parse},
    friendly::{CALLBACK, VERIFIER, basic, code, friendly, redeem, tokens},
};

/// A delay that no test waits for: a test that does wait fails by its own time limit.
const HOUR: Duration = Duration::from_hours(1);

/// Time enough for an answer without faults.
const BOUND: Duration = Duration::from_secs(20);

/// TOK-10
#[tokio::test]
async fn an_answer_in_place_of_the_endpoints_own_leaves_the_code_unspent() {
    let provider = friendly().await;
    let code = code(&provider).await;
    let answer = Answer::error(503, "temporarily_unavailable").with_header("retry-after", "7");
    provider.inject(Fault::Answer(Endpoint::Token, answer));
    let bad = redeem(&provider, &code, &[]).await;
    assert_eq!((bad.status, bad.header("retry-after")), (503, Some("7")));
    assert_eq!(bad.json(), json!({ "error": "temporarily_unavailable" }));
    provider.heal();
    assert_eq!(redeem(&provider, &code, &[]).await.status, 200);
    assert_eq!(provider.calls_to(Endpoint::Token).len(), 2);
}

/// DISC-06
#[tokio::test]
async fn an_endpoint_can_redirect_and_others_stay_as_they_are() {
    let provider = friendly().await;
    let elsewhere = "http://169.254.169.254/latest".to_owned();
    provider.inject(Fault::Redirect(Endpoint::Jwks, elsewhere.clone()));
    let answer = get(&provider, "/jwks", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (302, Some(&*elsewhere)));
    assert_eq!(
        get(&provider, "/.well-known/openid-configuration", &[]).await.status,
        200
    );
}

/// DISC-03
#[tokio::test]
async fn status_and_content_type_can_be_wrong_with_a_good_body() {
    let provider = friendly().await;
    provider.inject(Fault::Status(Endpoint::Metadata, 203));
    provider.inject(Fault::ContentType(Endpoint::Metadata, "text/html"));
    let answer = get(&provider, "/.well-known/openid-configuration", &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (203, Some("text/html")));
    assert_eq!(answer.json()["issuer"], provider.issuer());
}

/// TOK-11
#[tokio::test]
async fn an_answer_that_hangs_or_is_delayed_goes_on_when_healed() {
    for fault in [Fault::Hang(Endpoint::Token), Fault::Delay(Endpoint::Token, HOUR)] {
        let provider = friendly().await;
        let code = code(&provider).await;
        provider.inject(fault);
        let redeemed = redeem(&provider, &code, &[]);
        let healed = async {
            while provider.calls_to(Endpoint::Token).is_empty() {
                tokio::task::yield_now().await;
            }
            provider.heal();
        };
        let (answer, ()) = timeout(BOUND, async { tokio::join!(redeemed, healed) })
            .await
            .expect("an answer after the heal");
        assert_eq!(answer.status, 200);
    }
}

/// TOK-11
#[tokio::test]
async fn a_body_can_break_off_half_way() {
    let provider = friendly().await;
    provider.inject(Fault::HalfBody(Endpoint::Metadata));
    let raw = exchange(&provider, "GET", "/.well-known/openid-configuration", &[], "").await;
    let answer = parse(&raw).expect("a head");
    let announced: usize = answer
        .header("content-length")
        .expect("a length")
        .parse()
        .expect("a number");
    assert_eq!(answer.body.len(), announced / 2);
    assert!(answer.body.starts_with(b"{"));
}

/// TOK-11
#[tokio::test]
async fn a_connection_can_be_cut_before_any_answer() {
    let provider = friendly().await;
    provider.inject(Fault::Cut(Endpoint::Jwks));
    assert!(exchange(&provider, "GET", "/jwks", &[], "").await.is_empty());
    assert_eq!(provider.calls_to(Endpoint::Jwks).len(), 1);
    provider.heal();
    assert_eq!(get(&provider, "/jwks", &[]).await.status, 200);
}

/// Whether the token endpoint says nothing to a client that redeems this code.
async fn unanswered(provider: &Provider, code: &str) -> bool {
    let body = form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ]);
    let headers = [("authorization", &*basic())];
    exchange(provider, "POST", "/token", &headers, &body).await.is_empty()
}

/// TOK-11
#[tokio::test]
async fn an_endpoint_that_hangs_up_has_done_nothing() {
    let provider = friendly().await;
    let code = code(&provider).await;
    provider.inject(Fault::HangUp(Endpoint::Token));
    assert!(unanswered(&provider, &code).await);
    provider.heal();
    assert_eq!(redeem(&provider, &code, &[]).await.status, 200, "the code is unspent");
}

/// TOK-11
#[tokio::test]
async fn a_cut_token_endpoint_has_worked_nevertheless() {
    let provider = friendly().await;
    let code = code(&provider).await;
    provider.inject(Fault::Cut(Endpoint::Token));
    assert!(unanswered(&provider, &code).await);
    provider.heal();
    let again = redeem(&provider, &code, &[]).await;
    assert_eq!(again.json()["error"], "invalid_grant", "the code is spent");
}

/// DISC-03
#[tokio::test]
async fn a_slow_body_comes_byte_by_byte_and_whole() {
    let provider = friendly().await;
    provider.inject(Fault::SlowBody(Endpoint::Jwks, Duration::from_micros(1)));
    let raw = exchange(&provider, "GET", "/jwks", &[], "").await;
    let text = String::from_utf8(raw).expect("text");
    // Each chunk has one byte.
    assert!(text.contains("\r\n1\r\n{\r\n1\r\n\"\r\n"), "{text}");
    assert!(text.ends_with("\r\n0\r\n\r\n"));
}

/// DISC-03
#[tokio::test]
async fn an_endless_body_goes_on_until_somebody_stops() {
    let provider = friendly().await;
    provider.inject(Fault::EndlessBody(Endpoint::Userinfo));
    let mut stream = request(&provider, "/userinfo").await;
    let mut megabyte = vec![0; 1 << 20];
    let read = timeout(BOUND, stream.read_exact(&mut megabyte)).await;
    assert!(read.is_ok_and(|read| read.is_ok()), "a megabyte and no end");
    provider.heal();
    let rest = timeout(BOUND, stream.read_to_end(&mut megabyte)).await;
    assert!(rest.is_ok(), "the body ends when the fault is healed");
}

#[tokio::test]
async fn stopping_does_not_wait_for_what_hangs() {
    let provider = friendly().await;
    provider.inject(Fault::Hang(Endpoint::Jwks));
    let mut stream = request(&provider, "/jwks").await;
    while provider.calls_to(Endpoint::Jwks).is_empty() {
        tokio::task::yield_now().await;
    }
    timeout(BOUND, provider.stop()).await.expect("the provider stops");
    let mut answer = Vec::new();
    let _ = timeout(BOUND, stream.read_to_end(&mut answer)).await;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "the answer under way is finished");
}

#[tokio::test]
async fn after_a_heal_everything_is_friendly_again() {
    let provider = friendly().await;
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks, Endpoint::Token, Endpoint::Userinfo] {
        provider.inject(Fault::Answer(endpoint, Answer::empty(500)));
    }
    assert_eq!(get(&provider, "/jwks", &[]).await.status, 500);
    provider.heal();
    assert!(tokens(&provider).await["id_token"].is_string());
    provider.forget_calls();
    assert!(provider.calls().is_empty());
}

async fn request(provider: &Provider, path: &str) -> TcpStream {
    let host = provider.issuer().strip_prefix("http://").expect("http");
    let mut stream = TcpStream::connect(host).await.expect("the provider listens");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the provider reads");
    stream
}
