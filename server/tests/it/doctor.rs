//! `bff doctor`, run as a process. It names each fault, says how to mend it, and prints no secret.

mod fapi;
mod provider_document;
mod registration;
mod store;
mod told;

use crate::redis::Redis;
use crate::redis::tls::PASSWORD;
use crate::world::required;
use axum_bff::testing::ORIGIN;
use bff_session::key_ring::KeyRing;
use provider::{Client, Endpoint, Provider, Settings};
use std::process::{Command, Stdio};

/// A provider, a Redis, and the settings for them.
struct Clinic {
    provider: Provider,
    redis: Redis,
    settings: Vec<(String, String)>,
    /// Texts that must not be printed.
    secrets: Vec<String>,
}

impl Clinic {
    async fn open() -> Self {
        Self::open_at(|_| ()).await
    }

    /// Like [`open`](Self::open). `shape` changes the settings of the provider.
    async fn open_at(shape: impl FnOnce(&mut Settings)) -> Self {
        let mut client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        client
            .redirect_uris
            .push("http://localhost:3000/auth/callback".to_owned());
        let redis = Redis::start();
        let mut shaped = Settings::new(client.clone());
        shape(&mut shaped);
        let provider = Provider::start(shaped).await.expect("a provider");
        let key = KeyRing::new_key().to_string();
        Self {
            settings: required(&provider, &client, &redis.url(), &key),
            secrets: vec![client.secret, key, PASSWORD.to_owned()],
            provider,
            redis,
        }
    }

    /// Runs the doctor with these settings, some of them changed. Returns the exit status and the printed text.
    async fn examine(&self, changes: &[(&str, &str)]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bff"));
        command.arg("doctor").env_clear().stdin(Stdio::null());
        command.envs(self.settings.clone()).envs(changes.iter().copied());
        // The provider runs on this thread, so the test must not block it.
        let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
        let output = output.await.expect("it ends");
        let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        for secret in &self.secrets {
            assert!(!printed.contains(secret.as_str()), "a secret is in: {printed}");
        }
        (output.status.code(), printed)
    }

    /// Asserts that sign-in cannot work, that the line `name` says `found`, and that the summary says `mend`.
    async fn is_wrong(&self, changes: &[(&str, &str)], name: &str, found: &str, mend: &str) {
        self.finds(1, "wrong", changes, [name, found, mend]).await;
    }

    /// Like [`is_wrong`](Self::is_wrong), for a fault with which sign-in can work.
    async fn is_a_warning(&self, changes: &[(&str, &str)], name: &str, found: &str, mend: &str) {
        self.finds(0, "warning", changes, [name, found, mend]).await;
    }

    async fn finds(&self, status: i32, verdict: &str, changes: &[(&str, &str)], words: [&str; 3]) {
        let [name, found, mend] = words;
        let (code, printed) = self.examine(changes).await;
        assert_eq!(code, Some(status), "{printed}");
        let begin = format!("  {verdict:<8} {name:<22} ");
        let line = printed.lines().find(|line| line.starts_with(&begin));
        let line = line.unwrap_or_else(|| panic!("no line `{begin}` in: {printed}"));
        assert!(line.contains(found), "{found} is not in: {line}");
        let (_, summary) = printed
            .rsplit_once("end:")
            .or(printed.rsplit_once("ending:"))
            .expect("a summary");
        assert!(summary.contains(mend), "{mend} is not in: {summary}");
    }
}

#[tokio::test]
async fn an_api_that_everybody_may_call_without_being_known_to_it_is_warned_of() {
    let clinic = Clinic::open().await;
    for (token, found) in [("client", "with this client's own token"), ("none", "without a token")] {
        let api = [("BFF_API_STOCK", "http://127.0.0.1:1/"), ("BFF_API_STOCK_TOKEN", token)];
        clinic
            .is_a_warning(
                &api,
                "API stock",
                found,
                "write `api \"stock\" => ...` into the access table",
            )
            .await;
    }
    let (_, printed) = clinic.examine(&[("BFF_API_STOCK", "http://127.0.0.1:1/")]).await;
    assert!(
        !printed.contains("API stock"),
        "an API that gets the person's token knows the person: {printed}"
    );
    assert!(printed.contains("rules reaches something"), "{printed}");
}

#[tokio::test]
async fn roles_that_are_always_kept_and_claims_that_are_left_out_are_said() {
    let clinic = Clinic::open().await;
    let (_, printed) = clinic.examine(&[("BFF_ROLES_CLAIM", "groups")]).await;
    for expected in [
        "read from groups; 64 of a person are kept, and always those that rules name: admin",
        "those longer than 2048 bytes are left out",
        "claims_left_out",
    ] {
        assert!(printed.contains(expected), "{expected} is not in: {printed}");
    }
}

#[tokio::test]
async fn a_good_set_up_ends_with_status_0_and_says_what_was_chosen() {
    let clinic = Clinic::open().await;
    let (status, printed) = clinic.examine(&[]).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(!printed.contains("  wrong "), "{printed}");
    assert!(printed.contains("Sign-in can work."), "{printed}");
    for expected in [
        "client_secret_basic: the strongest that the provider lists",
        "RS256: listed by the provider and accepted by this server; the provider lists RS256",
        "not pushed: the provider does not say that it supports it",
        "bearer tokens: DPoP needs ES256",
        "S256: the provider lists it",
        "demanded in every answer",
        "accepted: the provider refuses a made-up code",
        "(login_required), so it is registered",
        "1 published, 1 usable: 1 for RS256",
        "noeviction",
        "the user may run every command that is needed",
    ] {
        assert!(printed.contains(expected), "{expected} is not in: {printed}");
    }
    for path in [
        "/auth/callback",
        "/signed-out",
        "/auth/backchannel-logout",
        "/auth/frontchannel-logout",
    ] {
        assert!(
            printed.lines().any(|line| line.ends_with(&format!(" {ORIGIN}{path}"))),
            "{path}: {printed}"
        );
    }
    let calls: Vec<Endpoint> = clinic.provider.calls().iter().map(|call| call.endpoint).collect();
    assert_eq!(
        calls,
        [
            Endpoint::Metadata,
            Endpoint::Jwks,
            Endpoint::Token,
            Endpoint::Authorization
        ]
    );
    assert_eq!(clinic.redis.keys(), [""; 0], "nothing is written");
}

#[tokio::test]
async fn settings_that_cannot_be_read_are_all_named() {
    let clinic = Clinic::open().await;
    let (status, printed) = clinic
        .examine(&[
            ("BFF_SESSION_KEY", "c2hvcnQ"),
            ("BFF_PUBLIC_URL", "https://app.example.com/shop?x"),
        ])
        .await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains("key 1 is not 32 bytes in base64"), "{printed}");
    assert!(
        printed.contains("has to be scheme, host, port and at most a path"),
        "{printed}"
    );
    let plain = [
        ("BFF_HTTP_LOOPBACK", "off"),
        ("BFF_PUBLIC_URL", "https://app.example.com"),
    ];
    clinic.is_wrong(&plain, "BFF_ISSUER", "is http", "BFF_ISSUER").await;
    let elsewhere = [("BFF_ISSUER", "http://op.example.com")];
    clinic
        .is_wrong(&elsewhere, "BFF_ISSUER", "has to be https", "BFF_ISSUER")
        .await;
    clinic
        .is_wrong(&[("BFF_CLIENT_ID", "")], "BFF_CLIENT_ID", "is missing", "BFF_CLIENT_ID")
        .await;
    assert_eq!(clinic.provider.calls().len(), 0, "the provider was not asked");
}

#[tokio::test]
async fn a_profile_that_is_not_met_is_named() {
    let clinic = Clinic::open().await;
    let (status, printed) = clinic.examine(&[("BFF_PROFILE", "fapi2")]).await;
    assert_ne!(status, Some(0), "{printed}");
    for demand in ["https everywhere", "a key or a certificate, not with a secret"] {
        assert!(printed.contains(demand), "{demand} is not in: {printed}");
    }
}

#[tokio::test]
async fn a_choice_that_weakens_and_does_not_break_is_a_warning() {
    let clinic = Clinic::open().await;
    // 32 times the letter A.
    let weak = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE";
    let found = "probably not random: key 1";
    clinic
        .is_a_warning(&[("BFF_SESSION_KEY", weak)], "session keys", found, "openssl rand")
        .await;
    let everybody = [("BFF_TRUSTED_PROXIES", "0.0.0.0/0")];
    clinic
        .is_a_warning(
            &everybody,
            "trusted proxies",
            "anybody can forge",
            "BFF_TRUSTED_PROXIES",
        )
        .await;
    let loopback = [("BFF_PUBLIC_URL", "http://localhost:3000")];
    clinic
        .is_a_warning(&loopback, "public URL", "Safari", "BFF_PUBLIC_URL")
        .await;
}

#[tokio::test]
async fn traces_that_this_program_cannot_export_are_a_wrong_setting() {
    let clinic = Clinic::open().await;
    let (status, printed) = clinic.examine(&[]).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("are not exported"), "{printed}");
    let (status, printed) = clinic.examine(&[("BFF_OTLP_ENDPOINT", "http://localhost:4318")]).await;
    assert_ne!(status, Some(0), "{printed}");
    assert!(printed.contains("the feature otlp"), "{printed}");
}
