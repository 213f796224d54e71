//! The bounds of the records, in time and in number: a provider of a development run may go on for weeks.

use std::collections::{HashMap, HashSet};

use super::Records;
use crate::browser_session::LONGEST;

/// So many records of each kind are kept.
const MOST: usize = 50_000;

/// The records are looked through once for so many codes and access tokens. A look takes milliseconds.
const EVERY: usize = 1_000;

impl Records {
    /// Drops the records that are of no use any more, and the oldest of too many.
    pub(super) fn tidy(&mut self, now: u64) {
        self.issued_since_look += 1;
        if self.issued_since_look >= EVERY {
            self.issued_since_look = 0;
            self.drop_old(now, MOST);
        }
    }

    fn drop_old(&mut self, now: u64, most: usize) {
        self.codes.retain(|_, code| now < code.expires_at);
        self.access_tokens.retain(|_, token| now < token.expires_at);
        self.refresh_tokens
            .retain(|_, token| now < token.grant.auth_time + LONGEST.as_secs());
        drop_first(&mut self.codes, most, |code| code.expires_at);
        drop_first(&mut self.access_tokens, most, |token| token.expires_at);
        // A spent one only raises the alarm.
        drop_first(&mut self.refresh_tokens, most, |token| {
            (!token.spent, token.grant.auth_time)
        });
        let of_refresh_tokens = self.refresh_tokens.values().map(|token| token.grant.id.as_str());
        let of_access_tokens = self.access_tokens.values();
        let of_access_tokens = of_access_tokens.filter_map(|token| token.value.holder.grant_id());
        let known: HashSet<&str> = of_refresh_tokens.chain(of_access_tokens).collect();
        self.revoked.retain(|id| known.contains(id.as_str()));
        keep_last(&mut self.sessions, most);
        keep_last(&mut self.issued, most);
        keep_last(&mut self.refreshes, most);
    }
}

fn drop_first<T, K: Ord>(records: &mut HashMap<String, T>, most: usize, order: impl Fn(&T) -> K) {
    let excess = records.len().saturating_sub(most);
    if excess == 0 {
        return;
    }
    let mut names: Vec<(K, String)> = records
        .iter()
        .map(|(name, record)| (order(record), name.clone()))
        .collect();
    names.sort_unstable();
    for (_, name) in names.into_iter().take(excess) {
        records.remove(&name);
    }
}

fn keep_last<T>(records: &mut Vec<T>, most: usize) {
    records.drain(..records.len().saturating_sub(most));
}

#[cfg(test)]
mod tests;
