//! Invariant 1: no secret leaves the process, neither one that the provider issued nor one of our own. No response, no
//! header and no log line holds one.

use crate::address::parameter;
use crate::world::World;
use axum::http::Method;
use provider::Fault;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Catches the lines that this thread logs while the guard lives.
    pub(crate) fn catch() -> (Self, tracing::subscriber::DefaultGuard) {
        // While a process has one subscriber, tracing asks only the thread that reaches a line first whether it wants
        // that line. A thread of another test would say no for all threads. With a second subscriber, which is never
        // used, tracing asks all subscribers.
        static ANOTHER: OnceLock<tracing::Dispatch> = OnceLock::new();
        let subscriber = |log: &Self| {
            tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(log.clone())
                .with_ansi(false)
                .finish()
        };
        let log = Self::default();
        ANOTHER.get_or_init(|| tracing::Dispatch::new(subscriber(&Self::default())));
        let guard = tracing::subscriber::set_default(subscriber(&log));
        (log, guard)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// LO-05, SES-09, SES-13
///
/// Runs on one thread, so that `Log` catches every line.
#[tokio::test(flavor = "current_thread")]
async fn no_secret_leaves_the_process() {
    let (log, _guard) = Log::catch();
    let world = World::start_with(&[("BFF_SCOPES", "openid profile email offline_access")]).await;
    let mut browser = world.browser();
    let mut answers = Vec::new();
    let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
    for tampered in [format!("{callback}&code=again"), callback.replace("state=", "state=x")] {
        answers.push(browser.open(&tampered).await);
    }
    answers.push(browser.open(&callback).await);
    for path in [
        "/",
        "/profile",
        "/admin",
        "/signed-out",
        "/sign-in-failed",
        "/unknown",
        "/pkg/x.js",
        "/readyz",
    ] {
        answers.push(browser.open(path).await);
        answers.push(browser.fetch(path).await);
    }
    answers.push(browser.fetch("/auth/session").await);
    answers.push(browser.submit("/_fn/reread_claims").await);
    answers.push(browser.send(Method::POST, "/auth/logout", &[], "").await);
    for fault in [
        Fault::IdTokenClaimSuffix("nonce", "1"),
        Fault::TokenMember("token_type", "mac".into()),
        Fault::UserinfoClaim("sub", "x".into()),
    ] {
        world.inject(fault);
        let answer = browser.sign_in(&world.provider, "bob", "/").await;
        answers.push(browser.open(answer.location().expect("a location")).await);
        answers.push(answer);
        world.provider.heal();
    }
    let cookies: Vec<String> = browser.cookies.values().cloned().collect();
    let out = browser.submit("/auth/logout").await;

    let secrets = world.provider.issued_secrets();
    assert!(secrets.len() >= 10, "the provider issued something: {}", secrets.len());
    for secret in &secrets {
        for answer in &answers {
            let head = format!("{:?}", answer.headers);
            assert!(
                !answer.text().contains(secret.as_str()) && !head.contains(secret.as_str()),
                "in {head}"
            );
        }
    }
    // The one exception is documented: the ID Token is the hint of the logout (LO-05), in a redirect that no script
    // reads.
    let way_on = out.leads_to().expect("an address that it leads to");
    let hint = parameter(&way_on, "id_token_hint").expect("a hint");
    assert!(
        secrets.contains(&hint),
        "the ID Token is one of the secrets that are searched for"
    );
    for secret in &secrets {
        assert!(
            !out.text().contains(secret.as_str()),
            "the page holds the hint only sealed"
        );
    }

    let written = log.text();
    assert!(
        written.contains("request refused") && written.contains("id_token"),
        "the log was caught"
    );
    for secret in secrets.iter().chain(&cookies) {
        assert!(
            !written.contains(secret.as_str()),
            "in the log: {}",
            around(&written, secret)
        );
    }
}

fn around(text: &str, secret: &str) -> String {
    text.lines()
        .find(|line| line.contains(secret))
        .unwrap_or_default()
        .replace(secret, "[SECRET]")
}
