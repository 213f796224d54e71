//! The index in memory.

use super::super::{Change, Entered, Listing, Rank, SessionEvent, SessionIndex, StoreError};
use super::{Content, MemoryStore, Until};
use async_trait::async_trait;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use tower_sessions::session::Id;

fn live_members(content: &Content, key: &Id, now: OffsetDateTime) -> Vec<Id> {
    let members = content.index.get(key).into_iter().flatten();
    members
        .filter(|(_, until)| **until > now)
        .map(|(member, _)| *member)
        .collect()
}

fn retired(content: &Content, key: &Id, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let retired = content.retired.get(key);
    retired.and_then(|Until(until, at)| (*until > now).then_some(*at))
}

#[async_trait]
impl SessionIndex for MemoryStore {
    async fn enter(&self, key: &Id, member: &Id, until: OffsetDateTime) -> Result<Entered, StoreError> {
        let now = self.clock.now();
        let mut content = self.content();
        content.index.entry(*key).or_default().insert(*member, until);
        let entered = Entered {
            count: live_members(&content, key, now).len(),
            retired: retired(&content, key, now),
        };
        drop(content);
        self.events.tell(*key, SessionEvent::Changed(Change::Listed));
        Ok(entered)
    }

    async fn retired(&self, key: &Id) -> Result<Option<OffsetDateTime>, StoreError> {
        Ok(retired(&self.content(), key, self.clock.now()))
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

    async fn leave(&self, key: &Id, members: &[Id]) -> Result<(), StoreError> {
        let mut content = self.content();
        let mut has_left = false;
        if let Some(entered) = content.index.get_mut(key) {
            let before = entered.len();
            entered.retain(|member, _| !members.contains(member));
            has_left = entered.len() < before;
        }
        drop(content);
        if has_left {
            self.events.tell(*key, SessionEvent::Changed(Change::Listed));
        }
        Ok(())
    }

    async fn list(
        &self,
        list: &Id,
        entry: &Listing,
        over: Rank,
        until: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let mut content = self.content();
        let Until(kept_until, entries) = content
            .lists
            .entry(*list)
            .or_insert_with(|| Until(until, BTreeSet::new()));
        *kept_until = until.max(*kept_until);
        *entries = entries.split_off(&(over, i128::MIN));
        entries.insert(entry.order());
        Ok(retired(&content, list, self.clock.now()))
    }

    async fn listed(&self, list: &Id, from: Rank, count: usize) -> Result<Vec<Listing>, StoreError> {
        let content = self.content();
        let Some(Until(_, entries)) = content.lists.get(list) else {
            return Ok(Vec::new());
        };
        let below = entries.range(..=(from, i128::MAX)).rev().take(count);
        Ok(below
            .map(|(rank, member)| Listing {
                rank: *rank,
                member: Id(*member),
            })
            .collect())
    }

    async fn unlist(&self, list: &Id, entries: &[Listing]) -> Result<(), StoreError> {
        if let Some(Until(_, listed)) = self.content().lists.get_mut(list) {
            for entry in entries {
                listed.remove(&entry.order());
            }
        }
        Ok(())
    }
}
