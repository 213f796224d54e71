//! The events of sessions that the application's hook hears (`on_event`).

use crate::world::{EXPIRED, World};
use axum::http::Method;
use axum_bff::problem::Code;
use axum_bff::testing::Browser;
use axum_bff::{Event, EventKind, Refusal, SignIn};
use bff_contract::session::EndReason;
use provider::{Fault, LogoutTokenParts};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<Event>>>);

impl Heard {
    /// A world whose events are kept here. Its sign-in hook refuses Bob.
    async fn world(&self) -> World {
        let heard = self.clone();
        World::start(|builder| {
            builder
                .on_sign_in(|sign_in: SignIn| async move {
                    if sign_in.claims()["preferred_username"] == "bob" {
                        return Err(Refusal::new("account_closed").into());
                    }
                    Ok(crate::world::staff())
                })
                .on_event(move |event| {
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

    async fn kinds(&self, world: &World) -> Vec<EventKind> {
        self.take(world).await.into_iter().map(|event| event.kind).collect()
    }
}

fn ended(reason: EndReason) -> EventKind {
    EventKind::Ended { reason }
}

fn refused(code: &str) -> EventKind {
    EventKind::SignInRefused { code: code.to_owned() }
}

async fn back_channel_logout(world: &World, parts: LogoutTokenParts) {
    let token = world.provider.logout_token(parts);
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("logout_token", &token)
        .finish();
    let answer = world
        .browser()
        .send(Method::POST, "/auth/backchannel-logout", &[], &form)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn sign_ins_refusals_and_ends_are_told_in_order_and_without_secrets() {
    let heard = Heard::default();
    let world = heard.world().await;
    let mut alice = world.signed_in("alice").await;
    let cookies: Vec<String> = alice.cookies.values().cloned().collect();
    world.failed(&mut world.browser(), "bob").await;
    let out = alice.submit("/auth/logout").await;
    let second = world.signed_in("alice").await;
    let subject = world.provider.subject("alice");
    back_channel_logout(&world, LogoutTokenParts::of_subject(&subject)).await;
    let events = heard.take(&world).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    assert_eq!(
        kinds,
        [
            EventKind::SignedIn,
            refused("account_closed"),
            ended(EndReason::SignedOut),
            EventKind::SignedIn,
            ended(EndReason::Provider),
        ]
    );
    let subjects = events
        .iter()
        .map(|event| event.person.as_ref().expect("a person").subject.clone());
    let (alice_is, bob_is) = (subject, world.provider.subject("bob"));
    assert_eq!(
        subjects.collect::<Vec<_>>(),
        [&alice_is, &bob_is, &alice_is, &alice_is, &alice_is].map(Clone::clone)
    );
    let routes = events
        .iter()
        .map(|event| event.cause.as_ref().expect("a request").route.clone());
    assert_eq!(
        routes.map(Option::unwrap_or_default).collect::<Vec<_>>(),
        [
            "/auth/callback",
            "/auth/callback",
            "/auth/logout",
            "/auth/callback",
            "/auth/backchannel-logout"
        ]
    );
    assert_eq!(
        events[0].session, events[2].session,
        "sign-in and sign-out name the same session"
    );
    assert!(events[0].session.is_some() && events[1].session.is_none());
    assert_ne!(events[0].session, events[3].session);
    let id = &events[2].cause.as_ref().expect("a request").request_id;
    assert_eq!(id, out.header("x-request-id"), "the correlation id");
    let traces = events
        .iter()
        .map(|event| event.cause.as_ref().expect("a request").trace_id.clone());
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(traces.clone().all(|id| is_id(&id)), "each request has a trace");
    let different: std::collections::BTreeSet<String> = traces.collect();
    assert_eq!(different.len(), events.len(), "and one of its own");

    let all = format!("{events:?}");
    let secrets = world.provider.issued_secrets().into_iter();
    for secret in secrets.chain(cookies).chain(second.cookies.into_values()) {
        assert!(!all.contains(&secret), "an event holds a secret");
    }
}

#[tokio::test]
async fn a_sign_in_that_fails_before_the_person_is_known_is_told_without_one() {
    let heard = Heard::default();
    let world = heard.world().await;
    let mut stranger = world.browser();
    stranger.open("/auth/callback?code=made-up&state=made-up").await;
    let events = heard.take(&world).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, refused(Code::LoginUnknown.as_str()));
    assert_eq!((&events[0].person, &events[0].session), (&None, &None));
}

async fn step_up(world: &World, browser: &mut Browser) {
    let step_up = browser.open("/fresh").await;
    let start = browser.open(step_up.location().expect("the way to the sign-in")).await;
    let address = start.location().expect("the provider's address").to_owned();
    let callback = world.provider.authorize(&address, "alice").await;
    assert_eq!(browser.open(callback.as_str()).await.location(), Some("/fresh"));
}

#[tokio::test]
async fn a_step_up_a_refresh_and_other_claims_are_told() {
    let heard = Heard::default();
    let world = heard.world().await;
    let mut alice = world.signed_in("alice").await;
    assert_eq!(heard.kinds(&world).await, [EventKind::SignedIn]);
    world.clock.advance(Duration::from_mins(2));
    step_up(&world, &mut alice).await;
    assert_eq!(
        heard.kinds(&world).await,
        [
            EventKind::AccessRefused {
                line: "/fresh".to_owned(),
                rule: "authenticated at most 60 s ago".to_owned(),
                code: "step_up_required".to_owned(),
            },
            EventKind::SteppedUp,
            ended(EndReason::SignedOut)
        ],
        "the step-up replaces the earlier session"
    );
    world.provider.inject(Fault::UserinfoClaim("roles", json!(["editor"])));
    alice.open("/reread").await;
    assert_eq!(heard.kinds(&world).await, [EventKind::ClaimsChanged]);
    alice.open("/reread").await;
    assert_eq!(heard.kinds(&world).await, [], "nothing has changed");
    world.provider.inject(Fault::IdTokenClaim("roles", json!(["editor"])));
    world.clock.advance(EXPIRED);
    alice.open("/reread").await;
    let events = heard.take(&world).await;
    let refreshed = events.iter().find(|event| event.kind == EventKind::Refreshed);
    let refreshed = refreshed.expect("the refresh");
    let person = refreshed.person.as_ref().expect("a person");
    assert_eq!(person.subject, world.provider.subject("alice"));
}

#[tokio::test]
async fn ends_from_another_session_by_one_too_many_and_by_a_refused_refresh_are_told() {
    let heard = Heard::default();
    let world = heard.world().await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(world.signed_in("alice").await);
        world.clock.advance(Duration::from_secs(1));
    }
    let kinds = heard.kinds(&world).await;
    let too_many = kinds.iter().filter(|kind| **kind == ended(EndReason::TooMany));
    assert_eq!((kinds.len(), too_many.count()), (5, 1), "{kinds:?}");
    let mut last = sessions.pop().expect("four sessions");
    last.submit("/end-others").await;
    let elsewhere = ended(EndReason::Elsewhere);
    assert_eq!(heard.kinds(&world).await, [elsewhere.clone(), elsewhere]);
    refuse_to_refresh(&world, &mut last).await;
    assert_eq!(heard.kinds(&world).await, [ended(EndReason::RefreshRefused)]);
}

/// The provider refuses to renew the session's tokens.
async fn refuse_to_refresh(world: &World, browser: &mut Browser) {
    let refusal = provider::Answer::error(400, "invalid_grant");
    world.provider.inject(Fault::Answer(provider::Endpoint::Token, refusal));
    world.clock.advance(EXPIRED);
    assert_eq!(browser.open("/reread").await.text(), "the session has ended");
}

#[tokio::test]
async fn the_end_at_the_absolute_limit_is_told_of_once_with_the_person_when_it_is_noticed() {
    let heard = Heard::default();
    let world = heard.world().await;
    let mut alice = world.signed_in("alice").await;
    // Almost eight hours, the absolute limit, with a request before each idle limit of two hours.
    for _ in 0..7 {
        world.clock.advance(Duration::from_mins(68));
        alice.session().await;
        alice.open("/staff").await;
    }
    heard.take(&world).await;
    world.clock.advance(Duration::from_mins(30));
    for _ in 0..2 {
        let state = alice.session().await;
        assert_eq!((&state["status"], &state["reason"]), (&json!("ended"), &json!("limit")));
    }
    let events = heard.take(&world).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    assert_eq!(kinds, [ended(EndReason::Limit)]);
    let person = events[0].person.as_ref().expect("a person");
    assert_eq!(person.subject, world.provider.subject("alice"));
}
