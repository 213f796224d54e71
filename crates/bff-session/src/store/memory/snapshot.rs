//! The content of a store as bytes, so that the sessions of a development run survive a restart.

use super::{Content, MemoryStore};
use bff_clock::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

impl MemoryStore {
    /// The store of an earlier process, from its [`snapshot`](Self::snapshot). None where the bytes are none. A refresh
    /// that was under way is forgotten.
    #[must_use]
    pub fn restored(snapshot: &[u8], clock: Arc<dyn Clock>) -> Option<Self> {
        let content: Content = rmp_serde::from_slice(snapshot).ok()?;
        Some(Self {
            content: Arc::new(Mutex::new(content)),
            ..Self::new(clock)
        })
    }

    /// The records that have not expired. They are sealed, as they are in the store.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        // Not by `content`: that would be a use of the store.
        let mut content = self.content.lock().unwrap_or_else(PoisonError::into_inner);
        content.sweep(self.clock.now());
        rmp_serde::to_vec(&*content).unwrap_or_default()
    }

    /// Is told whenever the store is used, which may have changed it. One task may wait for it.
    #[must_use]
    pub fn used(&self) -> Arc<Notify> {
        self.used.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Lease, Remains, SealedTokens, SessionIndex, Store, TokenStore};
    use bff_clock::ManualClock;
    use time::OffsetDateTime;
    use tower_sessions::SessionStore;
    use tower_sessions::session::{Id, Record};

    #[tokio::test]
    async fn a_snapshot_restores_all_that_was_there_and_is_not_over() {
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
        let store = MemoryStore::new(Arc::new(clock.clone()));
        let until = clock.now() + time::Duration::hours(1);
        let mut record = Record {
            id: Id(i128::MIN),
            data: [("s".to_owned(), "sealed".into())].into(),
            expiry_date: until,
        };
        let (ended, key, browser) = (Id(-2), Id(3), Id(4));
        let tokens = SealedTokens(vec![7; 300]);
        store.create(&mut record).await.expect("created");
        store.create_tokens(&record.id, &tokens, until).await.expect("created");
        let lease = Lease {
            holder: [1; 16],
            now: clock.now(),
            until,
        };
        store.begin_refresh(&record.id, &tokens, lease).await.expect("begun");
        store.create_tokens(&ended, &tokens, until).await.expect("created");
        store.end(&ended, "signed out", until).await.expect("ended");
        store.enter(&key, &record.id, until).await.expect("entered");
        store.spend(&browser, until).await.expect("spent");
        store.hold(&browser, &record.id, until).await.expect("held");
        let short = clock.now() + time::Duration::minutes(1);
        store.spend(&key, short).await.expect("spent");
        clock.advance(std::time::Duration::from_mins(2));

        let store = MemoryStore::restored(&store.snapshot(), Arc::new(clock.clone())).expect("a snapshot");
        assert_eq!(store.load(&record.id).await.expect("read"), Some(record.clone()));
        assert_eq!(store.tokens(&record.id).await.expect("read"), Some(tokens.clone()));
        let begun = store.begin_refresh(&record.id, &tokens, lease).await.expect("begun");
        assert_eq!(begun, crate::store::RefreshStart::Begun, "nobody refreshes any more");
        assert_eq!(
            store.remains(&ended).await.expect("read"),
            Remains::Ended("signed out".to_owned())
        );
        assert_eq!(store.members(&key).await.expect("read"), [record.id]);
        assert!(store.is_spent(&browser).await.expect("read") && !store.is_spent(&key).await.expect("read"));
        let held = store.hold(&browser, &ended, until).await.expect("held");
        assert_eq!(held, Some(record.id));
    }

    #[test]
    fn bytes_that_are_no_snapshot_restore_nothing() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(OffsetDateTime::UNIX_EPOCH));
        for bytes in [&b""[..], b"{}", &[0x90], &[0xff; 100]] {
            assert!(MemoryStore::restored(bytes, clock.clone()).is_none(), "{bytes:?}");
        }
    }
}
