//! One contract for two stores. The store in memory and the store in Redis both keep what sessions rely on.

mod events;
mod index;
mod interleavings;
mod listing;
mod moves;
mod records;
mod refresh;
mod stepped;

use crate::redis::Redis;
use bff_clock::{Clock, ManualClock};
use bff_session::key_ring;
use bff_session::store::{
    Lease, MemoryStore, RedisSettings, RedisStore, RefreshStart, SEALED, SealedTokens, Store, Version,
};
use fred::types::config::Config;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

/// A store, and the clock of the store and the test. Redis uses its own clock for expiries.
struct Subject {
    store: Arc<dyn Store>,
    clock: ManualClock,
    redis: Option<(RedisStore, Redis)>,
}

impl Subject {
    fn memory() -> Self {
        let clock = ManualClock::new(OffsetDateTime::now_utc());
        Self {
            store: Arc::new(MemoryStore::new(Arc::new(clock.clone()))),
            clock,
            redis: None,
        }
    }

    async fn redis() -> Self {
        let redis = Redis::start();
        let clock = ManualClock::new(OffsetDateTime::now_utc());
        let store = connect(&redis.url(), clock.clone()).await;
        Self {
            store: Arc::new(store.clone()),
            clock,
            redis: Some((store, redis)),
        }
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    fn in_an_hour(&self) -> OffsetDateTime {
        self.now() + Duration::HOUR
    }

    fn lease(&self, holder: u8) -> Lease {
        Lease {
            holder: [holder; 16],
            now: self.now(),
            until: self.now() + Duration::seconds(10),
        }
    }

    /// This holder begins a refresh of the session, which was read with these tokens.
    async fn begin_refresh(&self, place: &Id, read: &SealedTokens, holder: u8) -> RefreshStart {
        let begun = self.store.begin_refresh(place, read, self.lease(holder)).await;
        begun.expect("the store answers")
    }

    fn record(&self, content: &str) -> Record {
        Record {
            id: Id::default(),
            data: [(SEALED.to_owned(), content.into())].into(),
            expiry_date: self.in_an_hour(),
        }
    }

    /// Creates a session with tokens, as a login does.
    async fn session(&self) -> (Record, SealedTokens) {
        let mut record = self.record(&format!("seal {:?}", Id::default()));
        let tokens = tokens();
        self.store.create(&mut record).await.expect("created");
        let until = self.in_an_hour();
        self.store
            .create_tokens(&record.id, &tokens, until)
            .await
            .expect("created");
        (record, tokens)
    }

    async fn content(&self, id: &Id) -> Option<String> {
        let record = self.store.load(id).await.expect("the store answers")?;
        record.data[SEALED].as_str().map(str::to_owned)
    }
}

async fn connect(url: &str, clock: ManualClock) -> RedisStore {
    let settings = RedisSettings {
        config: Config::from_url(url).expect("an address of a Redis"),
        connections: 4,
        timeout: std::time::Duration::from_secs(2),
    };
    RedisStore::connect(&settings, Arc::new(clock)).await.expect("connects")
}

/// The version by which a change names this record.
fn version(record: &Record) -> Version {
    Version::of(record).expect("a seal")
}

/// Sealed tokens, which differ from call to call.
fn tokens() -> SealedTokens {
    SealedTokens(key_ring::random::<200>().to_vec())
}

/// Makes two tests of each contract, one for each store.
macro_rules! both {
    ($($contract:ident),+ $(,)?) => {
        $(mod $contract {
            #[tokio::test]
            async fn in_memory() {
                super::$contract(&super::super::Subject::memory()).await;
            }

            #[tokio::test]
            async fn in_redis() {
                let subject = super::super::Subject::redis().await;
                super::$contract(&subject).await;
                if let Some((store, _)) = &subject.redis {
                    store.close().await;
                }
            }
        })+
    };
}
pub(crate) use both;
