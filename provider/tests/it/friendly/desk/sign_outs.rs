//! The control desk's sign-outs, of one person and of everybody.

use provider::{Client, Person, Provider, Settings, Snapshot};
use serde_json::json;
use tokio::time::timeout;
use url::form_urlencoded;

use super::{act, is_signed_in, sign_in, with_desk};
use crate::{
    browser::{LONGEST_WAIT, get},
    friendly::{CALLBACK, SIGNED_OUT, back_channel::client, clock, decoded},
};

/// LO-17
#[tokio::test]
async fn signing_a_person_out_ends_all_their_sessions_and_tells_the_client_once() {
    let (uri, posted) = client("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let provider = with_desk(|settings| settings.client.backchannel_logout_uri = Some(uri)).await;
    let (laptop, phone) = (sign_in(&provider, "alice").await, sign_in(&provider, "alice").await);
    let bob = sign_in(&provider, "bob").await;
    let page = get(&provider, "/", &[("cookie", &phone)]).await.text();
    assert_eq!(page.matches("Signed in just now</li>").count(), 2, "{page}");
    assert_eq!(
        page.matches("Signed in just now, in this browser</li>").count(),
        1,
        "{page}"
    );
    assert!(provider.sids("alice").iter().all(|sid| !page.contains(sid)));

    let said = act(&provider, "/desk/sign-out", &[("person", "alice")]).await;
    assert_eq!(
        said,
        "Alice Lindqvist is signed out everywhere, and the application was told."
    );
    for cookie in [&laptop, &phone] {
        assert!(!is_signed_in(&provider, cookie).await);
    }
    assert!(is_signed_in(&provider, &bob).await);

    let request = timeout(LONGEST_WAIT, posted)
        .await
        .expect("in time")
        .expect("a request");
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    let (_, token) = form_urlencoded::parse(body.as_bytes()).next().expect("a logout token");
    let (_, claims) = decoded(&token);
    assert_eq!(claims["sub"], provider.subject("alice"));
    assert_eq!(
        claims.get("sid"),
        None,
        "it is about all sessions (Back-Channel Logout 1.0 §2.4)"
    );
}

#[tokio::test]
async fn everybody_is_signed_out_and_the_notice_says_that_the_client_did_not_confirm() {
    let provider = with_desk(|settings| {
        settings.client.backchannel_logout_uri = Some("http://127.0.0.1:1/".to_owned());
    })
    .await;
    let (alice, bob) = (sign_in(&provider, "alice").await, sign_in(&provider, "bob").await);
    let said = act(&provider, "/desk/sign-everybody-out", &[]).await;
    assert_eq!(
        said,
        "Everybody is signed out here. The application did not confirm that it ended its sessions."
    );
    assert!(!is_signed_in(&provider, &alice).await && !is_signed_in(&provider, &bob).await);
    assert_eq!(provider.logout_answers(), [None; 3], "one logout token for each person");
}

#[tokio::test]
async fn a_session_of_a_person_who_is_not_in_the_list_any_more_is_counted_and_ended_too() {
    let first = with_desk(|_| {}).await;
    let cookie = sign_in(&first, "bob").await;
    let mut settings = Settings::new(Client::new("the client", CALLBACK, SIGNED_OUT));
    settings.desk = true;
    settings.clock = clock().1;
    settings.people = vec![Person::new("ada", "ada", json!({}))];
    let snapshot = Snapshot::read(&first.snapshot());
    let second = Provider::start_from(settings, snapshot).await.expect("a provider");
    let page = get(&second, "/", &[]).await.text();
    assert!(
        page.contains("1 session of people who are not in the list any more"),
        "{page}"
    );
    act(&second, "/desk/sign-everybody-out", &[]).await;
    assert!(!is_signed_in(&second, &cookie).await);
    let page = get(&second, "/", &[]).await.text();
    assert!(!page.contains("not in the list any more"), "{page}");
}
