//! A provider, a Redis, and the application between them, in this process.
//!
//! The module `crate::application` of a test program decides which application that is, because the tests of the
//! demonstration share this file.

use crate::browser::Browser;
use crate::loopback::free_address;
use crate::redis::Redis;
use axum::Router;
use axum_bff::config::{Config, Source};
use axum_bff::serve::Server;
use axum_bff::{Bff, Components};
use bff_clock::{Clock, ManualClock};
use bff_session::key_ring::KeyRing;
use provider::{Client, Endpoint, Fault, Provider, Settings};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use time::OffsetDateTime;

pub(crate) use axum_bff::testing::ORIGIN;

/// Scopes for which the provider gives a refresh token.
pub(crate) const REFRESHING: &str = "openid profile email offline_access";

/// After this time, an access token of the provider has expired. It lives for an hour.
pub(crate) const EXPIRED: Duration = Duration::from_mins(61);

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) redis: Redis,
    pub(crate) clock: ManualClock,
    pub(crate) client: Client,
    router: Router,
    environment: Vec<(String, String)>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A world with other settings than usual.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_at(settings, |_| ()).await
    }

    /// A world in which sessions have refresh tokens. `shape` changes the settings of its provider.
    pub(crate) async fn start_refreshing(shape: impl FnOnce(&mut Settings)) -> Self {
        Self::start_at(&[("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "2h")], shape).await
    }

    /// A world with other settings than usual. `shape` changes the settings of its provider.
    pub(crate) async fn start_at(settings: &[(&str, &str)], shape: impl FnOnce(&mut Settings)) -> Self {
        let redis = Redis::start();
        let clock = ManualClock::new(OffsetDateTime::now_utc());
        let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        let time = clock.clone();
        let mut shaped = Settings {
            clock: provider::Clock::new(move || SystemTime::from(time.now())),
            ..Settings::new(client.clone())
        };
        shape(&mut shaped);
        let provider = Provider::start(shaped).await.expect("the provider starts");
        let mut environment = required(&provider, &client, &redis.url(), &KeyRing::new_key());
        set(
            &mut environment,
            &[("BFF_PROVIDER_TIMEOUT", "5s"), ("BFF_REDIS_TIMEOUT", "2s")],
        );
        set(&mut environment, settings);
        let router = application(&environment, Arc::new(clock.clone())).await;
        Self {
            provider,
            redis,
            clock,
            client,
            router,
            environment,
        }
    }

    /// The settings, for a process that has to have the same.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        self.environment.clone()
    }

    /// A browser with an empty cookie jar.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Another replica with the same settings. It shares nothing but Redis and the clock.
    pub(crate) async fn replica(&self) -> Router {
        application(&self.environment, Arc::new(self.clock.clone())).await
    }

    /// Another replica, whose clock is ahead by this much, or behind if it is negative.
    pub(crate) async fn replica_off(&self, ahead: time::Duration) -> Router {
        let clock = OffClock {
            right: self.clock.clone(),
            ahead,
        };
        application(&self.environment, Arc::new(clock)).await
    }

    /// Another replica, with some settings of its own.
    pub(crate) async fn replica_set(&self, settings: &[(&str, &str)]) -> Router {
        let mut environment = self.environment.clone();
        set(&mut environment, settings);
        application(&environment, Arc::new(self.clock.clone())).await
    }

    /// Another replica, whose tasks all run on this runtime, so that a test can make it die.
    pub(crate) async fn replica_on(&self, runtime: &tokio::runtime::Runtime) -> Router {
        let (environment, clock) = (self.environment.clone(), self.clock.clone());
        let starting = runtime.spawn(async move { application(&environment, Arc::new(clock)).await });
        starting.await.expect("it starts")
    }

    /// Another replica. `change` changes its components before it starts.
    pub(crate) async fn replica_with(&self, change: impl FnOnce(&mut Components) + Send + 'static) -> Router {
        self.replica_setting(&[], change).await
    }

    /// Another replica, with some settings of its own. `change` changes its components before it starts.
    pub(crate) async fn replica_setting(
        &self,
        settings: &[(&str, &str)],
        change: impl FnOnce(&mut Components) + Send + 'static,
    ) -> Router {
        let mut environment = self.environment.clone();
        set(&mut environment, settings);
        changed(&environment, Arc::new(self.clock.clone()), change).await
    }

    /// Another replica, whose application has these routes too. `change` changes its components before it starts.
    pub(crate) async fn replica_routing(
        &self,
        routes: impl FnOnce(&Bff) -> Router,
        change: impl FnOnce(&mut Components) + Send + 'static,
    ) -> Router {
        let clock = Arc::new(self.clock.clone());
        let (bff, application) = built(&self.environment, clock, change).await;
        bff.router(application.merge(routes(&bff)))
    }

    /// Another replica as the program runs it, and its address.
    pub(crate) async fn server(&self) -> (Server, SocketAddr) {
        let address = free_address();
        let mut environment = self.environment.clone();
        environment.push(("BFF_LISTEN".to_owned(), address.to_string()));
        let config = Config::read(Source::collect(environment, None)).expect("settings");
        let built = crate::application::build(Bff::builder().settings(config)).await;
        let (bff, application) = built.expect("settings");
        (Server::start(bff, application).await.expect("it starts"), address)
    }

    pub(crate) fn inject(&self, fault: Fault) {
        self.provider.inject(fault);
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Runs `step` to its end. Whenever it has waited for 100 milliseconds, the clock moves on by half a second.
    pub(crate) async fn while_time_passes<T>(&self, step: impl Future<Output = T>) -> T {
        tokio::pin!(step);
        loop {
            match tokio::time::timeout(Duration::from_millis(100), &mut step).await {
                Ok(outcome) => return outcome,
                Err(_) => self.advance(Duration::from_millis(500)),
            }
        }
    }

    /// Waits, within a bound, until something outside of this process has happened.
    pub(crate) async fn until(&self, what: &str, mut happened: impl AsyncFnMut() -> bool) {
        let begun = std::time::Instant::now();
        while !happened().await {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "not within 20 seconds: {what}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the first refresh is asked for, in a world where one person has signed in.
    pub(crate) async fn until_refreshing(&self) {
        self.until("the refresh is under way", async || {
            self.provider.calls_to(Endpoint::Token).len() == 2
        })
        .await;
    }

    /// A browser in which this demo person is signed in.
    pub(crate) async fn signed_in(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        let landing = browser.sign_in(&self.provider, username, "/profile").await;
        assert_eq!(landing.location(), Some("/profile"), "{landing:?}");
        browser
    }
}

/// A clock that runs like the right one, but shows another time.
#[derive(Debug)]
struct OffClock {
    right: ManualClock,
    ahead: time::Duration,
}

impl Clock for OffClock {
    fn now(&self) -> OffsetDateTime {
        self.right.now() + self.ahead
    }

    fn sleep_until(&self, at: OffsetDateTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.right.sleep_until(at - self.ahead)
    }
}

/// The required settings for this client at this provider.
pub(crate) fn required(provider: &Provider, client: &Client, redis: &str, key: &str) -> Vec<(String, String)> {
    [
        ("BFF_PUBLIC_URL", ORIGIN),
        ("BFF_HTTP_LOOPBACK", "on"),
        ("BFF_ISSUER", provider.issuer()),
        ("BFF_CLIENT_ID", &client.id),
        ("BFF_CLIENT_SECRET", &client.secret),
        ("BFF_REDIS_URL", redis),
        ("BFF_SESSION_KEY", key),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Each setting replaces an earlier setting with the same name.
fn set(environment: &mut Vec<(String, String)>, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        environment.retain(|(set, _)| set != name);
        environment.push(((*name).to_owned(), (*value).to_owned()));
    }
}

async fn application(environment: &[(String, String)], clock: Arc<dyn Clock>) -> Router {
    changed(environment, clock, |_| {}).await
}

async fn changed(
    environment: &[(String, String)],
    clock: Arc<dyn Clock>,
    change: impl FnOnce(&mut Components) + Send + 'static,
) -> Router {
    let (bff, application) = built(environment, clock, change).await;
    bff.router(application)
}

async fn built(
    environment: &[(String, String)],
    clock: Arc<dyn Clock>,
    change: impl FnOnce(&mut Components) + Send + 'static,
) -> (Bff, Router) {
    let config = Config::read(Source::collect(environment.to_vec(), None)).expect("settings");
    let builder = Bff::builder().settings(config).clock(clock).change(change);
    crate::application::build(builder).await.expect("it starts")
}
