//! A page of a person's sessions.

use super::SessionSummary;
use serde_json::{Value, json};

/// A page of a person's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionList {
    /// The session that asks, and the others of this page: the newest first.
    pub sessions: Vec<SessionSummary>,
    /// How many others there are on all pages.
    pub others: u32,
    /// Which page this is, counted from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
}

impl From<SessionList> for Value {
    fn from(list: SessionList) -> Self {
        let sessions: Vec<Self> = list.sessions.into_iter().map(Self::from).collect();
        json!({"sessions": sessions, "others": list.others, "page": list.page, "pages": list.pages})
    }
}

impl SessionList {
    /// Reads what was written; None if a member is missing or of another type.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let number = |member: &str| u32::try_from(json.get(member)?.as_u64()?).ok();
        let sessions = json.get("sessions")?.as_array()?.iter().map(SessionSummary::read);
        Some(Self {
            sessions: sessions.collect::<Option<_>>()?,
            others: number("others")?,
            page: number("page")?,
            pages: number("pages")?,
        })
    }
}
