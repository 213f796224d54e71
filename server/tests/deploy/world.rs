//! A provider in this process, three replicas that trust the proxy, and the Redis that they share.

use crate::redis::Redis;
use crate::replica::Replica;
use crate::upstream;
use bff_session::key_ring::KeyRing;
use provider::{Client, Person, Provider, Settings};
use serde_json::json;
use tempfile::TempDir;

/// The origin in the shipped files.
pub(crate) const ORIGIN: &str = "https://app.example.com";

/// The replicas' addresses in the shipped files.
pub(crate) const SHIPPED: [&str; 3] = ["10.0.0.11:3000", "10.0.0.12:3000", "10.0.0.13:3000"];

pub(crate) struct World {
    pub(crate) provider: Provider,
    replicas: Vec<Replica>,
    _redis: Redis,
    _logs: TempDir,
}

impl World {
    pub(crate) async fn start() -> Self {
        let (provider, client) = provider().await;
        let redis = Redis::start();
        let (counting, echoing) = (upstream::counting().await, upstream::echoing().await);
        let environment = [
            ("BFF_PUBLIC_URL", ORIGIN),
            ("BFF_HTTP_LOOPBACK", "on"),
            ("BFF_TRUSTED_PROXIES", "127.0.0.1"),
            ("BFF_ISSUER", provider.issuer()),
            ("BFF_CLIENT_ID", &client.id),
            ("BFF_CLIENT_SECRET", &client.secret),
            ("BFF_REDIS_URL", &redis.url()),
            ("BFF_SESSION_KEY", &KeyRing::new_key()),
            ("BFF_API_COUNTING", &counting),
            ("BFF_API_ECHOING", &echoing),
            ("BFF_LOG", "warn"),
        ];
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let logs = tempfile::tempdir().expect("a folder");
        let replicas = (0..SHIPPED.len())
            .map(|number| Replica::start(&environment, logs.path().join(format!("{number}.log"))))
            .collect();
        Self {
            provider,
            replicas,
            _redis: redis,
            _logs: logs,
        }
    }

    /// The replicas' addresses in the shipped files, each with the one that takes its place.
    pub(crate) fn replicas(&self) -> Vec<(&'static str, String)> {
        let addresses = self.replicas.iter().map(|replica| replica.address.clone());
        SHIPPED.into_iter().zip(addresses).collect()
    }
}

/// A provider that knows `alice`, and the client that is registered there.
pub(crate) async fn provider() -> (Provider, Client) {
    let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
    let alice = json!({"name": "Alice", "email": "alice@example.com"});
    let settings = Settings {
        people: vec![Person::new("alice", "password", alice)],
        ..Settings::new(client.clone())
    };
    let provider = Provider::start(settings).await.expect("the provider starts");
    (provider, client)
}
