//! Sessions by the thousand, written by the server's own library as by another replica.

use super::redis::Redis;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_clock::{Clock, ManualClock, SystemClock};
use bff_session::key_ring::KeyRing;
use bff_session::store::{RedisSettings, RedisStore};
use bff_session::{
    CodeFlow, Cursor, Identity, Lifetime, ListedSessions, NewSession, SeenFrom, SessionId, Sessions, TokenRecord,
};
use fred::types::config::Config;
use futures::stream::{self, StreamExt};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// Another replica, without a server.
pub(crate) struct Writer {
    sessions: Sessions,
    clock: Arc<dyn Clock>,
}

impl Writer {
    pub(crate) async fn new(redis: &str, key: &str) -> Self {
        Self::with_clock(redis, key, Arc::new(SystemClock)).await
    }

    async fn with_clock(redis: &str, key: &str, clock: Arc<dyn Clock>) -> Self {
        let settings = RedisSettings {
            config: Config::from_url(redis).expect("an address"),
            connections: 4,
            timeout: Duration::from_secs(10),
        };
        let store = RedisStore::connect(&settings, clock.clone()).await.expect("settings");
        let keys = Arc::new(KeyRing::parse(key).expect("a key"));
        let lifetime = Lifetime {
            idle: time::Duration::minutes(30),
            absolute: time::Duration::hours(8),
        };
        let sessions = Sessions::new(Arc::new(store), keys, lifetime, clock.clone());
        Self { sessions, clock }
    }

    /// A page of the list of all sessions.
    pub(crate) async fn page(&self, after: Option<Cursor>, count: usize) -> ListedSessions {
        self.sessions.all(after, count).await.expect("a page")
    }

    /// A session with 1.5 KB of tokens; each number is another person.
    pub(crate) async fn establish(&self, number: usize) -> SessionId {
        let now = self.clock.now();
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
            account: None,
            left_out: bff_session::LeftOut::default(),
            browser: None,
            only_in_id_token: Vec::new(),
            seen_from: SeenFrom {
                user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                address: Some([203, 0, 113, 9].into()),
            },
            vouched_at: now,
            authenticated_at: Some(now),
            acr: None,
            code_flow: Some(code_flow(now)),
        };
        let tokens = TokenRecord {
            access_token: token(700),
            id_token: token(750),
            refresh_token: Some(token(50)),
            obtained_at: now,
            expires_at: Some(now + time::Duration::HOUR),
            scope: "openid profile email offline_access".to_owned(),
            dpop_key: None,
            authenticated_at: None,
        };
        self.sessions.establish(new, &tokens).await.expect("a session")
    }
}

/// The steps of an ordinary sign-in.
fn code_flow(now: OffsetDateTime) -> CodeFlow {
    CodeFlow {
        begun_at: now - time::Duration::seconds(12),
        took: Duration::from_secs(12),
        state_length: 612,
        at_provider: Duration::from_millis(11_900),
        code_length: 43,
        iss: true,
        client_authentication: "client_secret_basic".to_owned(),
        token_request: Duration::from_millis(48),
        dpop: false,
        algorithm: "RS256".to_owned(),
        at_hash: true,
        id_token_checks: Duration::from_millis(1),
        userinfo: Some(Duration::from_millis(21)),
        refreshes: Vec::new(),
    }
}

/// How far ahead of the time the sessions of [`fill`] were last seen. That they are used is written down once a minute, so
/// a request would cost a write or not by how long ago they were filled: for as long as this, none does.
const AHEAD: time::Duration = time::Duration::hours(2);

/// Sessions that are written at once by each thread.
const AT_ONCE: usize = 256;

/// As many sessions, and the ids in their cookies. All cores seal.
pub(crate) async fn fill(redis: &Redis, key: &str, count: usize) -> Vec<String> {
    let (redis, key) = (redis.url(), key.to_owned());
    let filled = tokio::task::spawn_blocking(move || crate::runtime(true).block_on(fill_here(redis, key, count)));
    filled.await.expect("sessions")
}

async fn fill_here(redis: String, key: String, count: usize) -> Vec<String> {
    let clock = ManualClock::new(OffsetDateTime::now_utc() + AHEAD);
    let writer = Arc::new(Writer::with_clock(&redis, &key, Arc::new(clock)).await);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let shares = (0..threads).map(|share| {
        let writer = writer.clone();
        tokio::spawn(async move {
            let ids = stream::iter((share..count).step_by(threads)).map(|number| {
                let writer = writer.clone();
                async move { writer.establish(number).await.to_text().to_string() }
            });
            ids.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await
        })
    });
    let mut all = Vec::with_capacity(count);
    for share in shares.collect::<Vec<_>>() {
        all.extend(share.await.expect("sessions"));
    }
    all
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
