//! `bff` itself, with its settings, a provider, and somebody who signs in.

use super::baselines::Recorded;
use super::connection::Connection;
use super::process::{self, Server};
use super::redis::Redis;
use bff_session::key_ring::KeyRing;
use provider::{Client, Provider, Settings};
use std::path::Path;
use std::process::Command;

/// The binary that was built with this program.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_bff");

pub(crate) const COOKIE: &str = "__Host-Http-session";

pub(crate) const NAVIGATE: [(&str, &str); 3] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("accept", "text/html,application/xhtml+xml"),
];
pub(crate) const FETCH: [(&str, &str); 4] = [
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "application/json"),
];

/// What all replicas share.
pub(crate) struct Application {
    pub(crate) provider: Provider,
    pub(crate) key: String,
    client: Client,
    site: tempfile::TempDir,
}

pub(crate) const ORIGIN: &str = "https://app.example.com";

impl Application {
    pub(crate) async fn new() -> Self {
        let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        let provider = Provider::start(Settings::new(client.clone()));
        Self {
            provider: provider.await.expect("the provider starts"),
            key: KeyRing::new_key().to_string(),
            client,
            site: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A replica as in production: everything switched on, the log at `info`.
    pub(crate) fn start(&self, name: &'static str, binary: &Path, redis: &Redis, settings: &[(&str, &str)]) -> Server {
        let address = process::free();
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env("BFF_SITE", self.site.path())
            .envs([
                ("BFF_PUBLIC_URL", ORIGIN),
                ("BFF_HTTP_LOOPBACK", "on"),
                ("BFF_LISTEN", &address.to_string()),
                ("BFF_ISSUER", self.provider.issuer()),
                ("BFF_CLIENT_ID", &self.client.id),
                ("BFF_CLIENT_SECRET", &self.client.secret),
                ("BFF_REDIS_URL", &redis.url()),
                ("BFF_SESSION_KEY", &self.key),
                // A run takes longer than the default.
                ("BFF_SESSION_IDLE", "8h"),
                // One person signs in for each callback that is measured. At the limit, each sign-in would end a session too.
                ("BFF_SESSIONS_EACH", "10000"),
            ])
            .envs(settings.iter().copied());
        Server::start(name, address, &mut command)
    }

    /// Begins a login and has a demo person sign in at the provider: the callback's path, and the login's cookie.
    pub(crate) async fn callback(&self, bff: &Server) -> (String, String) {
        let start = get(bff, "/auth/login?return_to=/profile", &NAVIGATE, "").await;
        let login = cookie(&start);
        let location = value(&start, "location").expect("the provider's address");
        let callback = self.provider.authorize(location, "alice").await;
        let path = format!("{}?{}", callback.path(), callback.query().unwrap_or_default());
        (path, login)
    }

    /// Signs a demo person in, by way of the provider, and gives the callback's answer and the session's cookie.
    pub(crate) async fn sign_in(&self, bff: &Server) -> (Recorded, String) {
        let (path, login) = self.callback(bff).await;
        let landing = get(bff, &path, &NAVIGATE, &login).await;
        let session = landing.headers.iter().filter(|(name, _)| name == "set-cookie");
        let session = session.filter_map(|(_, line)| line.strip_prefix(COOKIE)?.strip_prefix('='));
        let mut session = session.map(|line| line.split(';').next().unwrap_or_default().to_owned());
        let session = session.next().unwrap_or_else(|| panic!("no session: {}", landing.body));
        (landing, session)
    }
}

fn value<'a>(answer: &'a Recorded, name: &str) -> Option<&'a str> {
    let mut named = answer.headers.iter().filter(|(found, _)| found == name);
    named.next().map(|(_, value)| value.as_str())
}

/// The cookie that an answer sets, as a browser sends it back.
pub(crate) fn cookie(answer: &Recorded) -> String {
    let line = value(answer, "set-cookie").expect("a cookie");
    line.split(';').next().unwrap_or_default().to_owned()
}

/// A request as it goes over the connection.
pub(crate) fn request(path: &str, headers: &[(&str, &str)], cookie: &str) -> String {
    use std::fmt::Write as _;
    let mut request = format!("GET {path} HTTP/1.1\r\nhost: app.example.com\r\n");
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    let _ = write!(request, "cookie: {cookie}\r\n\r\n");
    request
}

/// One request, and the answer as it came.
pub(crate) async fn get(server: &Server, path: &str, headers: &[(&str, &str)], cookie: &str) -> Recorded {
    let request = request(path, headers, cookie);
    let mut connection = Connection::open(server.address).await;
    let answer = connection.send(request.as_bytes()).await.expect("an answer");
    let lines = answer.head.split("\r\n").filter_map(|line| line.split_once(": "));
    Recorded {
        path: path.to_owned(),
        status: answer.status,
        headers: lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: String::from_utf8_lossy(answer.body).into_owned(),
    }
}

impl Recorded {
    /// What a plain route returns: the bytes, and what says what they are.
    pub(crate) fn without_security(mut self) -> Self {
        self.headers
            .retain(|(name, _)| name == "content-type" || name == "location");
        self
    }
}
