//! All servers, and what they stand on.

use super::baselines::{self, Recorded};
use super::bff::{self, Application, BINARY, COOKIE, FETCH, NAVIGATE};
use super::process::{self, Server};
use super::redis::Redis;
use crate::Options;
use std::path::Path;
use std::process::Command;
use tempfile::NamedTempFile;

pub(crate) struct Servers {
    pub(crate) redis: Redis,
    pub(crate) application: Application,
    pub(crate) ours: Server,
    /// Ours, with metrics.
    pub(crate) measured: Server,
    /// Another build of ours.
    pub(crate) beside: Option<Server>,
    pub(crate) plain: Server,
    pub(crate) naive: Server,
    pub(crate) page: Server,
    pub(crate) upstream: Server,
    pub(crate) proxy: Server,
    /// The session of somebody who signed in by way of the provider.
    pub(crate) signed_in: String,
    _answers: NamedTempFile,
}

pub(crate) const LOGIN: &str = "/auth/login?return_to=/profile";

impl Servers {
    pub(crate) async fn start(options: &Options) -> Self {
        let (redis, application) = (Redis::start().await, Application::new().await);
        let upstream = baseline("upstream", &[]);
        let start = |name, binary, settings: &[_]| {
            let api = format!("http://{}/api/orders", upstream.address);
            let mut all = vec![
                ("BFF_API_ORDERS", api.as_str()),
                ("BFF_API_OPEN", api.as_str()),
                ("BFF_API_OPEN_TOKEN", "none"),
            ];
            all.extend(settings);
            application.start(name, binary, &redis, &all)
        };
        let ours = start("ours", BINARY.as_ref(), &[]);
        let measured = start("metrics on", BINARY.as_ref(), &[("BFF_METRICS_LISTEN", "0")]);
        // Cargo runs a benchmark in its package's folder, and a person names a path in the project's.
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let beside = options.beside.as_ref().map(|binary| project.join(binary));
        let beside = beside.as_deref().map(|binary| start("beside", binary, &[]));
        let (landing, signed_in) = application.sign_in(&ours).await;
        let answers = record(&ours, &signed_in, landing).await;
        let path = answers.path().to_str().expect("a path in UTF-8");
        let origin = format!("http://{}", upstream.address);
        Self {
            plain: baseline("plain", &[(baselines::ANSWERS, path)]),
            naive: baseline("naive", &[(baselines::ANSWERS, path), (baselines::REDIS, &redis.url())]),
            page: baseline("page", &[(baselines::ANSWERS, path)]),
            proxy: baseline("proxy", &[(baselines::UPSTREAM, &origin)]),
            upstream,
            ours,
            measured,
            beside,
            signed_in,
            redis,
            application,
            _answers: answers,
        }
    }
}

/// This program again, in this role.
fn baseline(role: &'static str, settings: &[(&str, &str)]) -> Server {
    let address = process::free();
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .env(baselines::ROLE, role)
        .env(baselines::LISTEN, address.to_string())
        .envs(settings.iter().copied());
    Server::start(role, address, &mut command)
}

/// What the baselines are to answer: what ours does.
async fn record(ours: &Server, signed_in: &str, landing: Recorded) -> NamedTempFile {
    let cookie = format!("{COOKIE}={signed_in}");
    let mut recorded: Vec<Recorded> = Vec::new();
    for (path, headers, cookie) in [
        ("/auth/session", &FETCH[..], cookie.as_str()),
        ("/profile", &FETCH[..], ""),
        (LOGIN, &NAVIGATE[..], ""),
    ] {
        recorded.push(bff::get(ours, path, headers, cookie).await.without_security());
    }
    recorded.push(landing.without_security());
    let statuses: Vec<u16> = recorded.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 401, 303, 303]);
    let answers = NamedTempFile::new().expect("a file");
    std::fs::write(answers.path(), serde_json::to_vec(&recorded).expect("JSON")).expect("written");
    answers
}
