//! Refresh tokens: spent once, or good until revoked (RFC 6749 §6, RFC 9700 §4.14.2).

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::{Grant, Grants};
use crate::random::random_value;

#[derive(Clone, Deserialize, Serialize)]
pub(super) struct RefreshToken {
    pub(super) grant: Grant,
    pub(super) spent: bool,
}

/// Why a refresh token gets nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RefreshRefusal {
    /// It was never issued.
    Unknown,
    /// Its grant was revoked.
    Revoked,
    /// It was spent before, so that somebody has a copy. Its grant is revoked by this.
    Reused,
}

impl Grants {
    pub(crate) fn issue_refresh_token(&self, grant: Grant) -> String {
        let token = random_value();
        let mut records = self.records();
        let fresh = RefreshToken { grant, spent: false };
        records.refresh_tokens.insert(token.clone(), fresh);
        records.issued.push(token.clone());
        token
    }

    /// The grant of the refresh token. Where tokens are rotated, this uses the token up.
    pub(crate) fn refresh_token(&self, token: &str, rotate: bool) -> Result<Grant, RefreshRefusal> {
        let records = &mut *self.records();
        let token = records.refresh_tokens.get_mut(token).ok_or(RefreshRefusal::Unknown)?;
        if token.spent {
            records.reuse_alarms += 1;
            records.revoked.insert(token.grant.id.clone());
            return Err(RefreshRefusal::Reused);
        }
        if records.revoked.contains(&token.grant.id) {
            return Err(RefreshRefusal::Revoked);
        }
        token.spent = rotate;
        Ok(token.grant.clone())
    }

    /// How many good refresh tokens a person's grants have.
    pub(crate) fn refresh_tokens_of(&self, username: &str) -> usize {
        let records = self.records();
        let of_person = records
            .refresh_tokens
            .values()
            .filter(|token| token.grant.username == username);
        of_person
            .filter(|token| !token.spent && !records.revoked.contains(&token.grant.id))
            .count()
    }

    /// Counts a refresh that was granted.
    pub(crate) fn note_refresh(&self, username: &str) {
        let records = &mut *self.records();
        records.refreshed += 1;
        records.refreshes.push((username.to_owned(), Instant::now()));
    }

    /// How many refreshes were granted.
    pub(crate) fn refreshes(&self) -> usize {
        self.records().refreshed
    }

    /// When a person's refreshes were granted, oldest first.
    pub(crate) fn refreshes_of(&self, username: &str) -> Vec<Instant> {
        let records = self.records();
        let of_person = records.refreshes.iter().filter(|(name, _)| name == username);
        of_person.map(|(_, at)| *at).collect()
    }

    /// How often a spent refresh token came again.
    pub(crate) fn reuse_alarms(&self) -> usize {
        self.records().reuse_alarms
    }
}
