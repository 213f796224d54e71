//! A page of a person's sessions.

use super::SessionSummary;
use serde::{Deserialize, Serialize};

/// A page of a person's sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

#[cfg(feature = "ssr")]
impl From<axum_bff::SessionsPage> for SessionList {
    fn from(page: axum_bff::SessionsPage) -> Self {
        Self {
            sessions: page.sessions.into_iter().map(SessionSummary::from).collect(),
            others: page.others,
            page: page.page,
            pages: page.pages,
        }
    }
}
