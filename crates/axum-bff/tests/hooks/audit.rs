//! The audit (`BFF_AUDIT`): each kind of event has a record that fits the schema and holds no secret.

use crate::world::{EXPIRED, World, staff};
use axum::Router;
use axum::http::Method;
use axum_bff::access::{Rule, Table};
use axum_bff::audit::AuditError;
use axum_bff::config::Config;
use axum_bff::serve::{ServeError, Server};
use axum_bff::testing::Browser;
use axum_bff::{
    AdministrativeAct, ApplicationError, Bff, BuildError, ClaimsUpdate, EventKind, Person, Refusal, SignIn,
};
use provider::{Answer, Endpoint, Fault, LogoutTokenParts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// More sign-ins that fail than strangers may have records of at once.
const TOO_MANY: usize = 230;

const AGENT: (&str, &str) = ("user-agent", "Browser/1.0");

struct Audited {
    world: World,
    path: PathBuf,
    _folder: TempDir,
}

impl Audited {
    /// A world whose records go to a file. Its hook refuses Bob, and gives Chioma no role of its own.
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("audit.json");
        let target = format!("file:{}", path.display());
        let settings = [("BFF_AUDIT", target.as_str()), ("BFF_LISTEN", "127.0.0.1:0")];
        let world = World::start_with(&settings, |builder| {
            builder
                .on_sign_in(|sign_in: SignIn| async move {
                    match sign_in.claims()["preferred_username"].as_str() {
                        Some("bob") => Err(Refusal::new("account_closed").into()),
                        Some("alice") => Ok(staff()),
                        _ => Ok(axum_bff::Account::new()),
                    }
                })
                .on_claims(async |update: ClaimsUpdate| Ok(update.account()))
        })
        .await;
        Self {
            world,
            path,
            _folder: folder,
        }
    }

    /// Every line that is written by now.
    async fn text(&self) -> String {
        self.world.bff.tasks.done().await;
        self.world.bff.events.written().await;
        std::fs::read_to_string(&self.path).expect("the file")
    }

    async fn records(&self) -> Vec<Value> {
        let text = self.text().await;
        let lines = text.lines();
        lines.map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    async fn last(&self, kind: &str) -> Value {
        let records = self.records().await;
        let last = records.into_iter().rfind(|record| record["kind"] == kind);
        last.unwrap_or_else(|| panic!("no record of the kind {kind}"))
    }
}

async fn step_up(world: &World, browser: &mut Browser) {
    let step_up = browser.open("/fresh").await;
    let start = browser.open(step_up.location().expect("the way to the sign-in")).await;
    let address = start.location().expect("the provider's address").to_owned();
    let callback = world.provider.authorize(&address, "alice").await;
    assert_eq!(browser.open(callback.as_str()).await.location(), Some("/fresh"));
}

async fn back_channel_logout(world: &World) {
    let token = world
        .provider
        .logout_token(LogoutTokenParts::of_subject(&world.provider.subject("alice")));
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("logout_token", &token)
        .finish();
    let mut browser = world.browser();
    let answer = browser
        .send(Method::POST, "/auth/backchannel-logout", &[AGENT], &form)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Does everything of which there is a record. The cookies that browsers got on the way are returned.
async fn everything(audited: &Audited) -> Vec<String> {
    let world = &audited.world;
    let mut cookies = Vec::new();
    // A sign-in, a refusal by a rule, a step-up, a refresh, other claims, and a sign-out.
    let mut alice = world.signed_in("alice").await;
    cookies.extend(alice.cookies.values().cloned());
    world.clock.advance(Duration::from_mins(2));
    step_up(world, &mut alice).await;
    cookies.extend(alice.cookies.values().cloned());
    world.clock.advance(EXPIRED);
    world
        .provider
        .inject(Fault::UserinfoClaim("roles", json!(["editor", "canary-role"])));
    assert_eq!(alice.open("/reread").await.text(), "reread");
    world.provider.heal();
    alice.submit("/auth/logout").await;
    // Refused: by the hook, and by the provider.
    world.failed(&mut world.browser(), "bob").await;
    let mut stranger = world.browser();
    for _ in 0..TOO_MANY {
        stranger
            .open("/auth/callback?code=canary-code&state=canary-state")
            .await;
    }
    // A rule refuses; the query of the address is nobody's business.
    let mut chioma = world.signed_in("chioma").await;
    assert_eq!(chioma.open("/staff?q=canary-query").await.status, 403);
    // The provider ends a session, and a time limit ends another one.
    let gone = world.signed_in("alice").await;
    cookies.extend(gone.cookies.into_values());
    back_channel_logout(world).await;
    // A login within the second of the logout would begin anew.
    world.clock.advance(Duration::from_secs(1));
    let mut late = world.signed_in("alice").await;
    refuse_to_refresh(world, &mut late).await;
    world.provider.heal();
    let administrator = Person {
        issuer: world.provider.issuer().to_owned(),
        subject: world.provider.subject("alice"),
    };
    let kind = EventKind::Administered {
        act: AdministrativeAct::Ended,
    };
    world.bff.events.tell_in_test(kind, Some(administrator), None);
    world.serve_and_end().await;
    cookies.extend(chioma.cookies.into_values());
    cookies
}

async fn refuse_to_refresh(world: &World, browser: &mut Browser) {
    let refusal = Answer::error(400, "invalid_grant");
    world.provider.inject(Fault::Answer(Endpoint::Token, refusal));
    world.clock.advance(EXPIRED);
    assert_eq!(browser.open("/reread").await.text(), "the session has ended");
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/audit.schema.json")).expect("JSON")
}

/// A test in the crate holds the kinds of the schema against the variants of `EventKind`.
#[tokio::test]
async fn every_kind_of_event_has_a_record_that_fits_the_schema_and_holds_no_secret() {
    let audited = Audited::start().await;
    let cookies = everything(&audited).await;
    let text = audited.text().await;
    let records = audited.records().await;
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for record in &records {
        let wrong: Vec<String> = validator.iter_errors(record).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{record} {wrong:?}");
    }
    let walked: BTreeSet<&str> = records.iter().filter_map(|record| record["kind"].as_str()).collect();
    let kinds = schema["properties"]["kind"]["enum"].as_array().expect("a list");
    let kinds: BTreeSet<&str> = kinds.iter().filter_map(Value::as_str).collect();
    assert_eq!(walked, kinds);
    let ids: BTreeSet<&str> = records.iter().filter_map(|record| record["id"].as_str()).collect();
    assert_eq!(ids.len(), records.len(), "each record has an id of its own");

    let secrets = audited.world.provider.issued_secrets().into_iter().chain(cookies);
    for secret in secrets.filter(|secret| !secret.is_empty()) {
        assert!(!text.contains(&secret), "a record holds a secret");
    }
    for other in ["canary", "preferred_username", "editor", "@example"] {
        assert!(!text.contains(other), "{other}");
    }
}

#[tokio::test]
async fn a_record_says_who_where_why_and_by_which_request() {
    let audited = Audited::start().await;
    let world = &audited.world;
    let mut chioma = world.signed_in("chioma").await;
    let signed_in = audited.last("signed_in").await;
    let who = json!({"issuer": world.provider.issuer(), "subject": world.provider.subject("chioma")});
    assert_eq!(signed_in["who"], who);
    assert_eq!(signed_in["route"], "/auth/callback");
    let refusal = chioma.send(Method::GET, "/staff?q=1", &[AGENT], "").await;
    let refused = audited.last("access_refused").await;
    assert_eq!((&refused["who"], &refused["session"]), (&who, &signed_in["session"]));
    assert_eq!(
        (&refused["line"], &refused["rule"]),
        (&json!("/staff"), &json!("role staff"))
    );
    assert_eq!(
        (&refused["route"], &refused["code"]),
        (&json!("/staff"), &json!("forbidden"))
    );
    assert_eq!(refused["from"]["user_agent"], AGENT.1);
    assert_eq!(refused["correlation_id"], refusal.header("x-request-id"));
    chioma.submit("/auth/logout").await;
    let ended = audited.last("ended").await;
    assert_eq!((&ended["reason"], &ended["who"]), (&json!("signed_out"), &who));
}

#[tokio::test]
async fn a_step_up_that_a_rule_demands_is_told_with_its_code() {
    let audited = Audited::start().await;
    let mut alice = audited.world.signed_in("alice").await;
    audited.world.clock.advance(Duration::from_mins(2));
    alice.open("/fresh").await;
    let refused = audited.last("access_refused").await;
    assert_eq!(refused["code"], "step_up_required");
}

const TABLE: Table = Table::new(&[("/", Rule::Public), ("/signed-out", Rule::Public)]);

async fn built_with(path: &Path) -> Result<Bff, BuildError> {
    let target = format!("file:{}", path.display());
    let config = Config::in_memory(&[("BFF_AUDIT", target.as_str()), ("BFF_LISTEN", "127.0.0.1:0")]).expect("settings");
    Bff::builder().settings(config).access(TABLE).build().await
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_the_start_with_its_name() -> Result<(), ApplicationError> {
    let folder = tempfile::tempdir()?;
    let refused = built_with(&folder.path().join("missing/audit.json")).await;
    let Err(BuildError::Audit(error)) = refused else {
        panic!("it is built")
    };
    assert!(error.to_string().contains("audit.json"), "{error}");
    Ok(())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_the_server_before_it_answers() {
    let bff = built_with(Path::new("/dev/full"))
        .await
        .expect("the file can be opened");
    let application = Router::new()
        .route("/", axum::routing::get(async || "home"))
        .route("/signed-out", axum::routing::get(async || "out"));
    let refused = Server::start(bff, application).await;
    assert!(
        matches!(refused, Err(ServeError::Audit(AuditError::Write(_)))),
        "{refused:?}"
    );
}

/// The collector takes connections and never answers.
#[tokio::test]
async fn a_collector_that_never_answers_delays_no_sign_in() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let target = format!("http://{}/audit", listener.local_addr().expect("an address"));
    let world = World::start_with(&[("BFF_AUDIT", target.as_str())], |builder| builder).await;
    let begun = std::time::Instant::now();
    let mut alice = world.signed_in("alice").await;
    alice.open("/staff").await;
    assert!(begun.elapsed() < Duration::from_secs(10), "less than one call may take");
    let waits = tokio::time::timeout(Duration::from_millis(50), world.bff.events.written()).await;
    assert!(waits.is_err(), "the records wait");
}
