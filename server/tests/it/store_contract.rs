//! One contract, two stores: what sessions rely on holds in memory as in Redis.

use crate::redis::Redis;
use server::clock::SystemClock;
use server::config::{Config, Source, StoreSettings};
use server::key_ring::KeyRing;
use server::session::store::{MemoryStore, RedisStore, Store};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

fn record(content: &str) -> Record {
    Record {
        id: Id::default(),
        data: [("content".to_owned(), content.into())].into(),
        expiry_date: OffsetDateTime::now_utc() + Duration::HOUR,
    }
}

async fn content(store: &dyn Store, id: &Id) -> Option<String> {
    let record = store.load(id).await.expect("the store answers")?;
    record.data["content"].as_str().map(str::to_owned)
}

async fn holds_the_contract(store: &dyn Store) {
    let mut first = record("first");
    store.create(&mut first).await.expect("created");
    assert_eq!(content(store, &first.id).await.as_deref(), Some("first"));

    let mut second = Record {
        id: first.id,
        ..record("second")
    };
    store.create(&mut second).await.expect("created");
    assert_ne!(second.id, first.id, "create never overwrites: it takes another place");
    assert_eq!(content(store, &first.id).await.as_deref(), Some("first"));

    let changed = Record {
        id: first.id,
        ..record("changed")
    };
    store.save(&changed).await.expect("saved");
    assert_eq!(content(store, &first.id).await.as_deref(), Some("changed"));

    store.delete(&first.id).await.expect("deleted");
    store.delete(&first.id).await.expect("deleting twice is fine");
    assert_eq!(content(store, &first.id).await, None);
    store.save(&changed).await.expect("a late write is no error");
    assert_eq!(
        content(store, &first.id).await,
        None,
        "invariant 3: and brings nothing back"
    );

    let mut over = Record {
        expiry_date: OffsetDateTime::now_utc() - Duration::SECOND,
        ..record("over")
    };
    store.create(&mut over).await.expect("created");
    assert_eq!(content(store, &over.id).await, None, "what has expired is not there");

    let (place, until) = (Id::default(), OffsetDateTime::now_utc() + Duration::HOUR);
    assert!(store.spend(&place, until).await.expect("answers"), "the first use");
    assert!(!store.spend(&place, until).await.expect("answers"), "and no second one");
    let spend = || store.spend(&first.id, until);
    let (one, two, three, four) = tokio::join!(spend(), spend(), spend(), spend());
    let firsts = [one, two, three, four]
        .into_iter()
        .filter(|answer| matches!(answer, Ok(true)))
        .count();
    assert_eq!(firsts, 1, "one of many at once");
    store.ping().await.expect("it lives");
}

#[tokio::test]
async fn the_store_in_memory_holds_the_contract() {
    holds_the_contract(&MemoryStore::new(Arc::new(SystemClock))).await;
}

#[tokio::test]
async fn the_store_in_redis_holds_the_contract() {
    let redis = Redis::start();
    let environment = [
        ("BFF_PUBLIC_URL", "https://app.example.com"),
        ("BFF_ISSUER", "https://op.example.com"),
        ("BFF_CLIENT_ID", "bff"),
        ("BFF_CLIENT_SECRET", "secret"),
        ("BFF_REDIS_URL", &redis.url()),
        ("BFF_SESSION_KEY", &KeyRing::new_key()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::read(Source::collect(environment, None)).expect("settings");
    let StoreSettings::Redis(settings) = config.session.store else {
        panic!("Redis")
    };
    let store = RedisStore::connect(&settings).await.expect("connects");
    holds_the_contract(&store).await;
    store.close().await;
}
