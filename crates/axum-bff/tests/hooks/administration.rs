//! An administrator sees and ends the sessions of everybody, over HTTP and by code, and each step is told.

use crate::world::World;
use axum::http::{Method, StatusCode};
use axum_bff::access::Rule;
use axum_bff::administration::{AdministrationError, Selected};
use axum_bff::testing::{Answer, Browser, FETCH};
use axum_bff::{AdministrativeAct, Event, EventKind};
use bff_contract::session::EndReason;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SESSIONS: &str = "/auth/admin/sessions";
const END: &str = "/auth/admin/sessions/end";

/// The acts that the hook has heard of, each with the person who did it.
#[derive(Clone, Default)]
struct Acts(Arc<Mutex<Vec<Event>>>);

impl Acts {
    /// A world in which people with the role admin administer. Alice has it, and Bob has not.
    async fn world(&self) -> World {
        let heard = self.clone();
        World::start(|builder| {
            builder.administration(Rule::Role("admin")).on_event(move |event| {
                heard.0.lock().expect("no panic").push(event);
                async {}
            })
        })
        .await
    }

    /// The events since the last call.
    async fn take(&self, world: &World) -> Vec<Event> {
        world.bff.tasks.done().await;
        world.bff.events.done().await;
        std::mem::take(&mut *self.0.lock().expect("no panic"))
    }

    /// The acts since the last call, and the `sub` of the person of each.
    async fn acts(&self, world: &World) -> Vec<(AdministrativeAct, Option<String>)> {
        let events = self.take(world).await.into_iter();
        let acts = events.filter_map(|event| match event.kind {
            EventKind::Administered { act } => Some((act, event.person.map(|person| person.subject))),
            _ => None,
        });
        acts.collect()
    }
}

async fn end(browser: &mut Browser, which: &Value) -> Answer {
    browser.send_json(Method::POST, END, which).await
}

/// The page of the list at this address.
async fn listed(browser: &mut Browser, query: &str) -> Vec<Value> {
    let answer = browser.fetch(&format!("{SESSIONS}{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()["sessions"].as_array().expect("a list").clone()
}

/// SES-11
#[tokio::test]
async fn an_administrator_lists_shows_and_ends_and_each_act_is_told() {
    let acts = Acts::default();
    let world = acts.world().await;
    let mut bob = world.signed_in("bob").await;
    world.clock.advance(Duration::from_secs(2));
    let mut alice = world.signed_in("alice").await;
    let (alice_is, bob_is) = (world.provider.subject("alice"), world.provider.subject("bob"));
    acts.take(&world).await;

    let sessions = listed(&mut alice, "").await;
    let subjects: Vec<_> = sessions.iter().map(|session| &session["subject"]).collect();
    assert_eq!(subjects, [&json!(alice_is), &json!(bob_is)], "the newest first");
    assert_eq!(listed(&mut alice, &format!("?subject={bob_is}")).await, sessions[1..]);
    let sid = &world.provider.sids("bob")[0];
    assert_eq!(listed(&mut alice, &format!("?sid={sid}")).await, sessions[1..]);
    let name = sessions[1]["name"].as_str().expect("a name").to_owned();
    let shown = alice.fetch(&format!("{SESSIONS}/{name}")).await.json();
    assert_eq!(shown, sessions[1]);
    let text = serde_json::to_string(&sessions).expect("JSON");
    let cookies = alice.cookies.values().chain(bob.cookies.values()).cloned();
    let secrets = world.provider.issued_secrets().into_iter();
    for secret in secrets.chain(cookies).chain(["Alice".to_owned(), sid.clone()]) {
        assert!(!text.contains(&secret), "{secret} in {text}");
    }

    assert_eq!(
        end(&mut alice, &json!({"name": name})).await.json(),
        json!({"ended": 1})
    );
    assert_eq!(
        bob.session().await,
        json!({"status": "ended", "reason": "administrator"})
    );
    assert_eq!(
        end(&mut alice, &json!({"name": name})).await.status,
        StatusCode::NOT_FOUND
    );
    world.until_revoked(2).await;
    let events = acts.take(&world).await;
    let told: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    let act = |act| EventKind::Administered { act };
    assert_eq!(
        told,
        [
            act(AdministrativeAct::Listed),
            act(AdministrativeAct::Listed),
            act(AdministrativeAct::Listed),
            act(AdministrativeAct::Shown),
            EventKind::Ended {
                reason: EndReason::Administrator
            },
            act(AdministrativeAct::Ended),
            act(AdministrativeAct::Ended),
        ]
    );
    for event in &events {
        let person = event.person.as_ref().expect("a person");
        let is_end = matches!(event.kind, EventKind::Ended { .. });
        assert_eq!(person.subject, if is_end { bob_is.clone() } else { alice_is.clone() });
    }
    let cause = |event: &Event| event.cause.as_ref().expect("a request").request_id.clone();
    assert_eq!(
        cause(&events[4]),
        cause(&events[5]),
        "the end names the request of the administrator"
    );
}

/// AUTHZ-11, CSRF-03
#[tokio::test]
async fn without_role_fresh_sign_in_or_own_page_nothing_is_shown_and_it_is_told() {
    let acts = Acts::default();
    let world = acts.world().await;
    let mut bob = world.signed_in("bob").await;
    let mut alice = world.signed_in("alice").await;
    let (alice_is, bob_is) = (world.provider.subject("alice"), world.provider.subject("bob"));
    acts.take(&world).await;

    let refused = async |browser: &mut Browser, code: &str, status: StatusCode| {
        for (method, address, body) in [(Method::GET, SESSIONS, ""), (Method::POST, END, r#"{"all":true}"#)] {
            let headers = [&FETCH[..], &[("content-type", "application/json")]].concat();
            let answer = browser.send(method, address, &headers, body).await;
            assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)));
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    };
    refused(&mut world.browser(), "sign_in_required", StatusCode::UNAUTHORIZED).await;
    refused(&mut bob, "forbidden", StatusCode::FORBIDDEN).await;
    world.clock.advance(Duration::from_secs(301));
    refused(&mut alice, "step_up_required", StatusCode::UNAUTHORIZED).await;
    let by = |subject: &String| (AdministrativeAct::Refused, Some(subject.clone()));
    let stranger = (AdministrativeAct::Refused, None);
    let told = acts.acts(&world).await;
    assert_eq!(
        told,
        [
            stranger.clone(),
            stranger.clone(),
            by(&bob_is),
            by(&bob_is),
            by(&alice_is),
            by(&alice_is)
        ]
    );

    let mut alice = world.signed_in("alice").await;
    acts.take(&world).await;
    for (method, address) in [(Method::GET, SESSIONS), (Method::POST, END)] {
        let elsewhere = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "cors"),
            ("content-type", "application/json"),
        ];
        let answer = alice.send(method, address, &elsewhere, r#"{"all":true}"#).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (StatusCode::FORBIDDEN, &json!("cross_site"))
        );
    }
    assert_eq!(
        acts.acts(&world).await,
        [by(&alice_is), stranger],
        "also from another site"
    );
    assert_eq!(bob.session().await["status"], "active", "nothing was ended");
}

#[tokio::test]
async fn an_application_that_does_not_switch_it_on_has_no_such_address() {
    let world = World::start(|builder| builder).await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.fetch(SESSIONS).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        end(&mut alice, &json!({"all": true})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(alice.session().await["status"], "active");
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_refused_and_ends_nothing() {
    let world = World::start(|builder| builder.administration(Rule::Role("admin"))).await;
    let mut alice = world.signed_in("alice").await;
    for which in [
        json!({}),
        json!({"all": false}),
        json!({"name": 1}),
        json!({"everybody": true}),
        json!([]),
    ] {
        assert!(end(&mut alice, &which).await.status.is_client_error(), "{which}");
    }
    for query in ["?after=garbage", "?count=many", "?subject=a&sid=b", "?claim=x"] {
        let answer = alice.fetch(&format!("{SESSIONS}{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["code"], "bad_request");
    }
    assert_eq!(alice.session().await["status"], "active");
}

/// LO-22
#[tokio::test]
async fn the_end_of_a_person_and_of_all_overtakes_logins_under_way() {
    let world = World::start(|builder| builder).await;
    let subject = world.provider.subject("alice");
    for selected in [Selected::Subject(subject), Selected::All] {
        let mut before = world.signed_in("alice").await;
        let mut under_way = world.browser();
        let callback = world.callback(&mut under_way, "alice", "/").await;
        let administration = world.bff.administration();
        // The provider vouches for the person at the time of its clock, which stands still here.
        assert_eq!(administration.end(selected.clone()).await.expect("answers"), 1);
        assert_eq!(before.session().await["reason"], "administrator");
        let answer = under_way.open(&callback).await;
        let anew = answer.location().unwrap_or_default();
        assert!(
            anew.starts_with(world.provider.issuer()),
            "it begins anew: {selected:?}: {answer:?}"
        );
        assert_eq!(under_way.session().await["status"], "anonymous", "{selected:?}");
        world.clock.advance(Duration::from_mins(1));
        world.signed_in("alice").await.submit("/auth/logout").await;
        world.clock.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn the_sessions_of_a_person_come_in_pages_and_a_made_up_place_is_refused() {
    let world = World::start(|builder| builder).await;
    for _ in 0..3 {
        world.signed_in("alice").await;
        world.clock.advance(Duration::from_secs(1));
    }
    world.signed_in("bob").await;
    let administration = world.bff.administration();
    let of_alice = Selected::Subject(world.provider.subject("alice"));
    for (selected, count) in [(of_alice, 3), (Selected::All, 4)] {
        let (mut names, mut after): (HashSet<String>, Option<String>) = (HashSet::new(), None);
        for _ in 0..count {
            let page = administration
                .list(&selected, after.as_deref(), 1)
                .await
                .expect("answers");
            names.extend(page.sessions.into_iter().map(|session| session.name));
            after = page.next;
        }
        assert_eq!(names.len(), count, "{selected:?}");
    }
    let made_up = administration.list(&Selected::All, Some("made up"), 1).await;
    assert!(matches!(made_up, Err(AdministrationError::Cursor)));
    assert_eq!(administration.show("made up").await.expect("answers"), None);
}
