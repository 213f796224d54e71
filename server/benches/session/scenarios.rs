//! What is asked, of whom, and in which order.

use super::baselines::{self, Recorded};
use super::bff::{self, Application, BINARY, COOKIE, FETCH, NAVIGATE};
use super::connection::Connection;
use super::load::{self, Request, Sample};
use super::process::{self, Server};
use super::redis::Redis;
use super::report::{self, Row};
use super::sessions::Writer;
use crate::Options;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// All servers, and what they stand on.
struct Servers {
    redis: Redis,
    application: Application,
    ours: Server,
    /// The same with `BFF_SESSION_LOCAL_COPY`.
    copying: Server,
    /// Another build of ours.
    beside: Option<Server>,
    plain: Server,
    naive: Server,
    page: Server,
    /// The session of somebody who signed in by way of the provider.
    signed_in: String,
    _answers: tempfile::NamedTempFile,
}

const LOGIN: &str = "/auth/login?return_to=/profile";

impl Servers {
    async fn start(options: &Options) -> Self {
        let (redis, application) = (Redis::start().await, Application::new().await);
        let ours = application.start("ours", BINARY.as_ref(), &redis, &[]);
        let signed_in = application.sign_in(&ours).await;
        let cookie = format!("{COOKIE}={signed_in}");
        let mut recorded: Vec<Recorded> = Vec::new();
        for (path, headers, cookie) in [
            ("/auth/session", &FETCH[..], cookie.as_str()),
            ("/profile", &FETCH[..], ""),
            (LOGIN, &NAVIGATE[..], ""),
        ] {
            recorded.push(bff::get(&ours, path, headers, cookie).await.without_security());
        }
        assert_eq!(
            recorded.iter().map(|answer| answer.status).collect::<Vec<_>>(),
            [200, 401, 303]
        );
        let answers = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(answers.path(), serde_json::to_vec(&recorded).expect("JSON")).expect("written");
        let baseline = |role: &'static str| {
            let address = process::free();
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            command
                .env(baselines::ROLE, role)
                .env(baselines::LISTEN, address.to_string())
                .env(baselines::ANSWERS, answers.path())
                .env(baselines::REDIS, redis.url());
            Server::start(role, address, &mut command)
        };
        let copying = application.start(
            "ours, local copy",
            BINARY.as_ref(),
            &redis,
            &[("BFF_SESSION_LOCAL_COPY", "on")],
        );
        let beside = options.beside.as_ref();
        let beside = beside.map(|binary| application.start("beside", binary, &redis, &[]));
        Self {
            ours,
            copying,
            beside,
            plain: baseline("plain"),
            naive: baseline("naive"),
            page: baseline("page"),
            signed_in,
            redis,
            application,
            _answers: answers,
        }
    }
}

/// What one server is asked, and the status that it is to answer.
type Asked<'a> = (&'a Server, Request, u16);

/// These, and the other build, which is asked what the last one is.
fn with<'a, const N: usize>(beside: Option<&'a Server>, asked: [Asked<'a>; N]) -> Vec<Asked<'a>> {
    let mut asked = Vec::from(asked);
    if let (Some(server), Some((_, request, status))) = (beside, asked.last()) {
        asked.push((server, request.clone(), *status));
    }
    asked
}

/// The servers take turns; each warms up first.
async fn measure(options: &Options, redis: &Redis, title: &str, asked: &[Asked<'_>]) {
    if options.only.as_ref().is_some_and(|only| !title.contains(only.as_str())) {
        return;
    }
    let load = (options.requests, options.connections);
    let mut rows = Vec::new();
    for (server, request, status) in asked {
        let warm_up = (options.requests / 5, options.connections);
        load::run(server.address, request, warm_up, *status, &mut Sample::default()).await;
        rows.push(Row {
            server: server.name,
            sample: Sample::default(),
            cpu: Duration::ZERO,
            commands: 0,
        });
    }
    for _ in 0..options.rounds {
        for ((server, request, status), row) in asked.iter().zip(&mut rows) {
            let (cpu, commands) = (server.cpu(), redis.commands().await);
            load::run(server.address, request, load, *status, &mut row.sample).await;
            row.cpu += server.cpu().saturating_sub(cpu);
            row.commands += redis.commands().await - commands;
        }
    }
    report::print(title, &rows);
}

pub(crate) async fn run(options: &Options) {
    bytes_of_a_session().await;
    let servers = Servers::start(options).await;
    let writer = Writer::new(&servers.redis, &servers.application.key).await;
    signed_in(options, &servers, &writer).await;
    strangers(options, &servers).await;
    profile(options, &servers).await;
    gone_after(&servers.copying, &writer).await;
    println!("\n### Resident memory after the run\n");
    for server in [&servers.plain, &servers.naive, &servers.ours, &servers.copying] {
        let (now, most) = server.memory();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand KiB")]
        let mib = |kib: u64| kib as f64 / 1024.0;
        println!("- {}: {:.1} MiB (at most {:.1} MiB)", server.name, mib(now), mib(most));
    }
}

/// `/auth/session` with more and more sessions in Redis. The naive stack has one of its own, always the same.
async fn signed_in(options: &Options, servers: &Servers, writer: &Writer) {
    let begun = bff::cookie(&bff::get(&servers.naive, "/begin", &[], "").await);
    let (name, value) = begun.split_once('=').expect("a cookie");
    let naive = Request::new("/auth/session", &FETCH, Some((name, Arc::new(vec![value.to_owned()]))));
    let mut there = 1;
    for count in &options.sessions {
        let ids = if *count <= 1 {
            Arc::new(vec![servers.signed_in.clone()])
        } else {
            let begun = Instant::now();
            let ids = writer.fill(count.saturating_sub(there)).await;
            there += ids.len();
            eprintln!("{} sessions written in {:.1?}", ids.len(), begun.elapsed());
            ids
        };
        let ours = Request::new("/auth/session", &FETCH, Some((COOKIE, ids)));
        let asked = with(
            servers.beside.as_ref(),
            [
                (&servers.plain, ours.clone(), 200),
                (&servers.naive, naive.clone(), 200),
                (&servers.copying, ours.clone(), 200),
                (&servers.ours, ours, 200),
            ],
        );
        let title = format!("`/auth/session`, signed in, {there} sessions in Redis");
        measure(options, &servers.redis, &title, &asked).await;
    }
}

/// What costs no session: a refusal, and the start of a login.
async fn strangers(options: &Options, servers: &Servers) {
    let Servers {
        redis,
        ours,
        plain,
        beside,
        ..
    } = servers;
    let refusal = Request::new("/profile", &FETCH, None);
    let asked = with(beside.as_ref(), [(plain, refusal.clone(), 401), (ours, refusal, 401)]);
    measure(options, redis, "refusal of an anonymous `fetch`", &asked).await;
    let login = Request::new(LOGIN, &NAVIGATE, None);
    let asked = with(beside.as_ref(), [(plain, login.clone(), 303), (ours, login, 303)]);
    measure(options, redis, "start of a login", &asked).await;
}

/// A page, beside the same page of a server without sign-in.
async fn profile(options: &Options, servers: &Servers) {
    let Servers {
        redis,
        ours,
        page,
        beside,
        ..
    } = servers;
    let alice = Arc::new(vec![servers.signed_in.clone()]);
    let profile = Request::new("/profile", &NAVIGATE, Some((COOKIE, alice)));
    let asked = with(beside.as_ref(), [(page, profile.clone(), 200), (ours, profile, 200)]);
    measure(options, redis, "`/profile`, rendered on the server", &asked).await;
}

/// What one session takes in Redis, key by key.
async fn bytes_of_a_session() {
    let redis = Redis::start().await;
    let key = server::key_ring::KeyRing::new_key().to_string();
    Writer::new(&redis, &key).await.establish(1).await;
    let sizes = redis.memory().await;
    println!("### Bytes of one session in Redis (`MEMORY USAGE`), with 1.5 KB of tokens\n");
    for (kind, bytes) in &sizes {
        println!("- {kind}: {bytes}");
    }
    println!("- together: {}", sizes.iter().map(|(_, bytes)| bytes).sum::<u64>());
}

/// How long a session that another replica has ended is still answered from the local copy.
async fn gone_after(copying: &Server, writer: &Writer) {
    const TIMES: usize = 200;
    let mut delays = Vec::with_capacity(TIMES);
    for number in 0..TIMES {
        let id = writer.establish(10_000_000 + number).await;
        let request = Request::new(
            "/auth/session",
            &FETCH,
            Some((COOKIE, Arc::new(vec![id.to_text().to_string()]))),
        );
        let (mut connection, mut bytes) = (Connection::open(copying.address).await, Vec::new());
        request.write(0, &mut bytes);
        // Twice: the second answer is from the copy.
        for _ in 0..2 {
            let answer = connection.send(&bytes).await.expect("an answer");
            assert!(answer.body.starts_with(b"{\"status\":\"active\""));
        }
        writer.end(&id).await;
        let ended = Instant::now();
        while connection
            .send(&bytes)
            .await
            .expect("an answer")
            .body
            .starts_with(b"{\"status\":\"active\"")
        {
            assert!(ended.elapsed() < Duration::from_secs(5), "it does not end");
        }
        delays.push(ended.elapsed());
    }
    delays.sort_unstable();
    println!("\n### A session ended by another replica is gone from the local copy, after that one's answer\n");
    println!(
        "- {TIMES} times: median {:.1?}, p99 {:.1?}, longest {:.1?} (the answer that says so included)",
        delays[TIMES / 2],
        delays[TIMES * 99 / 100],
        delays[TIMES - 1]
    );
}
