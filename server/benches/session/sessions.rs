//! Sessions by the thousand, written by the server's own library as by another replica.

use super::redis::Redis;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use fred::types::config::Config;
use futures::stream::{self, StreamExt};
use secrecy::SecretString;
use serde_json::json;
use server::clock::SystemClock;
use server::key_ring::KeyRing;
use server::session::store::{RedisSettings, RedisStore};
use server::session::{Ending, Identity, Lifetime, NewSession, SeenFrom, SessionId, Sessions, TokenRecord};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// Another replica, without a server.
pub(crate) struct Writer(Sessions);

impl Writer {
    pub(crate) async fn new(redis: &Redis, key: &str) -> Self {
        let settings = RedisSettings {
            config: Config::from_url(&redis.url()).expect("an address"),
            connections: 4,
            timeout: Duration::from_secs(10),
            local_copy: false,
        };
        let clock = Arc::new(SystemClock);
        let store = RedisStore::connect(&settings, clock.clone()).await.expect("settings");
        let keys = Arc::new(KeyRing::parse(key).expect("a key"));
        let lifetime = Lifetime {
            idle: time::Duration::minutes(30),
            absolute: time::Duration::hours(8),
        };
        Self(Sessions::new(Arc::new(store), keys, lifetime, clock))
    }

    /// A session with 1.5 KB of tokens; each number is another person.
    pub(crate) async fn establish(&self, number: usize) -> SessionId {
        let now = OffsetDateTime::now_utc();
        let claims = json!({
            "sub": format!("person-{number:07}"), "name": "Alice Example", "given_name": "Alice",
            "family_name": "Example", "preferred_username": "alice", "email": "alice@example.com",
            "email_verified": true,
        });
        let identity = Identity {
            issuer: "https://login.example.com".to_owned(),
            subject: format!("person-{number:07}"),
            provider_session: Some(format!("provider-session-{number:07}")),
        };
        let new = NewSession {
            identity,
            claims: claims.as_object().cloned().unwrap_or_default(),
            roles: vec!["viewer".to_owned()],
            seen_from: SeenFrom {
                user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                address: Some([203, 0, 113, 9].into()),
            },
            vouched_at: now,
        };
        let tokens = TokenRecord {
            access_token: token(700),
            id_token: token(750),
            refresh_token: Some(token(50)),
            obtained_at: now,
            expires_at: Some(now + time::Duration::HOUR),
            scope: "openid profile email offline_access".to_owned(),
        };
        self.0.establish(new, &tokens).await.expect("a session")
    }

    /// As many sessions, and the ids in their cookies.
    pub(crate) async fn fill(&self, count: usize) -> Arc<Vec<String>> {
        let ids =
            stream::iter(0..count).map(|number| async move { self.establish(number).await.to_text().to_string() });
        Arc::new(ids.buffer_unordered(512).collect().await)
    }

    pub(crate) async fn end(&self, id: &SessionId) {
        let ended = self.0.end(id, Ending::Elsewhere).await.expect("Redis answers");
        assert!(ended.is_some(), "there was a session");
    }
}

/// A token of this length: a JWT, whose bytes nobody can foresee.
fn token(length: usize) -> SecretString {
    let part = |characters: usize| {
        let bytes: Vec<u8> = (0..characters * 3 / 4).map(|_| rand::random()).collect();
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let text = format!("{}.{}.{}", part(length / 8), part(length / 2), part(length * 3 / 8));
    text.into()
}
