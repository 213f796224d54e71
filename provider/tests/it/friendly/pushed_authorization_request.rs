//! Pushed authorization requests (RFC 9126).

use provider::{Provider, PushedAuthorizationRequests};
use std::sync::atomic::Ordering;

use super::{basic, clock, parameter, query, request, started};
use crate::browser::{Answer, get, post};

async fn pushing(pushed: PushedAuthorizationRequests) -> Provider {
    started(|settings| settings.pushed_authorization_requests = pushed).await
}

async fn push(provider: &Provider, authorization: &str, changes: &[(&'static str, &str)]) -> Answer {
    let mut request = request();
    request.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let pairs: Vec<(&str, &str)> = request.iter().map(|(name, value)| (*name, value.as_str())).collect();
    post(provider, "/par", &[("authorization", authorization)], &pairs).await
}

fn reference(answer: &Answer) -> String {
    answer.json()["request_uri"].as_str().expect("a request_uri").to_owned()
}

async fn open(provider: &Provider, client_id: &str, request_uri: &str) -> Answer {
    let pairs = [
        ("client_id", client_id.to_owned()),
        ("request_uri", request_uri.to_owned()),
    ];
    get(provider, &format!("/authorize?{}", query(&pairs)), &[]).await
}

/// AUTHZ-13
#[tokio::test]
async fn a_pushed_request_is_good_for_one_login() {
    let provider = pushing(PushedAuthorizationRequests::Required).await;
    let answer = push(&provider, &basic(), &[]).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let request_uri = reference(&answer);
    let page = open(&provider, "the client", &request_uri).await;
    assert_eq!(page.status, 200);
    assert_eq!(
        open(&provider, "the client", &request_uri).await.status,
        400,
        "already used"
    );

    let other = reference(&push(&provider, &basic(), &[]).await);
    assert_eq!(open(&provider, "another client", &other).await.status, 400);

    let url = format!("{}/authorize?{}", provider.issuer(), query(&request()));
    let plain = get(&provider, &url[provider.issuer().len()..], &[]).await;
    assert_eq!(plain.status, 400, "the request has to be pushed");
}

/// AUTHZ-13
#[tokio::test]
async fn a_reference_expires() {
    let (seconds, time) = clock();
    let provider = started(|settings| {
        settings.pushed_authorization_requests = PushedAuthorizationRequests::Offered;
        settings.clock = time;
    })
    .await;
    let request_uri = reference(&push(&provider, &basic(), &[]).await);
    seconds.fetch_add(60, Ordering::Relaxed);
    assert_eq!(open(&provider, "the client", &request_uri).await.status, 400);
}

/// AUTHZ-13
#[tokio::test]
async fn a_request_that_may_not_be_pushed_is_refused_at_once() {
    let provider = pushing(PushedAuthorizationRequests::Offered).await;
    for (authorization, changes, status) in [
        ("Basic AAAA", &[][..], 401),
        (basic().as_str(), &[("request_uri", "urn:x")][..], 400),
        (basic().as_str(), &[("nonce", "another")][..], 400),
        (basic().as_str(), &[("redirect_uri", "https://evil.example/")][..], 400),
    ] {
        assert_eq!(
            push(&provider, authorization, changes).await.status,
            status,
            "{changes:?}"
        );
    }
    let url = format!("{}/authorize?{}", provider.issuer(), query(&request()));
    let callback = provider.authorize(&url, "alice").await;
    assert!(
        parameter(&callback, "code").is_some(),
        "a plain request is accepted too"
    );
    let silent = pushing(PushedAuthorizationRequests::NotOffered).await;
    assert_eq!(push(&silent, &basic(), &[]).await.status, 404);
}
