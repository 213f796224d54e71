//! `bff sessions` and `bff keys`, run as a process beside a server.

use crate::browser::{Browser, FETCH, NAVIGATE};
use crate::world::World;
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode, header};
use bff_session::key_ring::KeyRing;
use futures::StreamExt;
use provider::Endpoint;
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::Duration;
use tower::ServiceExt;

/// How a command ended, and the printed texts.
#[derive(Debug)]
struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

async fn run(settings: Vec<(String, String)>, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bff"));
    command.args(arguments).env_clear().stdin(Stdio::null()).envs(settings);
    // The provider runs on this thread, so the test must not block it.
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
    let output = output.await.expect("it ends");
    Ran {
        status: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

async fn bff(world: &World, arguments: &[&str]) -> Ran {
    run(world.settings(), arguments).await
}

/// A page's open stream of session events.
struct Stream {
    body: BodyDataStream,
    read: String,
    /// Kept because the stream ends with its server.
    _replica: Router,
}

impl Stream {
    async fn open(world: &World, browser: &Browser) -> Self {
        let before = world.redis.subscribers("session-ended");
        let replica = world.replica().await;
        world
            .until("the replica listens", async || {
                world.redis.subscribers("session-ended") > before
            })
            .await;
        let mut request = Request::builder().uri("/auth/events");
        for (name, value) in FETCH {
            request = request.header(name, value);
        }
        for (name, value) in &browser.cookies {
            request = request.header(header::COOKIE, format!("{name}={value}"));
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = replica.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        let mut stream = Self {
            body: response.into_body().into_data_stream(),
            read: String::new(),
            _replica: replica,
        };
        stream.until("\"status\":\"active\"").await;
        stream
    }

    /// Reads until it has said this, for a second at most.
    async fn until(&mut self, text: &str) {
        let reading = async {
            while !self.read.contains(text) {
                let frame = self.body.next().await.expect("the stream goes on").expect("not cut");
                self.read.push_str(&String::from_utf8_lossy(&frame));
            }
        };
        let read = tokio::time::timeout(Duration::from_secs(1), reading).await;
        assert!(read.is_ok(), "{text} is not in {}", self.read);
    }
}

/// SES-11
#[tokio::test]
async fn a_session_that_the_command_ends_turns_its_page_within_a_second() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    let mut stream = Stream::open(&world, &alice).await;
    let subject = world.provider.subject("alice");
    let listed = bff(&world, &["sessions", "list", "--subject", &subject, "--json"]).await;
    let name = listed.json()["sessions"][0]["name"]
        .as_str()
        .expect("a name")
        .to_owned();
    let ended = bff(&world, &["sessions", "end", "--id", &name, "--json"]).await;
    assert_eq!(
        (ended.status, ended.json()),
        (Some(0), json!({"ended": 1})),
        "{ended:?}"
    );
    stream.until("\"reason\":\"administrator\"").await;
    assert_eq!(
        alice.session().await,
        json!({"status": "ended", "reason": "administrator"})
    );
    let page = alice.open("/profile").await.text();
    assert!(page.contains("An administrator ended your session"), "{page}");
    let revocations = world.provider.calls_to(Endpoint::Revocation);
    assert!(
        !revocations.is_empty(),
        "the command waits until the tokens are revoked"
    );
    assert_eq!(bob.session().await["status"], "active");
    let again = bff(&world, &["sessions", "end", "--id", &name]).await;
    assert_eq!(again.status, Some(3), "{again:?}");
}

/// SES-11
#[tokio::test]
async fn a_command_keeps_its_records_out_of_its_output_and_makes_no_audit_file() {
    let world = World::start().await;
    let name = format!(
        "bff-audit-{}-{}.jsonl",
        std::process::id(),
        world.provider.subject("alice")
    );
    let path = std::env::temp_dir().join(name);
    let in_file = format!("file:{}", path.display());
    let end_with = async |target: &str| {
        // A login within the second of an end would begin anew, and the command has the clock of the system.
        world.advance(Duration::from_mins(1));
        let _alice = world.signed_in("alice").await;
        let mut settings = world.settings();
        settings.push(("BFF_AUDIT".to_owned(), target.to_owned()));
        let subject = world.provider.subject("alice");
        let ended = run(settings, &["sessions", "end", "--subject", &subject, "--json"]).await;
        assert_eq!(ended.json(), json!({"ended": 1}), "{ended:?}");
        ended.err
    };
    assert!(end_with("stdout").await.contains("audit_skipped"));
    assert!(end_with(&in_file).await.contains("audit_skipped"));
    assert!(!path.exists(), "a file of root would lock the server out");
    std::fs::write(&path, "").expect("the file of the server");
    assert!(!end_with(&in_file).await.contains("audit_skipped"));
    let records = std::fs::read_to_string(&path).expect("the file is there");
    std::fs::remove_file(&path).expect("the file is there");
    assert!(records.contains("\"administrator\""), "{records}");
}

/// CSRF-06, SES-11
#[tokio::test]
async fn the_page_of_an_administrator_finds_and_ends_sessions_without_javascript() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    let mut alice = world.signed_in("alice").await;
    let subject = world.provider.subject("bob");
    let page = alice.open("/admin/sessions").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains(&format!("<bdi>{subject}<")), "{}", page.text());
    assert!(
        page.text().contains("This session"),
        "the administrator's own is marked"
    );
    let found = alice.open(&format!("/admin/sessions?subject={subject}")).await.text();
    assert!(!found.contains("This session") && found.contains("End all sessions of this person"));
    let (_, rest) = found.split_once("name=\"name\" value=\"").expect("a form");
    let name = rest.split('"').next().expect("a name");
    let headers = [&NAVIGATE[..], &[("sec-fetch-site", "same-origin")]].concat();
    let body = format!("name={name}");
    let answer = alice.send(Method::POST, "/_fn/end_any_session", &headers, &body).await;
    assert_eq!(answer.location(), Some("/admin/sessions?ended=one"));
    assert_eq!(bob.session().await["reason"], "administrator");
    let again = alice.send(Method::POST, "/_fn/end_any_session", &headers, &body).await;
    assert_eq!(again.location(), Some("/admin/sessions?ended=not_found"));
    let mut bob = world.signed_in("bob").await;
    let ended = alice.call("end_sessions_of", &format!("subject={subject}")).await;
    assert_eq!(ended.json(), json!({"done": null}));
    assert_eq!(bob.session().await["reason"], "administrator");
    world.advance(Duration::from_secs(301));
    let stale = alice.open("/admin/sessions").await;
    assert!(
        stale.location().is_some_and(|to| to.starts_with("/auth/login?")),
        "{stale:?}"
    );
    assert_eq!(
        world.signed_in("bob").await.open("/admin/sessions").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn sessions_are_listed_and_shown_for_people_and_for_machines_without_secrets() {
    let world = World::start().await;
    let alice = world.signed_in("alice").await;
    world.signed_in("bob").await;
    let all = bff(&world, &["sessions", "list", "--json"]).await;
    let sessions = all.json()["sessions"].as_array().expect("a list").clone();
    assert_eq!(sessions.len(), 2, "{all:?}");
    let first = bff(&world, &["sessions", "list", "--count", "1", "--json"])
        .await
        .json();
    let next = first["next"].as_str().expect("a next page");
    let second = bff(&world, &["sessions", "list", "--after", next, "--json"])
        .await
        .json();
    assert_eq!(
        [&first["sessions"][0], &second["sessions"][0]],
        [&sessions[0], &sessions[1]]
    );
    let name = sessions[0]["name"].as_str().expect("a name");
    let shown = bff(&world, &["sessions", "show", "--id", name, "--json"]).await;
    assert_eq!(shown.json(), sessions[0]);
    let table = bff(&world, &["sessions", "list"]).await;
    let lines: Vec<&str> = table.out.lines().collect();
    assert!(lines[0].starts_with("ID ") && lines.len() == 3, "{table:?}");
    let sid = &world.provider.sids("alice")[0];
    let of_sid = bff(&world, &["sessions", "list", "--sid", sid, "--json"]).await.json();
    assert_eq!(of_sid["sessions"].as_array().map(Vec::len), Some(1));
    let page = bff(&world, &["sessions", "show", "--id", name]).await;
    let printed = [all.out, table.out, page.out, shown.out, all.err, table.err].concat();
    let secrets = world.provider.issued_secrets().into_iter();
    for secret in secrets.chain(alice.cookies.values().cloned()) {
        assert!(!printed.contains(&secret), "a secret is printed");
    }
}

#[tokio::test]
async fn the_sessions_of_a_person_and_those_of_everybody_end_when_that_is_confirmed() {
    let world = World::start().await;
    let mut alice = world.signed_in("alice").await;
    let mut other = world.signed_in("alice").await;
    let mut bob = world.signed_in("bob").await;
    let subject = world.provider.subject("alice");
    let ended = bff(&world, &["sessions", "end", "--subject", &subject]).await;
    assert_eq!((ended.status, ended.out.as_str()), (Some(0), "ended: 2\n"), "{ended:?}");
    assert_eq!(alice.session().await["reason"], "administrator");
    assert_eq!(other.session().await["reason"], "administrator");
    let unconfirmed = bff(&world, &["sessions", "end", "--all"]).await;
    assert_eq!(unconfirmed.status, Some(2));
    assert!(unconfirmed.err.contains("--yes"), "{unconfirmed:?}");
    assert_eq!(bob.session().await["status"], "active");
    let ended = bff(&world, &["sessions", "end", "--all", "--yes", "--json"]).await;
    assert_eq!(
        (ended.status, ended.json()),
        (Some(0), json!({"ended": 1})),
        "{ended:?}"
    );
    assert_eq!(bob.session().await["reason"], "administrator");
}

#[tokio::test]
async fn a_command_that_cannot_do_its_work_says_why_by_its_status() {
    let mut world = World::start().await;
    for arguments in [
        &["sessions", "end"][..],
        &["sessions", "end", "--all", "--subject", "x", "--yes"],
        &["sessions", "show"],
        &["sessions", "list", "--count", "many"],
    ] {
        assert_eq!(bff(&world, arguments).await.status, Some(2), "{arguments:?}");
    }
    let unknown = bff(&world, &["sessions", "show", "--id", "unknown"]).await;
    assert_eq!(unknown.status, Some(3), "{unknown:?}");
    let mut settings = world.settings();
    settings.retain(|(name, _)| name != "BFF_REDIS_URL");
    let missing = run(settings.clone(), &["sessions", "list"]).await;
    assert_eq!(missing.status, Some(2), "{missing:?}");
    settings.push(("BFF_REDIS_URL".to_owned(), "memory:".to_owned()));
    let memory = run(settings, &["sessions", "list"]).await;
    assert_eq!(memory.status, Some(1));
    assert!(memory.err.contains("in the memory of another process"), "{memory:?}");
    world.redis.kill();
    let away = bff(&world, &["sessions", "list"]).await;
    assert_eq!(away.status, Some(1));
    assert!(away.err.contains("does not answer"), "{away:?}");
}

#[tokio::test]
async fn a_new_key_is_good_and_those_that_are_set_are_judged_and_not_printed() {
    let new = run(Vec::new(), &["keys", "new"]).await;
    let key = new.out.trim().to_owned();
    assert!(new.status == Some(0) && KeyRing::parse(&key).is_ok(), "{new:?}");
    let check = async |ring: &str| {
        let settings = vec![("BFF_SESSION_KEY".to_owned(), ring.to_owned())];
        let checked = run(settings, &["keys", "check"]).await;
        let printed = format!("{}{}", checked.out, checked.err);
        for entry in ring.split_whitespace() {
            assert!(!printed.contains(entry), "a key is printed");
        }
        checked
    };
    let other = KeyRing::new_key();
    let good = check(&format!("{key} {}", *other)).await;
    assert_eq!(
        (good.status, good.out.as_str()),
        (Some(0), "key 1  seals and opens\nkey 2  opens\n")
    );
    let bad = check(&format!("{key} c2hvcnQ {key}")).await;
    assert_eq!(bad.status, Some(1));
    assert!(bad.out.contains("key 2  wrong: not 32 bytes in base64"), "{bad:?}");
    assert!(bad.out.contains("key 3  wrong: stands in the list already"), "{bad:?}");
    let missing = run(Vec::new(), &["keys", "check"]).await;
    assert_eq!(missing.status, Some(2));
    assert!(missing.err.contains("BFF_SESSION_KEY"), "{missing:?}");
}
