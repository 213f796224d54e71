//! `GET /auth/events`: the browser of a session hears of its changes, which may happen on any replica.

mod bounds;
mod changes;
mod extend;
mod outage;
mod time;

use crate::backchannel_logout::logout;
use crate::browser::{Browser, FETCH};
use crate::world::World;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use provider::LogoutTokenParts;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

pub(crate) const EVENTS: &str = "/auth/events";

/// The event that only shows that the stream lives. It has data: a browser dispatches no event without data.
pub(crate) const QUIET: &str = "event: quiet\ndata: -\n\n";

/// The event that another session of the person has begun or ended. It has no state either.
pub(crate) const SESSIONS: &str = "event: sessions\ndata: -\n\n";

/// A browser's open stream.
pub(crate) struct Events {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
    /// Kept because the stream ends with its server.
    _replica: Router,
    /// The text that was read so far.
    pub(crate) read: String,
}

impl Events {
    /// Opens a stream at this replica, with the cookies of this browser.
    pub(crate) async fn open(browser: &Browser, replica: Router) -> Self {
        Self::open_with(browser, replica, &FETCH).await
    }

    async fn open_with(browser: &Browser, replica: Router, headers: &[(&str, &str)]) -> Self {
        let mut request = Request::builder().uri(EVENTS);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &browser.cookies {
            request = request.header(header::COOKIE, format!("{name}={value}"));
        }
        let request = request.body(Body::empty()).expect("a request");
        let (parts, body) = replica.clone().oneshot(request).await.expect("an answer").into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
            _replica: replica,
            read: String::new(),
        }
    }

    /// The next frame of the body. `None`: the stream has ended in good order.
    async fn frame(&mut self) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await;
        let frame = frame.unwrap_or_else(|_| panic!("no frame after {}", self.read))?;
        let bytes = frame.expect("not cut").into_data().expect("data");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        self.read.push_str(&text);
        Some(text)
    }

    /// Name and state of the next event that has a state.
    pub(crate) async fn next(&mut self) -> (String, Value) {
        loop {
            let frame = self
                .frame()
                .await
                .unwrap_or_else(|| panic!("the stream has ended: {}", self.read));
            if [QUIET, SESSIONS].contains(&frame.as_str()) {
                continue;
            }
            let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
            let (event, data) = field("event: ").zip(field("data: ")).expect("an event with data");
            assert!(frame.ends_with("\n\n"), "the browser dispatches it at once: {frame:?}");
            return (event.to_owned(), serde_json::from_str(data).expect("JSON"));
        }
    }

    /// Expects an event of this name as the next one, and gives its state.
    pub(crate) async fn expect(&mut self, name: &str) -> Value {
        let (event, state) = self.next().await;
        assert_eq!(event, name, "{state}");
        state
    }

    /// Expects that the stream ends here.
    pub(crate) async fn assert_over(&mut self) {
        assert_eq!(self.frame().await, None, "the stream has ended");
    }

    /// Whether the stream is at its end already.
    fn is_empty(&self) -> bool {
        self.body.is_end_stream()
    }
}

/// Another replica, which already listens for changes of sessions.
pub(crate) async fn listening(world: &World) -> Router {
    let before = world.redis.subscribers("session-changed");
    let replica = world.replica().await;
    world
        .until("the replica listens", async || {
            let listens = world.redis.subscribers("session-changed") > before;
            let commands = world.redis.commands();
            tokio::time::sleep(Duration::from_millis(100)).await;
            listens && world.redis.commands() == commands
        })
        .await;
    replica
}

/// A stream of this browser at this replica, after its first event, `state`.
pub(crate) async fn following(browser: &Browser, replica: Router) -> Events {
    let mut events = Events::open(browser, replica).await;
    assert_eq!(events.status, StatusCode::OK);
    let state = events.expect("state").await;
    assert_eq!(state["status"], "active");
    events
}

#[tokio::test]
async fn the_first_event_is_the_state_as_a_script_would_read_it() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut events = Events::open(&alice, world.replica().await).await;
    let state = events.expect("state").await;
    assert_eq!(state, alice.session().await);
    assert!(events.read.contains("retry: 2000\n"), "{}", events.read);
    for (name, value) in [
        ("content-type", "text/event-stream"),
        ("cache-control", "no-store"),
        ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(
            events.headers.get(name).map(axum::http::HeaderValue::as_bytes),
            Some(value.as_bytes())
        );
    }
    assert!(!events.headers.contains_key("set-cookie") && !events.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn an_end_is_told_on_another_replica_within_a_second() {
    for (how, reason) in [
        ("logout", "signed_out"),
        ("elsewhere", "elsewhere"),
        ("provider", "provider"),
    ] {
        let world = World::start().await;
        let mut alice = world.signed_in("alice").await;
        let mut events = following(&alice, listening(&world).await).await;
        let other = following(&world.signed_in("bob").await, world.replica().await).await;
        match how {
            "logout" => drop(alice.submit("/auth/logout").await),
            "elsewhere" => {
                let mut phone = world.signed_in("alice").await;
                phone.call("end_other_sessions", "").await;
            }
            _ => {
                let sid = world.provider.sids("alice").remove(0);
                logout(&world, LogoutTokenParts::of_session(&sid)).await;
            }
        }
        let told = tokio::time::timeout(Duration::from_secs(1), events.expect("ended")).await;
        let told = told.expect("within a second");
        assert_eq!(told, json!({"status": "ended", "reason": reason}));
        events.assert_over().await;
        assert!(!other.is_empty(), "another session goes on");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_already_is_told_with_its_reason() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    alice.clone().submit("/auth/logout").await;
    let mut events = Events::open(&alice, world.replica().await).await;
    assert_eq!(
        events.expect("ended").await,
        json!({"status": "ended", "reason": "signed_out"})
    );
    events.assert_over().await;
}

#[tokio::test]
async fn a_browser_without_a_session_is_told_not_to_ask_again() {
    let world = World::start().await;
    let replica = listening(&world).await;
    let before = world.redis.commands();
    let mut stranger = world.browser();
    for cookie in ["", "garbage", &"A".repeat(48)] {
        if !cookie.is_empty() {
            let name = "__Host-Http-session".to_owned();
            stranger.cookies.insert(name, cookie.to_owned());
        }
        let events = Events::open(&stranger, replica.clone()).await;
        assert_eq!(events.status, StatusCode::NO_CONTENT, "{cookie}");
        assert!(events.is_empty());
    }
    assert_eq!(world.redis.commands(), before, "invariant 7: no store command");
    let alice = world.signed_in("alice").await;
    world.redis.empty();
    let events = Events::open(&alice, replica).await;
    assert_eq!(events.status, StatusCode::NO_CONTENT, "the store knows no such session");
}

/// SES-10
#[tokio::test]
async fn another_site_hears_nothing() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    let replica = world.replica().await;
    for site in ["cross-site", "same-site"] {
        let events = Events::open_with(&alice, replica.clone(), &[("sec-fetch-site", site)]).await;
        assert_eq!(events.status, StatusCode::FORBIDDEN, "{site}");
    }
    for method in [Method::POST, Method::PUT] {
        let answer = alice.clone().send(method, EVENTS, &FETCH, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

/// SES-09, SES-13
#[tokio::test]
async fn no_secret_is_in_any_byte_of_it() {
    let scene = crate::refresh::claims::Scene::start().await;
    let world = &scene.world;
    let mut alice = world.signed_in("alice").await;
    let mut events = following(&alice, listening(world).await).await;
    scene.id_tokens_say(&[("nickname", json!("Al"))]);
    scene.refresh(&mut alice).await;
    events.expect("claims").await;
    events.expect("refreshed").await;
    let cookies: Vec<String> = alice.cookies.values().cloned().collect();
    let places = world.redis.keys();
    alice.submit("/auth/logout").await;
    events.expect("ended").await;
    let sent = format!("{:?}{}", events.headers, events.read);
    let secrets = world.provider.issued_secrets();
    assert!(secrets.len() >= 5 && !cookies.is_empty() && !places.is_empty());
    let sids = world.provider.sids("alice");
    for secret in secrets.iter().chain(&cookies).chain(&sids).chain(&places) {
        assert!(!sent.contains(secret.as_str()), "{secret} in {sent}");
    }
}
