//! Sessions in Redis: tower-sessions-redis-store on a fred pool whose waits all have a bound.
//!
//! fred's `default-nil-types` is on (Cargo.toml): without it the store's `SET .. XX` answers a
//! parse error, not "nothing to change", when the session was ended meanwhile.
//!
//! A session's keys share a hash tag, so that one script can change them together in a cluster:
//!
//! | key | what |
//! |---|---|
//! | `<place>` | the session record, in the form of tower-sessions-redis-store |
//! | `{<place>}:tokens` | the sealed tokens |
//! | `{<place>}:refresh` | who is refreshing them, while somebody is |
//! | `{<place>}:ended` | why the session ended, for a day or until its person wants to see it no more |
//! | `{<key>}:sessions`, `{<key>}:retired` | the index by person and by the provider's session |
//! | `spent:<id>` | a login or a logout token that was used |

mod connection;
mod diagnosis;
mod index;
mod local_copy;
mod news;
mod script;
mod tokens;

use super::{Change, Found, News, Open, Remains, SessionNews, Store, StoreError, Version};
use crate::clock::Clock;
use async_trait::async_trait;
pub use diagnosis::{RedisDiagnosis, diagnose};
use fred::clients::{Pool, SubscriberClient, WithOptions};
use fred::interfaces::{ClientLike, KeysInterface};
use fred::types::config::Config;
use fred::types::{Expiration, SetOptions, Value};
use local_copy::LocalCopy;
pub(crate) use script::Script;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};
use tower_sessions_redis_store::RedisStore as Records;

/// How to reach Redis.
#[derive(Clone)]
pub struct RedisSettings {
    /// The address, already read from `BFF_REDIS_URL`: `redis:`, `rediss:`, `redis-sentinel:`,
    /// `redis-cluster:` or `redis+unix:`.
    pub config: Config,
    /// How many connections one replica holds.
    pub connections: usize,
    /// How long a command may take, the wait for a connection included.
    pub timeout: Duration,
    /// Whether records that were read are copied into this process's memory until Redis says that they changed.
    pub local_copy: bool,
}

impl RedisSettings {
    /// Whether every address is of this machine: a socket, or loopback.
    #[must_use]
    pub fn stays_here(&self) -> bool {
        let server = &self.config.server;
        server.is_unix_socket()
            || server.hosts().iter().all(|server| {
                let host = server.host.trim_start_matches('[').trim_end_matches(']');
                host == "localhost"
                    || host
                        .parse()
                        .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
            })
    }
}

impl std::fmt::Debug for RedisSettings {
    /// Without the configuration: fred's own form shows the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RedisSettings")
            .field("connections", &self.connections)
            .field("timeout", &self.timeout)
            .field("local_copy", &self.local_copy)
            .finish_non_exhaustive()
    }
}

/// Connections whose waits all have a bound.
pub(crate) type Commands = WithOptions<Pool>;

/// A store in Redis. Clones share their connections.
#[derive(Clone, Debug)]
pub struct RedisStore {
    records: Records<Commands>,
    commands: Commands,
    subscriber: SubscriberClient,
    local_copy: Option<LocalCopy>,
    news: SessionNews,
    clock: Arc<dyn Clock>,
}

impl RedisStore {
    /// Connects, and waits for it no longer than for a command. Redis may be away now and come
    /// later: the pool goes on trying for as long as the process lives.
    ///
    /// # Errors
    ///
    /// Where the settings contradict themselves.
    pub async fn connect(settings: &RedisSettings, clock: Arc<dyn Clock>) -> Result<Self, fred::error::Error> {
        let news = SessionNews::default();
        let local_copy = if settings.local_copy {
            Some(LocalCopy::connect(settings)?)
        } else {
            None
        };
        let audience = news::Audience {
            news: news.clone(),
            local_copy: local_copy.clone(),
        };
        let (commands, subscriber) = connection::connect(settings, audience).await?;
        Ok(Self {
            records: Records::new(commands.clone()),
            commands,
            subscriber,
            local_copy,
            news,
            clock,
        })
    }

    /// The connections, for what else is kept there.
    pub(crate) fn commands(&self) -> &Commands {
        &self.commands
    }

    /// Closes the connections, commands under way first.
    pub async fn close(&self) {
        let mut closed = vec![self.commands.quit().await, self.subscriber.quit().await];
        if let Some(copy) = &self.local_copy {
            closed.push(copy.close().await);
        }
        for error in closed.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "closing the connections to Redis");
        }
    }

    /// This replica has changed a record, or tried to and does not know.
    fn changed(&self, place: &Id) {
        if let Some(copy) = &self.local_copy {
            copy.forget(place);
        }
    }
}

/// Keys: session. Arguments: the head of the seal that is to be there, the new record, its end, channel, news (or none).
/// The head is looked for in the record's bytes, where it stands as it is. A Redis user who may not publish there changes
/// the record all the same: the news is missed, and nothing is undone by a script that fails after it has written.
const REPLACE: Script = Script(
    "local record = redis.call('GET', KEYS[1])
if not record or not string.find(record, ARGV[1], 1, true) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EXAT', ARGV[3])
if ARGV[5] ~= '' then redis.pcall('PUBLISH', ARGV[4], ARGV[5]) end
return 1",
);

/// Keys: session, tokens, refresh, ended. Arguments: why, how long that is kept, channel, place.
const END: Script = Script(
    "if redis.call('DEL', KEYS[1], KEYS[2], KEYS[3]) == 0 then return 0 end
redis.call('SET', KEYS[4], ARGV[1], 'EXAT', ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1",
);

/// Keys: ended, tokens. 1 with why the session ended, 2 where only its tokens are left, 0.
const REMAINS: Script = Script(
    "local ended = redis.call('GET', KEYS[1])
if ended then return {1, ended} end
return {redis.call('EXISTS', KEYS[2]) * 2, ''}",
);

fn tokens_key(place: &Id) -> String {
    format!("{{{place}}}:tokens")
}

fn refresh_key(place: &Id) -> String {
    format!("{{{place}}}:refresh")
}

fn ended_key(place: &Id) -> String {
    format!("{{{place}}}:ended")
}

fn spent_key(place: &Id) -> String {
    format!("spent:{place}")
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec().into())
}

fn seconds(time: OffsetDateTime) -> Value {
    time.unix_timestamp().into()
}

fn millis(time: OffsetDateTime) -> Value {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000)
        .unwrap_or(i64::MAX)
        .into()
}

pub(crate) fn away(error: &fred::error::Error) -> StoreError {
    StoreError::Away(session_store::Error::Backend(error.to_string()))
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.records.create(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let saved = self.records.save(record).await;
        self.changed(&record.id);
        saved
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.records.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let deleted = self.records.delete(id).await;
        self.changed(id);
        deleted
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn read(&self, place: &Id, open: Open<'_>) -> session_store::Result<Found> {
        if let Some(copy) = &self.local_copy
            && let Some(found) = copy.read(place, open).await
        {
            return found;
        }
        Ok(Found::open(self.load(place).await?, place, open))
    }

    async fn replace(&self, before: &Version, after: &Record, news: Option<Change>) -> Result<bool, StoreError> {
        // The form in which tower-sessions-redis-store reads it.
        let record = rmp_serde::to_vec(after)
            .map_err(|error| StoreError::Away(session_store::Error::Encode(error.to_string())))?;
        let news = news.map(|change| news::message(&before.place, change));
        let arguments = vec![
            before.head().into(),
            bytes(&record),
            seconds(after.expiry_date),
            news::CHANGED.into(),
            news.unwrap_or_default().into(),
        ];
        let replaced = REPLACE
            .run(&self.commands, &[before.place.to_string()], arguments)
            .await;
        // Also where it was not replaced: then a copy was the reason.
        self.changed(&before.place);
        replaced
    }

    async fn end(&self, place: &Id, why: &str, until: OffsetDateTime) -> Result<bool, StoreError> {
        let keys = [
            place.to_string(),
            tokens_key(place),
            refresh_key(place),
            ended_key(place),
        ];
        let arguments = vec![why.into(), seconds(until), news::ENDED.into(), place.to_string().into()];
        let ended = END.run(&self.commands, &keys, arguments).await;
        self.changed(place);
        let ended = ended?;
        // Here at once, there when Redis has passed it on.
        self.news.tell(*place, News::Ended);
        Ok(ended)
    }

    async fn remains(&self, place: &Id) -> Result<Remains, StoreError> {
        let keys = [ended_key(place), tokens_key(place)];
        let (what, why): (i64, String) = REMAINS.run(&self.commands, &keys, Vec::new()).await?;
        Ok(match what {
            1 => Remains::Ended(why),
            2 => Remains::Tokens,
            _ => Remains::Nothing,
        })
    }

    async fn forget_end(&self, place: &Id) -> Result<(), StoreError> {
        let forgotten = self.commands.del::<(), _>(ended_key(place)).await;
        forgotten.map_err(|error| away(&error))
    }

    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError> {
        let expire = Some(Expiration::EXAT(until.unix_timestamp()));
        let first: Option<String> = self
            .commands
            .set(spent_key(place), "", expire, Some(SetOptions::NX), false)
            .await
            .map_err(|error| away(&error))?;
        Ok(first.is_some())
    }

    async fn is_spent(&self, place: &Id) -> Result<bool, StoreError> {
        let found: i64 = self
            .commands
            .exists(spent_key(place))
            .await
            .map_err(|error| away(&error))?;
        Ok(found > 0)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.commands.ping::<()>(None).await.map_err(|error| away(&error))
    }

    fn news(&self) -> &SessionNews {
        &self.news
    }
}
