//! RP-initiated logout.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use provider::{Client, Clock, Provider, Settings, Snapshot};

use super::{CALLBACK, NOW, SIGNED_OUT, friendly, tokens};
use crate::browser::{form, get, post};

async fn hint(provider: &Provider) -> String {
    let tokens = tokens(provider).await;
    tokens["id_token"].as_str().expect("an ID Token").to_owned()
}

/// LO-05
#[tokio::test]
async fn with_a_hint_it_returns_to_the_registered_address_with_state() {
    let provider = friendly().await;
    let hint = hint(&provider).await;
    let pairs = [
        ("id_token_hint", &*hint),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", "x&y"),
    ];
    let by_get = get(&provider, &format!("/end-session?{}", form(&pairs)), &[]).await;
    let by_post = post(&provider, "/end-session", &[], &pairs).await;
    for answer in [by_get, by_post] {
        assert_eq!(answer.status, 303);
        let location = answer.location();
        assert_eq!(location.as_str(), format!("{SIGNED_OUT}?state=x%26y"));
        assert!(answer.header("set-cookie").expect("a cookie").contains("Max-Age=0"));
    }
}

/// LO-05
#[tokio::test]
async fn a_hint_that_expired_is_still_good() {
    let now = Arc::new(AtomicU64::new(NOW));
    let mut settings = Settings::new(Client::new("the client", CALLBACK, SIGNED_OUT));
    settings.client.secret = "s:e+c%r e&t ü".to_owned();
    let clock = Arc::clone(&now);
    settings.clock = Clock::new(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
    let provider = Provider::start(settings).await.expect("a provider");
    let hint = hint(&provider).await;
    now.store(NOW + 86_400, Ordering::Relaxed);
    let answer = post(&provider, "/end-session", &[], &[("id_token_hint", &hint)]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("You are signed out"));
}

/// LO-05
#[tokio::test]
async fn a_hint_is_good_after_its_key_has_left_the_jwks_and_after_a_restart() {
    let provider = friendly().await;
    let hint = hint(&provider).await;
    let hint = [("id_token_hint", &*hint)];
    for _ in 0..2 {
        provider.rotate_keys();
    }
    assert_eq!(post(&provider, "/end-session", &[], &hint).await.status, 200);
    let mut settings = Settings::new(Client::new("the client", CALLBACK, SIGNED_OUT));
    let address = provider.issuer().trim_start_matches("http://");
    settings.listen = address.parse().expect("an address");
    let snapshot = Snapshot::read(&provider.snapshot());
    provider.stop().await;
    let next = Provider::start_from(settings, snapshot).await.expect("the same port");
    assert_eq!(post(&next, "/end-session", &[], &hint).await.status, 200);
}

#[tokio::test]
async fn a_wrong_request_gets_a_page_and_no_redirect() {
    let provider = friendly().await;
    let hint = hint(&provider).await;
    let forged = format!("{}A", &hint[..hint.len() - 4]);
    for pairs in [
        vec![("id_token_hint", &*forged)],
        vec![("id_token_hint", "not a token")],
        vec![("id_token_hint", &*hint), ("client_id", "another")],
        vec![
            ("id_token_hint", &*hint),
            ("post_logout_redirect_uri", "http://localhost:3000/"),
        ],
        vec![("post_logout_redirect_uri", SIGNED_OUT)],
        vec![("state", "a"), ("state", "b")],
    ] {
        let answer = post(&provider, "/end-session", &[], &pairs).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{pairs:?}");
    }
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    let provider = friendly().await;
    let pairs = [
        ("client_id", "the client"),
        ("post_logout_redirect_uri", SIGNED_OUT),
        ("state", "\"><b>"),
    ];
    let asked = get(&provider, &format!("/end-session?{}", form(&pairs)), &[]).await;
    assert_eq!((asked.status, asked.header("set-cookie")), (200, None));
    assert!(asked.text().contains("Sign out?") && !asked.text().contains("<b>"));
    let answer = |confirm| [&pairs[..], &[("confirm", confirm)]].concat();
    let stays = post(&provider, "/end-session", &[], &answer("no")).await;
    assert_eq!((stays.status, stays.header("set-cookie")), (200, None));
    let leaves = post(&provider, "/end-session", &[], &answer("yes")).await;
    assert!(leaves.location().as_str().starts_with(SIGNED_OUT));
}
