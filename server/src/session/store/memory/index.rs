//! The index in memory.

use super::super::{SessionIndex, StoreError};
use super::{Content, MemoryStore, Until};
use async_trait::async_trait;
use time::OffsetDateTime;
use tower_sessions::session::Id;

fn live_members(content: &Content, key: &Id, now: OffsetDateTime) -> Vec<Id> {
    let members = content.index.get(key).into_iter().flatten();
    members
        .filter(|(_, until)| **until > now)
        .map(|(member, _)| *member)
        .collect()
}

#[async_trait]
impl SessionIndex for MemoryStore {
    async fn enter(&self, key: &Id, member: &Id, until: OffsetDateTime) -> Result<Option<OffsetDateTime>, StoreError> {
        self.content().index.entry(*key).or_default().insert(*member, until);
        self.retired(key).await
    }

    async fn retired(&self, key: &Id) -> Result<Option<OffsetDateTime>, StoreError> {
        let now = self.clock.now();
        let content = self.content();
        let retired = content.retired.get(key);
        Ok(retired.and_then(|Until(until, at)| (*until > now).then_some(*at)))
    }

    async fn members(&self, key: &Id) -> Result<Vec<Id>, StoreError> {
        Ok(live_members(&self.content(), key, self.clock.now()))
    }

    async fn retire(&self, key: &Id, at: OffsetDateTime, until: OffsetDateTime) -> Result<(), StoreError> {
        let mut content = self.content();
        let at = match content.retired.get(key) {
            Some(Until(_, earlier)) => at.max(*earlier),
            None => at,
        };
        content.retired.insert(*key, Until(until, at));
        Ok(())
    }

    async fn leave(&self, key: &Id, member: &Id) -> Result<(), StoreError> {
        if let Some(members) = self.content().index.get_mut(key) {
            members.remove(member);
        }
        Ok(())
    }
}
