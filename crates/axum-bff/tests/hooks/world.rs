//! A provider, an application, and a browser that signs in.

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_bff::access::{Rule, Table};
use axum_bff::config::{Config, Source};
use axum_bff::serve::Server;
use axum_bff::testing::{Answer, Browser, ORIGIN};
use axum_bff::{Account, Bff, Builder, Session};
use bff_clock::{Clock, ManualClock};
use bff_session::key_ring::KeyRing;
use provider::{Client, Endpoint, Provider, Settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use time::OffsetDateTime;

/// Longer than the hour for which the provider's access tokens are valid.
pub(crate) const EXPIRED: Duration = Duration::from_mins(61);

const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/staff", Rule::Role("staff")),
    ("/fresh", Rule::Fresh(60)),
]);

/// The application's data about a person.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserId(pub(crate) u64);

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) clock: ManualClock,
    pub(crate) bff: Bff,
    router: Router,
}

impl World {
    pub(crate) async fn start(hooked: impl FnOnce(Builder) -> Builder) -> Self {
        Self::start_with(&[], hooked).await
    }

    /// With these settings beside the usual ones.
    pub(crate) async fn start_with(settings_of_test: &[(&str, &str)], hooked: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = ManualClock::new(OffsetDateTime::now_utc());
        let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        let time = clock.clone();
        let settings = Settings {
            clock: provider::Clock::new(move || SystemTime::from(time.now())),
            ..Settings::new(client.clone())
        };
        let provider = Provider::start(settings).await.expect("the provider starts");
        let key = KeyRing::new_key();
        let environment = [
            ("BFF_PUBLIC_URL", ORIGIN),
            ("BFF_HTTP_LOOPBACK", "on"),
            ("BFF_ISSUER", provider.issuer()),
            ("BFF_CLIENT_ID", &client.id),
            ("BFF_CLIENT_SECRET", &client.secret),
            ("BFF_REDIS_URL", "memory:"),
            ("BFF_SESSION_KEY", &key),
            ("BFF_SCOPES", "openid profile email offline_access"),
            ("BFF_SESSION_IDLE", "2h"),
            ("BFF_SESSIONS_EACH", "3"),
        ];
        let all = environment.iter().chain(settings_of_test);
        let environment: Vec<_> = all
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let config = Config::read(Source::collect(environment, None)).expect("settings");
        let builder = Bff::builder()
            .settings(config)
            .clock(Arc::new(clock.clone()))
            .access(TABLE);
        let bff = hooked(builder).build().await.expect("it starts");
        let router = bff.router(application());
        Self {
            provider,
            clock,
            bff,
            router,
        }
    }

    /// Starts the server of this application and ends it at once, as a signal does.
    pub(crate) async fn serve_and_end(&self) {
        let server = Server::start(self.bff.clone(), application()).await;
        server.expect("it starts").run(async {}).await;
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// The address to which the provider sends the browser back.
    pub(crate) async fn callback(&self, browser: &mut Browser, username: &str, page: &str) -> String {
        let start = browser.open(&format!("/auth/login?return_to={page}")).await;
        let address = start.location().expect("the provider's address").to_owned();
        self.provider.authorize(&address, username).await.to_string()
    }

    /// Signs in, and gives the answer of the callback.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, username: &str) -> Answer {
        let callback = self.callback(browser, username, "/").await;
        browser.open(&callback).await
    }

    /// A browser in which this demo person is signed in.
    pub(crate) async fn signed_in(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        let landing = self.sign_in(&mut browser, username).await;
        assert_eq!(landing.location(), Some("/"), "{landing:?}");
        browser
    }

    /// Status and text of the page after a sign-in that fails. The clock moves on, so that a hook that hangs is given
    /// up.
    pub(crate) async fn failed(&self, browser: &mut Browser, username: &str) -> (StatusCode, String) {
        let callback = self.callback(browser, username, "/").await;
        let answer = self.while_time_passes(browser.open(&callback)).await;
        let address = answer.location().unwrap_or_default().to_owned();
        assert!(address.starts_with("/sign-in-failed?problem="), "{answer:?}");
        let page = browser.open(&address).await;
        (page.status, page.text())
    }

    /// The result of `step`. The clock moves on by a second each time that the step has to wait.
    pub(crate) async fn while_time_passes<T>(&self, step: impl Future<Output = T>) -> T {
        tokio::pin!(step);
        loop {
            match tokio::time::timeout(Duration::from_millis(200), &mut step).await {
                Ok(outcome) => return outcome,
                Err(_) => self.clock.advance(Duration::from_secs(1)),
            }
        }
    }

    /// Waits until so many tokens are revoked, for at most 20 seconds.
    pub(crate) async fn until_revoked(&self, count: usize) {
        let begun = Instant::now();
        while self.provider.calls_to(Endpoint::Revocation).len() < count {
            assert!(begun.elapsed() < Duration::from_secs(20), "tokens are not revoked");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// An account with a role and data.
pub(crate) fn staff() -> Account {
    Account::new().role("staff").data(&UserId(7)).expect("small data")
}

fn application() -> Router {
    Router::new()
        .route("/", get(async || "home"))
        .route("/signed-out", get(async || "out"))
        .route("/staff", get(async || "for staff"))
        .route("/fresh", get(async || "fresh"))
        .route("/me", get(me))
        .route("/reread", get(reread))
        .route("/end-others", post(end_others))
}

/// The roles and the number of the person.
async fn me(session: Session) -> Result<Json<Value>, axum_bff::error::Error> {
    let user = session.data::<UserId>()?;
    Ok(Json(
        json!({"roles": session.roles(), "user": user.map(|UserId(id)| id)}),
    ))
}

async fn reread(session: Session) -> String {
    match session.reread_claims().await {
        Ok(_) => "reread".to_owned(),
        Err(error) => error.to_string(),
    }
}

async fn end_others(session: Session) -> &'static str {
    session.end_others().await.expect("the store in memory answers");
    "ended"
}
