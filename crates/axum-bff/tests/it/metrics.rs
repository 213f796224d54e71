//! The metrics: what is counted, who may read it, and that nothing hostile gets into it.

mod bounded;
mod documents;
mod listener;
mod open;
mod spans;

use crate::api::{Api, CALL};
use crate::browser::Browser;
use crate::loopback::free_address;
use crate::world::{EXPIRED, REFRESHING, World};
use axum::Router;
use axum::http::Method;
use axum_bff::Bff;
use axum_bff::config::{Config, Source};
use axum_bff::metrics::{Kind, TABLE};
use axum_bff::serve::Server;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A replica as the program runs it, with metrics. It stops when this is dropped.
pub(crate) struct Measured {
    pub(crate) router: Router,
    pub(crate) address: SocketAddr,
    metrics: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Measured {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Measured {
    pub(crate) async fn start(world: &World) -> Self {
        let address = free_address();
        let mut environment = world.settings();
        environment.push(("BFF_LISTEN".to_owned(), address.to_string()));
        environment.push(("BFF_METRICS_LISTEN".to_owned(), "0".to_owned()));
        let config = Config::read(Source::collect(environment, None)).expect("settings");
        let builder = Bff::builder().settings(config).clock(Arc::new(world.clock.clone()));
        let (bff, application) = crate::application::build(builder).await.expect("settings");
        let router = bff.router(application.clone());
        let server = Server::start(bff, application).await.expect("it starts");
        let metrics = server.metrics_address().expect("there are metrics");
        Self {
            router,
            address,
            metrics,
            task: tokio::spawn(server.run(std::future::pending())),
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// The answer to one request to the listener of the metrics, head and body.
    async fn ask(&self, request_line: &str) -> String {
        ask(self.metrics, request_line).await
    }

    /// All metrics, as Prometheus gets them.
    pub(crate) async fn scrape(&self) -> Scrape {
        let answer = self.ask("GET /metrics HTTP/1.1").await;
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        Scrape(body.to_owned())
    }
}

async fn ask(address: SocketAddr, request_line: &str) -> String {
    let mut connection = TcpStream::connect(address).await.expect("connects");
    let request = format!("{request_line}\r\nhost: metrics.example\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer");
    answer
}

/// The text of one scrape.
pub(crate) struct Scrape(String);

impl Scrape {
    /// Each series, with its name and its labels, and its value.
    fn series(&self) -> impl Iterator<Item = (&str, f64)> {
        let lines = self.0.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            (series, value.parse().expect("a number"))
        })
    }

    /// The sum of all series of this name that have these labels, each as `name="value"`.
    pub(crate) fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let is_meant = |series: &str| {
            let (found, rest) = series.split_once('{').unwrap_or((series, "}"));
            let rest = rest.trim_end_matches('}');
            found == name && labels.iter().all(|label| rest.split(',').any(|one| one == *label))
        };
        let meant = self.series().filter(|(series, _)| is_meant(series));
        meant.map(|(_, value)| value).sum()
    }
}

fn assert_is(value: f64, expected: f64, what: &str) {
    assert!(
        (value - expected).abs() < f64::EPSILON,
        "{what}: {value}, not {expected}"
    );
}

/// A sign-in, a call to an API, a refresh and a sign-out.
async fn visit(world: &World, measured: &Measured) -> Browser {
    let mut alice = measured.browser();
    alice.sign_in(&world.provider, "alice", "/profile").await;
    let called = alice.send(Method::GET, "/api/orders/1", &CALL, "").await;
    assert_eq!(called.status, 200, "{}", called.text());
    world.advance(EXPIRED);
    assert_eq!(alice.reread().await["status"], "active");
    alice.submit("/auth/logout").await;
    alice
}

async fn world(api: &Api) -> World {
    let settings = [("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "2h")];
    crate::api::world(&api.served.url(), &settings).await
}

#[tokio::test]
async fn a_sign_in_a_call_a_refresh_and_a_sign_out_are_counted_once_each() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    let before = measured.scrape().await;
    assert_is(before.sum("bff_sign_ins_total", &[]), 0.0, "nobody has signed in");
    visit(&world, &measured).await;
    let after = measured.scrape().await;
    let expected: &[(&str, &[&str], f64)] = &[
        ("bff_build_info", &[], 1.0),
        ("bff_sign_ins_total", &[r#"outcome="signed_in""#, r#"code="none""#], 1.0),
        ("bff_sign_ins_total", &[], 1.0),
        ("bff_sessions_begun_total", &[], 1.0),
        ("bff_sessions_ended_total", &[r#"reason="signed_out""#], 1.0),
        ("bff_sessions_ended_total", &[], 1.0),
        ("bff_refreshes_total", &[r#"outcome="refreshed""#], 1.0),
        ("bff_refreshes_total", &[], 1.0),
        ("bff_refresh_lease_wait_seconds_count", &[], 1.0),
        (
            "bff_provider_calls_total",
            &[r#"operation="token""#, r#"outcome="ok""#],
            2.0,
        ),
        (
            "bff_provider_call_duration_seconds_count",
            &[r#"operation="token""#],
            2.0,
        ),
        (
            "bff_store_commands_total",
            &[r#"operation="end""#, r#"outcome="ok""#],
            1.0,
        ),
        ("bff_store_commands_total", &[r#"outcome="failed""#], 0.0),
        ("bff_relayed_calls_total", &[r#"api="orders""#, r#"status="2xx""#], 1.0),
        ("bff_relayed_calls_total", &[], 1.0),
        ("bff_relayed_call_duration_seconds_count", &[r#"api="orders""#], 1.0),
    ];
    for (name, labels, expected) in expected {
        assert_is(after.sum(name, labels), *expected, &format!("{name} {labels:?}"));
    }
    let reads = |scrape: &Scrape| scrape.sum("bff_store_command_duration_seconds_count", &[r#"operation="read""#]);
    assert!(reads(&after) > reads(&before), "reads of sessions are timed");
}

#[tokio::test]
async fn a_refused_sign_in_counts_under_the_code_of_its_problem() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    let mut browser = measured.browser();
    browser.open("/auth/callback").await;
    let counted = measured.scrape().await;
    let malformed = [r#"outcome="refused""#, r#"code="callback_malformed""#];
    assert_is(
        counted.sum("bff_sign_ins_total", &malformed),
        1.0,
        "the callback has no parameters",
    );
    assert_is(counted.sum("bff_sessions_begun_total", &[]), 0.0, "no session began");
}

#[tokio::test]
async fn a_call_that_an_api_does_not_answer_counts_as_failed() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    let mut alice = measured.browser();
    alice.sign_in(&world.provider, "alice", "/profile").await;
    drop(api);
    alice.send(Method::GET, "/api/orders/1", &CALL, "").await;
    let counted = measured.scrape().await;
    let failed = counted.sum("bff_relayed_calls_total", &[r#"api="orders""#, r#"status="failed""#]);
    assert_is(failed, 1.0, "the API is gone");
}

/// The table is what docs, alerts and the dashboard are compared with.
#[tokio::test]
async fn the_table_names_everything_that_is_registered_and_nothing_else() {
    let api = Api::friendly().await;
    let world = world(&api).await;
    let measured = Measured::start(&world).await;
    visit(&world, &measured).await;
    let text = measured.scrape().await.0;
    let registered: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    for line in &registered {
        let (name, kind) = line.split_once(' ').expect("a kind");
        let metric = TABLE.iter().find(|metric| metric.name == name);
        let metric = metric.unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(metric.kind.word(), kind, "{name}");
        assert!(text.contains(&format!("# HELP {name} ")), "{name} is not described");
    }
    let seldom = ["bff_client_certificate_remaining_seconds"];
    for metric in TABLE.iter().filter(|metric| !seldom.contains(&metric.name)) {
        let is_registered = registered
            .iter()
            .any(|line| line.starts_with(&format!("{} ", metric.name)));
        assert!(is_registered, "{} is not registered", metric.name);
    }
}

/// The rules of Prometheus for names: a prefix, the base unit, and `_total` for counters.
#[test]
fn names_follow_the_rules_of_prometheus() {
    for metric in TABLE {
        let name = metric.name;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        assert!(name.starts_with("bff_") && name.bytes().all(is_plain), "{name}");
        assert_eq!(metric.kind == Kind::Counter, name.ends_with("_total"), "{name}");
        assert!(metric.kind != Kind::Histogram || name.ends_with("_seconds"), "{name}");
        assert_eq!(TABLE.iter().filter(|other| other.name == name).count(), 1, "{name}");
    }
}
