//! A place in the list of all sessions.

use crate::record::UserSession;
use crate::store::{Listing, Rank};
use std::cmp::Ordering;
use tower_sessions::session::Id;

/// A place in the list of all sessions, after which the next page begins. It opens nothing. That of a later session is
/// greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub(super) Listing);

impl PartialOrd for Cursor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cursor {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order().cmp(&other.0.order())
    }
}

impl Cursor {
    /// After this session: its place in a list of some sessions is the same as in the list of all.
    #[must_use]
    pub fn after(name: &str, session: &UserSession) -> Option<Self> {
        name.parse::<Id>().ok().map(|place| Self(listing(place, session)))
    }

    /// The cursor as text, which is safe in an address.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.0.rank.to_text(), self.0.member)
    }

    /// Reads the form that [`Cursor::to_text`] writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rank, member) = text.split_once('.')?;
        Some(Self(Listing {
            rank: Rank::parse(rank)?,
            member: member.parse().ok()?,
        }))
    }
}

/// The entry of a session in the list.
pub(in super::super) fn listing(place: Id, session: &UserSession) -> Listing {
    Listing {
        rank: Rank::of(session.signed_in_at, &place),
        member: place,
    }
}
