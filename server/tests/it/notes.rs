//! Notes. A person sees their own notes on every replica, and nobody else can read or change them.

use crate::browser::{Answer, Browser, FETCH, NAVIGATE};
use crate::world::World;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use url::form_urlencoded;

const MEMORY: [(&str, &str); 1] = [("BFF_REDIS_URL", "memory:")];

fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

async fn list(browser: &mut Browser) -> Vec<Value> {
    let answer = browser.call("list_notes", "").await.json();
    answer["done"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

async fn add(browser: &mut Browser, id: &str, text: &str) -> Value {
    browser
        .call("add_note", &form(&[("id", id), ("text", text)]))
        .await
        .json()
}

async fn change(browser: &mut Browser, id: &str, text: &str) -> Value {
    browser
        .call("change_note", &form(&[("id", id), ("text", text)]))
        .await
        .json()
}

async fn remove(browser: &mut Browser, id: &str) -> Value {
    browser.call("remove_note", &form(&[("id", id)])).await.json()
}

/// Sends a form as a browser without JavaScript does.
async fn post(browser: &mut Browser, function: &str, pairs: &[(&str, &str)]) -> Answer {
    let headers = [&NAVIGATE[..], &[("sec-fetch-site", "same-origin")]].concat();
    let address = format!("/_fn/{function}");
    browser.send(Method::POST, &address, &headers, &form(pairs)).await
}

fn id(note: &Value) -> String {
    note["id"].as_str().unwrap_or_else(|| panic!("{note}")).to_owned()
}

#[tokio::test]
async fn a_note_is_there_on_every_replica_and_after_the_next_sign_in() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let added = add(&mut alice, "", "milk\r\nbread").await["done"].clone();
    assert_eq!(added["text"], "milk\nbread");
    assert!(
        added["changed_at"].as_str().is_some_and(|at| at.ends_with('Z')),
        "{added}"
    );
    let mut elsewhere = alice.at(world.replica().await);
    assert_eq!(list(&mut elsewhere).await, std::slice::from_ref(&added));
    world.advance(Duration::from_secs(5));
    let changed = change(&mut elsewhere, &id(&added), "eggs").await["done"].clone();
    assert_ne!(changed["changed_at"], added["changed_at"]);
    assert_eq!(list(&mut alice).await, std::slice::from_ref(&changed));

    alice.submit("/auth/logout").await;
    assert_eq!(alice.call("list_notes", "").await.status, StatusCode::UNAUTHORIZED);
    world.advance(Duration::from_hours(24));
    let mut again = world.signed_in("alice").await;
    assert_eq!(list(&mut again).await, std::slice::from_ref(&changed));
    let mut keys = world.redis.keys().into_iter().filter(|key| key.ends_with(":notes"));
    let life = world.redis.ask(&["TTL", &keys.next().expect("a key")]);
    assert!(life.starts_with(":-1"), "it does not expire: {life}");
    assert_eq!(remove(&mut again, &id(&changed)).await, json!({"done": null}));
    assert!(list(&mut again).await.is_empty());
    assert!(
        !world.redis.keys().iter().any(|key| key.ends_with(":notes")),
        "no notes are left in Redis"
    );
}

#[tokio::test]
async fn nobody_reads_or_changes_another_persons_note() {
    for settings in [&MEMORY[..], &[]] {
        let world = World::start_with(settings).await;
        let mut alice = world.signed_in("alice").await;
        let mut bob = world.signed_in("bob").await;
        let note = add(&mut alice, "", "hers").await["done"].clone();
        assert!(list(&mut bob).await.is_empty());
        let refused = json!({"refusal": "not_found"});
        assert_eq!(change(&mut bob, &id(&note), "his").await, refused);
        assert_eq!(remove(&mut bob, &id(&note)).await, refused);
        assert_eq!(bob.call("erase_notes", "").await.json(), json!({"done": null}));
        let his = add(&mut bob, &id(&note), "his").await["done"].clone();
        assert_eq!(
            (&his["id"], &his["text"]),
            (&note["id"], &json!("his")),
            "a note of his own"
        );
        assert_eq!(list(&mut alice).await, [note]);
    }
}

#[tokio::test]
async fn a_call_that_is_repeated_adds_nothing_twice() {
    for settings in [&MEMORY[..], &[]] {
        let world = World::start_with(settings).await;
        let alice = world.signed_in("alice").await;
        let chosen = "0123456789abcdef0123456789abcdef";
        let calls = (0..8).map(|_| {
            let mut tab = alice.clone();
            async move { add(&mut tab, chosen, "once").await }
        });
        for answer in futures::future::join_all(calls).await {
            assert_eq!(answer["done"]["id"], chosen);
        }
        let mut alice = alice;
        change(&mut alice, chosen, "changed since").await;
        let late = add(&mut alice, &chosen.to_uppercase(), "once").await;
        assert_eq!(
            late["done"]["text"], "changed since",
            "a repeated call overwrites nothing"
        );
        assert_eq!(list(&mut alice).await.len(), 1);
        for none in ["", "0123", "zz"] {
            let answer = add(&mut alice, none, "another").await;
            assert_eq!(id(&answer["done"]).len(), 32, "the server chooses an id");
        }
        assert_eq!(list(&mut alice).await.len(), 4);
    }
}

#[tokio::test]
async fn each_limit_of_notes_has_its_word() {
    for settings in [&MEMORY[..], &[]] {
        let world = World::start_with(settings).await;
        let mut alice = world.signed_in("alice").await;
        let note = id(&add(&mut alice, "", &"é".repeat(4000)).await["done"]);
        for (text, word) in [(" \r\n", "empty"), (&*"x".repeat(4001), "too_long")] {
            let refused = json!({ "refusal": word });
            assert_eq!(add(&mut alice, "", text).await, refused);
            assert_eq!(change(&mut alice, &note, text).await, refused);
        }
        for missing in ["", "x", "0123456789abcdef0123456789abcdef"] {
            let refused = json!({"refusal": "not_found"});
            assert_eq!(change(&mut alice, missing, "text").await, refused, "{missing}");
            assert_eq!(remove(&mut alice, missing).await, refused, "{missing}");
        }
        for _ in 1..200 {
            add(&mut alice, "", "one more").await;
        }
        assert_eq!(add(&mut alice, "", "too much").await, json!({"refusal": "too_many"}));
        assert_eq!(
            add(&mut alice, &note, "again").await["done"]["id"],
            *note,
            "the note exists already"
        );
        assert_eq!(list(&mut alice).await.len(), 200);
        assert_eq!(alice.call("erase_notes", "").await.json(), json!({"done": null}));
        assert!(list(&mut alice).await.is_empty());
    }
}

#[tokio::test]
async fn plain_forms_lead_back_to_the_page() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut expect = async |function: &str, pairs: &[(&str, &str)], word: &str| {
        let answer = post(&mut alice, function, pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{function}: {}", answer.text());
        assert_eq!(answer.location(), Some(format!("/notes?done={word}").as_str()));
    };
    expect("add_note", &[("text", "milk")], "added").await;
    let chosen = "0123456789abcdef0123456789abcdef";
    expect("add_note", &[("id", chosen), ("text", "bread")], "added").await;
    expect("change_note", &[("id", chosen), ("text", "rolls")], "changed").await;
    expect("change_note", &[("id", chosen), ("text", "")], "empty").await;
    expect("remove_note", &[("id", chosen)], "removed").await;
    expect("remove_note", &[("id", chosen)], "not_found").await;
    let left = list(&mut alice).await;
    assert_eq!((left.len(), &left[0]["text"]), (1, &json!("milk")));
}

/// CSRF-03
#[tokio::test]
async fn another_site_writes_nothing() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let note = id(&add(&mut alice, "", "hers").await["done"]);
    let body = form(&[("id", &note), ("text", "theirs")]);
    for function in ["add_note", "change_note", "remove_note", "list_notes"] {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[],
        ] {
            let answer = alice
                .send(Method::POST, &format!("/_fn/{function}"), headers, &body)
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function}");
        }
    }
    assert_eq!(list(&mut alice).await[0]["text"], "hers");
}

/// SES-07
#[tokio::test]
async fn a_store_that_fails_is_no_answer_and_loses_nothing() {
    let mut world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let note = add(&mut alice, "", "kept").await["done"].clone();
    world.redis.kill();
    let away = alice.call("add_note", &form(&[("text", "lost")])).await;
    assert_eq!(
        away.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "without a session, it is unknown whose note it would be"
    );
    world.redis.resume();
    world
        .until("Redis is back", async || {
            alice.fetch("/auth/session").await.status == StatusCode::OK
        })
        .await;
    assert_eq!(list(&mut alice).await, std::slice::from_ref(&note));
    let mut keys = world.redis.keys().into_iter();
    let key = keys.find(|key| key.ends_with(":notes")).expect("a key");
    // The session can be read, and the notes cannot: their key has a value of another type.
    world.redis.delete(&key);
    world.redis.spoil(&key);
    let refused = json!({"refusal": "unavailable"});
    assert_eq!(alice.call("list_notes", "").await.json(), refused);
    assert_eq!(add(&mut alice, &id(&note), "text").await, refused);
    assert_eq!(change(&mut alice, &id(&note), "text").await, refused);
    assert_eq!(remove(&mut alice, &id(&note)).await, refused);
    world.redis.delete(&key);
    assert_eq!(add(&mut alice, &id(&note), "kept").await["done"]["text"], "kept");
}

#[tokio::test]
async fn a_reader_of_redis_reads_no_note_and_not_whose_it_is() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    add(&mut alice, "", "the canary sings").await;
    let subject = world.provider.subject("alice");
    let dump = world.redis.dump();
    for secret in ["canary", &*subject, world.provider.issuer()] {
        let found = dump.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret}");
    }
    assert!(!alice.fetch("/auth/session").await.text().contains("canary"));
    let nobody = world.browser().send(Method::POST, "/_fn/list_notes", &FETCH, "").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
