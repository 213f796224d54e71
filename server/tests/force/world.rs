//! A provider in this process, and replicas that use a Redis of the scenario's choice.

use crate::front::Front;
use crate::replica::Replica;
use crate::visitor::{ORIGIN, Visitor};
use bff_session::key_ring::KeyRing;
use provider::{Client, Endpoint, Fault, Person, Provider, Settings};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long an access token is valid according to the provider's `expires_in`.
pub(crate) const LIFETIME: Duration = Duration::from_secs(2);

/// How long the provider accepts an access token. It is longer than [`LIFETIME`], because APIs allow for clocks that
/// differ. So a test does not fail if the machine is too slow to use a token in time.
const TAKEN: Duration = Duration::from_mins(1);

/// How many people the provider knows.
pub(crate) const PEOPLE: usize = 1000;

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) front: Arc<Front>,
    lifetimes: Lifetimes,
    _logs: TempDir,
}

/// For how long access tokens are valid.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes {
    /// The provider's `expires_in`.
    pub(crate) told: Duration,
    /// How long the provider accepts them.
    pub(crate) taken: Duration,
}

impl World {
    /// Starts this number of replicas with this Redis.
    pub(crate) async fn start(redis_url: &str, replicas: usize) -> Self {
        Self::start_with(redis_url, replicas, &[]).await
    }

    /// Starts this number of replicas with this Redis and further settings.
    pub(crate) async fn start_with(redis_url: &str, replicas: usize, further: &[(&str, &str)]) -> Self {
        let lifetimes = Lifetimes {
            told: LIFETIME,
            taken: TAKEN,
        };
        Self::start_for(lifetimes, redis_url, replicas, further).await
    }

    /// Like [`start_with`](Self::start_with), with other lifetimes of access tokens.
    pub(crate) async fn start_for(
        lifetimes: Lifetimes,
        redis_url: &str,
        replicas: usize,
        further: &[(&str, &str)],
    ) -> Self {
        let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
        let settings = Settings {
            access_token_lifetime: lifetimes.taken,
            people: (0..PEOPLE).map(person).collect(),
            ..Settings::new(client.clone())
        };
        let provider = Provider::start(settings).await.expect("the provider starts");
        let environment = [
            ("BFF_PUBLIC_URL", ORIGIN),
            ("BFF_HTTP_LOOPBACK", "on"),
            ("BFF_ISSUER", provider.issuer()),
            ("BFF_CLIENT_ID", &client.id),
            ("BFF_CLIENT_SECRET", &client.secret),
            ("BFF_SCOPES", "openid profile email offline_access"),
            ("BFF_REDIS_URL", redis_url),
            ("BFF_SESSION_KEY", &KeyRing::new_key()),
            ("BFF_LOG", "warn"),
        ];
        let environment: Vec<(String, String)> = environment
            .iter()
            .chain(further)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let logs = tempfile::tempdir().expect("a folder");
        let replicas: Vec<Replica> = (0..replicas)
            .map(|number| Replica::start(&environment, logs.path().join(format!("{number}.log"))))
            .collect();
        let addresses = replicas.iter().map(|replica| replica.address.clone()).collect();
        let world = Self {
            provider,
            replicas,
            front: Arc::new(Front::new(addresses)),
            lifetimes,
            _logs: logs,
        };
        world.heal();
        world
    }

    /// Removes all faults, except the short lifetime of access tokens.
    pub(crate) fn heal(&self) {
        self.provider.heal();
        let expires_in = json!(self.lifetimes.told.as_secs());
        self.provider.inject(Fault::TokenMember("expires_in", expires_in));
    }

    /// Signs in this number of people, each with one session.
    pub(crate) async fn visitors(&self, count: usize) -> Vec<Visitor> {
        let mut visitors = Vec::new();
        for number in 0..count {
            visitors.push(Visitor::sign_in(&self.front, &self.provider, &username(number)).await);
        }
        visitors
    }

    /// How many different access tokens have reached the userinfo endpoint.
    pub(crate) fn tokens_seen(&self) -> usize {
        let calls = self.provider.calls_to(Endpoint::Userinfo);
        let tokens: BTreeSet<&str> = calls.iter().filter_map(|call| call.header("authorization")).collect();
        tokens.len()
    }

    /// The times at which the provider refreshed each of the first sessions.
    pub(crate) fn refreshes(&self, sessions: usize) -> Vec<Vec<Instant>> {
        let of = |number| self.provider.refreshes_of(&username(number));
        (0..sessions).map(of).collect()
    }

    /// Waits, within a bound, until something has happened, and returns how long that took.
    pub(crate) async fn until(&self, what: &str, bound: Duration, mut happened: impl AsyncFnMut() -> bool) -> Duration {
        let begun = Instant::now();
        while !happened().await {
            assert!(begun.elapsed() < bound, "not within {bound:?}: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        begun.elapsed()
    }

    /// The outcomes of those sessions that cannot be used. Each session gets the time of `bound` to work again.
    pub(crate) async fn lost(&self, visitors: &[Visitor], bound: Duration) -> Vec<crate::visitor::Said> {
        use crate::visitor::Said;
        let begun = Instant::now();
        let checks = visitors.iter().map(async |visitor| {
            loop {
                match visitor.reread(&self.front).await {
                    Said::Active => return None,
                    Said::Unavailable if begun.elapsed() < bound => {
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    // The answer to the next request has the reason.
                    Said::Ended(_) => return Some(visitor.state(&self.front).await),
                    other => return Some(other),
                }
            }
        });
        futures::future::join_all(checks).await.into_iter().flatten().collect()
    }
}

pub(crate) fn username(number: usize) -> String {
    format!("person-{number}")
}

fn person(number: usize) -> Person {
    let name = username(number);
    Person::new(
        name.clone(),
        "password",
        json!({"name": name, "email": format!("{name}@example.com")}),
    )
}
