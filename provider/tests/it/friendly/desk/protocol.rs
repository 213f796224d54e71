//! The forms of the desk that change the provider's answers: roles, refresh tokens, keys, and silence.

use std::sync::atomic::Ordering;

use provider::Endpoint;
use serde_json::{Value, json};

use super::{act, is_signed_in, roles_of_id_token, sign_in, tokens_of, userinfo, with_desk};
use crate::browser::{Answer, exchange, form, get};
use crate::friendly::{NOW, basic, call, clock, decoded, member, refresh, tokens};

#[tokio::test]
async fn a_role_that_changes_is_in_userinfo_and_in_the_id_token_of_the_next_refresh() {
    let provider = with_desk(|_| {}).await;
    let (alice, bob) = (tokens(&provider).await, tokens_of(&provider, "bob").await);
    assert_eq!(roles_of_id_token(&alice), json!(["admin", "editor"]));

    let person = [("person", "alice"), ("role", "admin")];
    assert_eq!(
        act(&provider, "/desk/take-role", &person).await,
        "Alice Lindqvist has one role less."
    );
    let given = [("person", "bob"), ("role", " chief of staff ")];
    assert_eq!(
        act(&provider, "/desk/give-role", &given).await,
        "Bob Okafor has one more role."
    );
    act(&provider, "/desk/give-role", &given).await;

    assert_eq!(userinfo(&provider, &alice).await["roles"], json!(["editor"]));
    assert_eq!(
        userinfo(&provider, &bob).await["roles"],
        json!(["chief of staff"]),
        "it is there once"
    );
    let alice = refresh(&provider, member(&alice, "refresh_token")).await.json();
    assert_eq!(roles_of_id_token(&alice), json!(["editor"]));
    assert_eq!(
        roles_of_id_token(&tokens_of(&provider, "bob").await),
        json!(["chief of staff"])
    );
    // The sentence about a person does not say what is not so any more.
    let page = get(&provider, "/", &[]).await.text();
    assert!(page.contains(r#"<p class="about">role editor</p>"#), "{page}");
    assert!(
        page.contains(r#"<p class="about">role chief of staff; email not verified</p>"#),
        "{page}"
    );

    act(&provider, "/desk/give-role", &person).await;
    act(&provider, "/desk/take-role", &[("person", "alice"), ("role", "editor")]).await;
    act(&provider, "/desk/take-role", &[("person", "alice"), ("role", "admin")]).await;
    assert_eq!(userinfo(&provider, &alice).await["roles"], json!([]));
}

#[tokio::test]
async fn an_empty_or_long_role_and_an_unknown_person_change_nothing() {
    let provider = with_desk(|_| {}).await;
    let tokens = tokens(&provider).await;
    let long = "x".repeat(65);
    for role in ["", "  ", "two\nlines", &long] {
        let said = act(&provider, "/desk/give-role", &[("person", "alice"), ("role", role)]).await;
        assert!(said.starts_with("Nothing was changed: a role has"), "{role:?}: {said}");
    }
    for path in [
        "/desk/sign-out",
        "/desk/give-role",
        "/desk/take-role",
        "/desk/end-grants",
    ] {
        for pairs in [&[("person", "mallory"), ("role", "admin")][..], &[]] {
            let said = act(&provider, path, pairs).await;
            assert_eq!(said, "Nothing was changed: nobody here has that username.", "{path}");
        }
    }
    assert_eq!(userinfo(&provider, &tokens).await["roles"], json!(["admin", "editor"]));
}

/// RT-05
#[tokio::test]
async fn the_tokens_of_a_person_end_and_those_of_others_do_not() {
    let provider = with_desk(|_| {}).await;
    let (alice, bob) = (tokens(&provider).await, tokens_of(&provider, "bob").await);
    let page = get(&provider, "/", &[]).await.text();
    assert_eq!(page.matches("<li>Has 1 refresh token</li>").count(), 2, "{page}");
    let said = act(&provider, "/desk/end-grants", &[("person", "alice")]).await;
    assert_eq!(said, "The refresh tokens of Alice Lindqvist are not good any more.");
    let refused = refresh(&provider, member(&alice, "refresh_token")).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (400, &"invalid_grant".into())
    );
    assert_eq!(
        call(&provider, "/resource/whoami", member(&alice, "access_token"))
            .await
            .status,
        401
    );
    assert_eq!(refresh(&provider, member(&bob, "refresh_token")).await.status, 200);
    let page = get(&provider, "/", &[]).await.text();
    assert_eq!(page.matches("<li>Has 1 refresh token</li>").count(), 1, "{page}");
}

#[tokio::test]
async fn another_key_signs_after_a_rotation() {
    let provider = with_desk(|_| {}).await;
    let old = tokens(&provider).await;
    let (header, _) = decoded(member(&old, "id_token"));
    for _ in 0..2 {
        assert_eq!(act(&provider, "/desk/rotate-key", &[]).await, "Another key signs now.");
    }
    let (rotated, _) = decoded(member(&tokens(&provider).await, "id_token"));
    assert_ne!(rotated["kid"], header["kid"]);
    let keys = get(&provider, "/jwks", &[]).await.json();
    let published: Vec<&Value> = keys["keys"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|key| &key["kid"])
        .collect();
    assert!(
        published.contains(&&rotated["kid"]) && !published.contains(&&header["kid"]),
        "{published:?}"
    );
}

/// RT-06
#[tokio::test]
async fn for_thirty_seconds_the_client_gets_no_answer_and_loses_nothing() {
    let (seconds, clock) = clock();
    let provider = with_desk(|settings| settings.clock = clock).await;
    let tokens = tokens(&provider).await;
    let cookie = sign_in(&provider, "alice").await;
    let refresh_token = member(&tokens, "refresh_token");
    let is_away = async || {
        let body = form(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]);
        let headers = [("authorization", &*basic())];
        let mut answers = vec![exchange(&provider, "POST", "/token", &headers, &body).await];
        for endpoint in [Endpoint::Metadata, Endpoint::Jwks, Endpoint::Userinfo] {
            answers.push(exchange(&provider, "GET", endpoint.path(), &[], "").await);
        }
        for endpoint in [Endpoint::Revocation, Endpoint::PushedAuthorizationRequest] {
            answers.push(exchange(&provider, "POST", endpoint.path(), &headers, "token=x").await);
        }
        answers.iter().all(Vec::is_empty)
    };

    let said = act(&provider, "/desk/stop-answering", &[]).await;
    assert_eq!(said, "The provider does not answer the application now.");
    for elapsed in [0, 29] {
        seconds.store(NOW + elapsed, Ordering::Relaxed);
        assert!(is_away().await, "after {elapsed} s");
        assert!(is_signed_in(&provider, &cookie).await, "browsers are answered");
    }
    let page = get(&provider, "/", &[]).await.text();
    assert!(page.contains("It answers again in 1 second,"), "{page}");
    assert!(page.contains(r#"action="/desk/answer-again""#) && !page.contains("stop-answering"));
    seconds.store(NOW + 30, Ordering::Relaxed);
    assert_eq!(provider.refreshes(), 0);
    let Answer { status, .. } = refresh(&provider, refresh_token).await;
    assert_eq!(status, 200, "the refresh token was not spent");

    act(&provider, "/desk/stop-answering", &[]).await;
    assert!(exchange(&provider, "GET", "/jwks", &[], "").await.is_empty());
    assert_eq!(
        act(&provider, "/desk/answer-again", &[]).await,
        "The provider answers the application again."
    );
    assert_eq!(get(&provider, "/jwks", &[]).await.status, 200);
}
