//! A person's sessions: seen, and ended from another one.

use crate::browser::Browser;
use crate::world::World;
use provider::Endpoint;
use serde_json::{Value, json};
use std::time::Duration;
use url::form_urlencoded;

async fn list(browser: &mut Browser) -> Vec<Value> {
    let answer = browser.call("list_sessions", "").await.json();
    answer["sessions"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .clone()
}

async fn end(browser: &mut Browser, name: &str) -> Value {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", name)
        .finish();
    browser.call("end_session", &body).await.json()
}

#[tokio::test]
async fn ses_11_a_person_sees_these_sessions_and_nobody_elses() {
    let world = World::start().await;
    let mut laptop = world.signed_in("alice").await;
    world.advance(Duration::from_mins(5));
    let mut phone = world.signed_in("alice").await;
    world.signed_in("bob").await;
    let seen = list(&mut phone).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (&seen[0]["current"], &seen[1]["current"]),
        (&json!(true), &json!(false)),
        "the newest first"
    );
    assert_eq!(seen[1]["last_seen_ago"], 300);
    laptop.open("/profile").await;
    assert_eq!(list(&mut phone).await[1]["last_seen_ago"], 0);
    let text = serde_json::to_string(&seen).expect("JSON");
    for cookie in [&laptop, &phone].map(|browser| &browser.cookies["__Host-Http-session"]) {
        assert!(!text.contains(cookie.as_str()), "no name opens a session");
    }
}

#[tokio::test]
async fn asvs_7_4_5_one_session_is_ended_from_another_one() {
    let world = World::start().await;
    let mut laptop = world.signed_in("alice").await;
    world.advance(Duration::from_secs(1));
    let mut phone = world.signed_in("alice").await;
    let name = list(&mut phone).await[1]["name"].as_str().expect("a name").to_owned();
    let mut elsewhere = laptop.at(world.replica().await);
    assert_eq!(end(&mut phone, &name).await, json!({"ended": true}));
    assert_eq!(
        laptop.session().await,
        json!({"status": "ended", "reason": "elsewhere"})
    );
    assert_eq!(elsewhere.session().await["reason"], "elsewhere");
    assert_eq!(end(&mut phone, &name).await, json!({"refusal": "not_found"}));
    assert_eq!(list(&mut phone).await.len(), 1);
    world
        .until("its tokens are revoked", async || {
            !world.provider.calls_to(Endpoint::Revocation).is_empty()
        })
        .await;
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session_or_this_one() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    let bobs = list(&mut bob).await[0]["name"].as_str().expect("a name").to_owned();
    assert_eq!(end(&mut alice, &bobs).await, json!({"refusal": "not_found"}));
    let own = list(&mut alice).await[0]["name"].as_str().expect("a name").to_owned();
    assert_eq!(end(&mut alice, &own).await, json!({"refusal": "this_session"}));
    for name in ["", "garbage", "../..", &"A".repeat(22)] {
        assert_eq!(end(&mut alice, name).await, json!({"refusal": "not_found"}), "{name}");
    }
    assert_eq!(
        (&alice.session().await["status"], &bob.session().await["status"]),
        (&json!("active"), &json!("active"))
    );
}

#[tokio::test]
async fn all_others_end_and_this_one_stays() {
    let world = World::start().await;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(world.signed_in("alice").await);
    }
    let mut this = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    assert_eq!(this.call("end_other_sessions", "").await.json(), json!({"ended": true}));
    for mut other in others {
        assert_eq!(other.session().await["reason"], "elsewhere");
    }
    assert_eq!(this.session().await["status"], "active");
    assert_eq!(bob.session().await["status"], "active");
}

#[tokio::test]
async fn ses_11_a_stale_entry_does_no_harm() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let gone = world.signed_in("alice").await;
    let sessions: Vec<String> = world
        .redis
        .keys()
        .into_iter()
        .filter(|key| !key.contains(':'))
        .collect();
    assert_eq!(sessions.len(), 2);
    let this = list(&mut alice)
        .await
        .into_iter()
        .find(|seen| seen["current"] == true)
        .expect("this one");
    for key in sessions
        .iter()
        .filter(|key| *key != this["name"].as_str().expect("a name"))
    {
        world.redis.delete(key);
    }
    drop(gone);
    assert_eq!(list(&mut alice).await.len(), 1);
    assert_eq!(
        alice.call("end_other_sessions", "").await.json(),
        json!({"ended": true})
    );
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn sessions_of_before_a_change_of_keys_are_found_after_it() {
    let old = server::key_ring::KeyRing::new_key();
    let new = server::key_ring::KeyRing::new_key();
    let world = World::start_with(&[("BFF_SESSION_KEY", &old)]).await;
    let before = world.signed_in("alice").await;
    let rotated = world
        .replica_set(&[("BFF_SESSION_KEY", &format!("{},{}", *new, *old))])
        .await;
    world.advance(Duration::from_secs(1));
    let mut after = world.browser().at(rotated.clone());
    after.sign_in(&world.provider, "alice", "/").await;
    assert_eq!(list(&mut after).await.len(), 2, "SEC-04");
    let mut old_one = before.at(rotated);
    assert_eq!(list(&mut old_one).await.len(), 2);
    assert_eq!(
        after.call("end_other_sessions", "").await.json(),
        json!({"ended": true})
    );
    assert_eq!(old_one.session().await["reason"], "elsewhere");
}
