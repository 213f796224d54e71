//! The provider tells the client of a logout through the back channel and the front channel.

use std::time::{Duration, Instant};

use provider::{Provider, Settings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};
use url::form_urlencoded;

use super::{NOW, SIGNED_OUT, authorization_url, decoded, member, started, tokens};
use crate::browser::{LONGEST_WAIT, form, get, post};

/// The address of a client that takes one request, and the request. The client sends `answer` unless it is empty.
pub(super) async fn client(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let uri = format!(
        "http://{}/backchannel?tenant=1",
        listener.local_addr().expect("an address")
    );
    let posted = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).contains("logout_token=") {
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).await.expect("a request");
            request.extend(&chunk[..read]);
        }
        if answer.is_empty() {
            let _ = stream.read(&mut [0; 1]).await;
        }
        stream.write_all(answer.as_bytes()).await.expect("answered");
        String::from_utf8(request).expect("text")
    });
    (uri, posted)
}

async fn told(uri: &str) -> Provider {
    started(|settings: &mut Settings| settings.client.backchannel_logout_uri = Some(uri.to_owned())).await
}

/// LO-17
#[tokio::test]
async fn the_end_of_a_session_is_posted_with_its_sid_and_sub() {
    let (uri, posted) = client("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let provider = told(&uri).await;
    let tokens = tokens(&provider).await;
    let (_, id_token) = decoded(member(&tokens, "id_token"));
    let hint = [("id_token_hint", member(&tokens, "id_token"))];
    assert_eq!(post(&provider, "/end-session", &[], &hint).await.status, 200);
    assert_eq!(provider.logout_answers(), [Some(200)]);

    let request = timeout(LONGEST_WAIT, posted)
        .await
        .expect("in time")
        .expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("POST /backchannel?tenant=1 HTTP/1.1"), "{head}");
    assert!(
        head.to_lowercase()
            .contains("content-type: application/x-www-form-urlencoded")
    );
    let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
    assert_eq!(pairs.len(), 1);
    let (header, claims) = decoded(&pairs[0].1);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&"logout+jwt".into(), &"RS256".into())
    );
    for claim in ["iss", "aud", "sub", "sid"] {
        assert_eq!(claims[claim], id_token[claim], "{claim}");
    }
    assert_eq!((&claims["iat"], &claims["exp"]), (&NOW.into(), &(NOW + 120).into()));
    assert!(claims["jti"].is_string() && claims.get("nonce").is_none());
    assert!(claims["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
}

#[tokio::test]
async fn a_client_that_does_not_answer_holds_nobody_up() {
    let (uri, _posted) = client("").await;
    for uri in [&*uri, "http://127.0.0.1:1/", "https://127.0.0.1:1/"] {
        let provider = told(uri).await;
        let tokens = tokens(&provider).await;
        let begun = Instant::now();
        let hint = [("id_token_hint", member(&tokens, "id_token"))];
        assert_eq!(post(&provider, "/end-session", &[], &hint).await.status, 200);
        assert_eq!(provider.logout_answers(), [None]);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

/// LO-10
#[tokio::test]
async fn the_front_channel_is_loaded_in_a_frame_before_the_way_back() {
    let provider = started(|settings| {
        settings.client.frontchannel_logout_uri = Some("http://localhost:3000/auth/frontchannel".to_owned());
    })
    .await;
    let tokens = tokens(&provider).await;
    let sid = provider.sids("alice").pop().expect("a session");
    let pairs = [
        ("id_token_hint", member(&tokens, "id_token")),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", "the state"),
    ];
    let answer = get(&provider, &format!("/end-session?{}", form(&pairs)), &[]).await;
    assert_eq!(answer.status, 200);
    let query = form(&[("iss", provider.issuer()), ("sid", &sid)]).replace('&', "&amp;");
    let frame = format!("src=\"http://localhost:3000/auth/frontchannel?{query}\"");
    assert!(answer.text().contains(&frame), "{}", answer.text());
    let back = format!("{SIGNED_OUT}?state=the+state");
    assert_eq!(answer.header("refresh"), Some(&*format!("2;url={back}")));
    assert!(answer.text().contains(&back));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.contains("frame-src http://localhost:3000;"), "{policy}");
    assert!(answer.header("set-cookie").expect("a cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn one_browser_has_one_sid_however_often_it_signs_in() {
    let provider = started(|_| {}).await;
    let url = authorization_url(&provider);
    let (_, query) = url.split_once('?').expect("a query");
    let signed_in = post(&provider, "/sign-in", &[], &[("request", query), ("person", "alice")]).await;
    for _ in 0..2 {
        let again = get(
            &provider,
            &format!("/authorize?{query}"),
            &[("cookie", signed_in.cookie())],
        )
        .await;
        assert_eq!(again.status, 303);
    }
    let sids = provider.sids("alice");
    assert!(sids.len() == 3 && sids.iter().all(|sid| *sid == sids[0]), "{sids:?}");
    provider.authorize(&url, "alice").await;
    assert_ne!(provider.sids("alice")[3], sids[0], "another browser has another sid");
    assert!(provider.sids("bob").is_empty());
}
