//! A provider, an API, and an application behind a proxy that the settings trust.

use axum::extract::ConnectInfo;
use axum::http::Method;
use axum::routing::get;
use axum::{Extension, Json, Router};
use axum_bff::Bff;
use axum_bff::access::{Rule, Table};
use axum_bff::client_address::Peer;
use axum_bff::config::{Config, Source};
use axum_bff::testing::{Answer, Browser, FETCH, FakeApi, NAVIGATE, ORIGIN};
use bff_session::key_ring::KeyRing;
use provider::{Client, Provider, Settings};
use serde_json::json;
use std::net::SocketAddr;

const TABLE: Table = Table::new(&[("/", Rule::Public), ("/signed-out", Rule::Public)]);

/// The settings trust this address.
pub(crate) const PROXY: &str = "10.1.2.3:4000";
pub(crate) const STRANGER: &str = "203.0.113.9:4000";

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) orders: FakeApi,
    router: Router,
}

impl World {
    pub(crate) async fn start() -> Self {
        let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        let provider = Provider::start(Settings::new(client.clone()))
            .await
            .expect("the provider starts");
        let orders = FakeApi::start("orders", |_| Json(json!({}))).await;
        let key = KeyRing::new_key();
        let usual = [
            ("BFF_PUBLIC_URL", ORIGIN),
            ("BFF_HTTP_LOOPBACK", "on"),
            ("BFF_ISSUER", provider.issuer()),
            ("BFF_CLIENT_ID", &client.id),
            ("BFF_CLIENT_SECRET", &client.secret),
            ("BFF_REDIS_URL", "memory:"),
            ("BFF_SESSION_KEY", &key),
            ("BFF_TRUSTED_PROXIES", "10.0.0.0/8"),
        ];
        let environment = usual.into_iter().chain(orders.settings());
        let environment: Vec<_> = environment
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let config = Config::read(Source::collect(environment, None)).expect("settings");
        let built = Bff::builder().settings(config).access(TABLE).build().await;
        let application = Router::new()
            .route("/", get(async || "home"))
            .route("/signed-out", get(async || "out"))
            .route("/orders/{id}", get(async || "an order"));
        Self {
            provider,
            orders,
            router: built.expect("it starts").router(application),
        }
    }

    /// A browser whose requests arrive from this address.
    pub(crate) fn browser(&self, address: &str) -> Browser {
        let address: SocketAddr = address.parse().expect("an address");
        let from = Extension(ConnectInfo(Peer(address)));
        Browser::new(self.router.clone().layer(from))
    }

    /// Signs in. The callback has this `traceparent`.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, traceparent: &str) -> Answer {
        let start = browser.open("/auth/login?return_to=/").await;
        let address = start.location().expect("the provider's address").to_owned();
        let callback = self.provider.authorize(&address, "alice").await.to_string();
        let landing = navigate(browser, &callback, traceparent).await;
        assert_eq!(landing.location(), Some("/"), "{landing:?}");
        landing
    }
}

/// Opens an address as a person does.
pub(crate) async fn navigate(browser: &mut Browser, address: &str, traceparent: &str) -> Answer {
    let headers = [&NAVIGATE[..], &[("traceparent", traceparent)]].concat();
    browser.send(Method::GET, address, &headers, "").await
}

/// Asks as a script of our own page does.
pub(crate) async fn fetch(browser: &mut Browser, address: &str, traceparent: &str) -> Answer {
    let headers = [&FETCH[..], &[("x-csrf", "1"), ("traceparent", traceparent)]].concat();
    browser.send(Method::GET, address, &headers, "").await
}
