//! A person lists their sessions, and ends them from another session.

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

/// SES-11
#[tokio::test]
async fn a_person_sees_these_sessions_and_nobody_elses() {
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
        assert!(
            !text.contains(cookie.as_str()),
            "the name of a session is not its cookie"
        );
    }
}

#[tokio::test]
async fn one_session_is_ended_from_another_one() {
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

/// SES-11
#[tokio::test]
async fn a_stale_entry_does_no_harm() {
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

/// SEC-04
#[tokio::test]
async fn sessions_of_before_a_change_of_keys_are_found_after_it() {
    let old = bff_session::key_ring::KeyRing::new_key();
    let new = bff_session::key_ring::KeyRing::new_key();
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

#[tokio::test]
async fn one_person_has_so_many_sessions_and_the_oldest_ends_with_a_reason() {
    let world = World::start_with(&[("BFF_SESSIONS_EACH", "3")]).await;
    let replica = world.replica().await;
    let mut browsers = Vec::new();
    for number in 0..5 {
        let at = if number % 2 == 0 {
            world.browser()
        } else {
            world.browser().at(replica.clone())
        };
        let mut browser = at;
        browser.sign_in(&world.provider, "alice", "/").await;
        browsers.push(browser);
        world.advance(Duration::from_secs(1));
    }
    let mut bob = world.signed_in("bob").await;
    for (number, browser) in browsers.iter_mut().enumerate() {
        let known = browser.session().await;
        if number < 2 {
            assert_eq!(known, json!({"status": "ended", "reason": "too_many"}), "{number}");
        } else {
            assert_eq!(known["status"], "active", "{number}");
        }
    }
    assert_eq!(bob.session().await["status"], "active");
    let page = browsers[0].open("/profile").await.text();
    assert!(page.contains("session_ended_too_many"), "{page}");
}

#[tokio::test]
async fn a_session_that_ended_by_itself_takes_nobodys_place() {
    let world = World::start_with(&[("BFF_SESSIONS_EACH", "2"), ("BFF_SESSION_IDLE", "10m")]).await;
    let mut oldest = world.signed_in("alice").await;
    let _left_alone = world.signed_in("alice").await;
    for _ in 0..2 {
        world.advance(Duration::from_mins(6));
        oldest.open("/profile").await;
    }
    let mut newest = world.signed_in("alice").await;
    for browser in [&mut oldest, &mut newest] {
        assert_eq!(browser.session().await["status"], "active");
    }
}

#[tokio::test]
async fn a_long_list_is_told_in_pages_and_this_session_stands_on_each() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for _ in 0..60 {
        world.advance(Duration::from_secs(1));
        world.signed_in("alice").await;
    }
    let mut named = std::collections::HashSet::new();
    for (query, page, rows) in [
        ("", 1, 51),
        ("page=1", 1, 51),
        ("page=2", 2, 11),
        ("page=9", 2, 11),
        ("page=0", 1, 51),
    ] {
        let listed = alice.call("list_sessions", query).await.json();
        assert_eq!(
            (&listed["page"], &listed["pages"], &listed["others"]),
            (&json!(page), &json!(2), &json!(60))
        );
        let sessions = listed["sessions"].as_array().expect("a list");
        assert_eq!(sessions.len(), rows, "{query}");
        assert_eq!(
            sessions.iter().filter(|one| one["current"] == true).count(),
            1,
            "{query}"
        );
        let times: Vec<&str> = sessions
            .iter()
            .map(|one| one["signed_in_at"].as_str().expect("a time"))
            .collect();
        assert!(times.is_sorted_by(|newer, older| newer >= older), "the newest first");
        named.extend(
            sessions
                .iter()
                .map(|one| one["name"].as_str().expect("a name").to_owned()),
        );
    }
    assert_eq!(named.len(), 61, "each session is on one of the pages");
}

/// The three commands read the session, end it (in a script with four commands of its own), and remove the entry of its
/// session at the provider (in a script with two, of which one tells the replicas). The person's entries leave in one such
/// script, and those of the list of all sessions in one command for each of its 16 parts.
#[tokio::test]
async fn each_of_many_sessions_costs_three_commands_to_end_and_the_list_costs_one() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    for _ in 0..20 {
        world.signed_in("alice").await;
    }
    let before = world.redis.commands();
    alice.call("end_other_sessions", "").await;
    let cost = world.redis.commands() - before;
    let usual = 20 * (3 + 4 + 2) + 3 + 2;
    assert!((usual + 1..=usual + 16).contains(&cost), "{cost}");
    assert_eq!(list(&mut alice).await.len(), 1);
    let index = |suffix: &str| {
        world
            .redis
            .keys()
            .into_iter()
            .filter(|key| key.ends_with(suffix))
            .count()
    };
    assert_eq!(
        index(":sessions"),
        2,
        "one of the person, and one of the session at the provider"
    );
}
