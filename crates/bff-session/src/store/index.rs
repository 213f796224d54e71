//! The contract of the index: which sessions a person has, which belong to a session of the provider's, and which there
//! are at all.
//!
//! An entry may be stale, never wrong: the record that it leads to is read and compared before it is used.

use super::StoreError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// The content of a key once a session was entered there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// How many sessions there are, this one among them. Some may have ended by themselves.
    pub count: usize,
    /// The time up to which all sessions under the key have been ended, if that ever happened.
    pub retired: Option<OffsetDateTime>,
}

/// The order of a session in a list of all sessions: the later it began, the higher. Sessions of the same second differ by
/// their places.
///
/// It is at most 2^53, the largest whole number that Redis keeps exactly as a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Rank(u64);

impl Rank {
    /// Above every session.
    pub const HIGHEST: Self = Self(1 << 53);

    /// So many bits tell the sessions of one second apart.
    const OF_A_SECOND: u32 = 20;

    /// The rank of the session at `place` that began then.
    #[must_use]
    pub fn of(began: OffsetDateTime, place: &Id) -> Self {
        let [one, two, three, ..] = place.0.to_le_bytes();
        let drawn = u64::from(u32::from_le_bytes([one, two, three, 0])) >> (24 - Self::OF_A_SECOND);
        Self((Self::first_of(began).0 + drawn).min(Self::HIGHEST.0))
    }

    /// The lowest rank of a session that began in this second.
    #[must_use]
    pub fn first_of(second: OffsetDateTime) -> Self {
        let seconds = u64::try_from(second.unix_timestamp()).unwrap_or(0);
        Self(seconds.min(Self::HIGHEST.0 >> Self::OF_A_SECOND) << Self::OF_A_SECOND)
    }

    /// The number in decimal digits.
    #[must_use]
    pub fn to_text(self) -> String {
        self.0.to_string()
    }

    /// The rank that [`Rank::to_text`] has written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.parse().ok()?;
        (number <= Self::HIGHEST.0).then_some(Self(number))
    }
}

/// A session in a list of all sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its order.
    pub rank: Rank,
    /// Its place.
    pub member: Id,
}

impl Listing {
    /// By this, listings are sorted: no two sessions have the same.
    #[must_use]
    pub fn order(&self) -> (Rank, i128) {
        (self.rank, self.member.0)
    }
}

/// The index of a store, which finds sessions by something else than their id.
#[async_trait]
pub trait SessionIndex {
    /// Enters the session at `member` under `key` until `until`, and returns the content of the key then, the time up to
    /// which everything has been ended included ([`SessionIndex::retire`]). Both are one step: of a login and a logout in
    /// the same instant, one sees the other. Every replica hears of it ([`Change::Listed`](super::Change::Listed)).
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn enter(&self, key: &Id, member: &Id, until: OffsetDateTime) -> Result<Entered, StoreError>;

    /// The time up to which everything under `key` has been ended, if that ever happened.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn retired(&self, key: &Id) -> Result<Option<OffsetDateTime>, StoreError>;

    /// The sessions under `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn members(&self, key: &Id) -> Result<Vec<Id>, StoreError>;

    /// Remembers until `until` that every sign-in under `key` at `at` or earlier is over. Times are whole seconds;
    /// an earlier `at` than before changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn retire(&self, key: &Id, at: OffsetDateTime, until: OffsetDateTime) -> Result<(), StoreError>;

    /// Removes sessions from the list under `key`, in one command; no command for an empty list. Every replica hears of it
    /// where one of them was there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn leave(&self, key: &Id, members: &[Id]) -> Result<(), StoreError>;

    /// Enters a session in a list of all sessions. Removes all entries below `over` from it, keeps it until `until` at least,
    /// and returns the time up to which everything in it has been ended ([`SessionIndex::retire`] of `list`). It is one step,
    /// as that of [`SessionIndex::enter`] is. A session that is there already is there once.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn list(
        &self,
        list: &Id,
        entry: &Listing,
        over: Rank,
        until: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError>;

    /// At most `count` sessions of a list, from this rank on downwards, the highest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn listed(&self, list: &Id, from: Rank, count: usize) -> Result<Vec<Listing>, StoreError>;

    /// Removes sessions from a list, in one command; no command for an empty list of entries.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    async fn unlist(&self, list: &Id, entries: &[Listing]) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn a_later_session_has_a_higher_rank_whatever_its_place() {
        let began = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let (lowest, highest) = (Id(0), Id(-1));
        assert_eq!(Rank::of(began, &lowest), Rank::first_of(began));
        assert!(Rank::of(began, &highest) < Rank::of(began + Duration::SECOND, &lowest));
        assert!(Rank::of(began, &lowest) < Rank::of(began, &highest));
        assert!(Rank::of(began, &highest) < Rank::HIGHEST);
        assert_eq!(
            Rank::first_of(OffsetDateTime::UNIX_EPOCH - Duration::DAY).to_text(),
            "0"
        );
    }

    #[test]
    fn a_rank_is_read_as_it_was_written() {
        let rank = Rank::of(OffsetDateTime::UNIX_EPOCH + Duration::days(20_000), &Id(i128::MAX));
        assert_eq!(Rank::parse(&rank.to_text()), Some(rank));
        for other in ["", "-1", "1.5", "9007199254740993", "x"] {
            assert_eq!(Rank::parse(other), None, "{other}");
        }
    }
}
