//! What the browser may know of the session: its state, never a token.
//!
//! The server puts a [`SessionState`] into the Leptos context of each render; the same value
//! travels in the HTML and is what hydration starts from, so no page asks who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The session as a page or `GET /auth/session` sees it. As JSON the variant is the member
/// `status`: `anonymous`, `active` or `unavailable`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SessionState {
    /// Nobody is signed in.
    #[default]
    Anonymous,
    /// Somebody is signed in.
    Active(ActiveSession),
    /// The session store cannot be asked just now: this is neither signed in nor signed out.
    Unavailable,
}

/// A signed-in person's session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActiveSession {
    /// Claims about the person, under the provider's names, limited to the server's allow-list.
    pub claims: Map<String, Value>,
    /// Roles, from the claim that the server is set to read them from.
    pub roles: Vec<String>,
    /// The issuer identifier of the provider that signed the person in (OpenID Connect Core §2).
    pub issuer: String,
    /// When the person signed in: RFC 3339, UTC, whole seconds.
    pub signed_in_at: String,
    /// Seconds until the session's absolute limit; nothing extends it.
    pub expires_in: u64,
    /// Seconds until the session ends if nothing more is asked of the server.
    pub idle_expires_in: u64,
}

impl ActiveSession {
    /// What to call the person: the first of `name`, `preferred_username`, `email` and `sub`
    /// that is there and not empty.
    #[must_use]
    pub fn display_name(&self) -> &str {
        ["name", "preferred_username", "email", "sub"]
            .iter()
            .filter_map(|claim| self.claims.get(*claim)?.as_str())
            .find(|value| !value.is_empty())
            .unwrap_or("Signed in")
    }

    /// Whether the session has this role, compared exactly.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

impl SessionState {
    /// The signed-in person's session, if there is one.
    #[must_use]
    pub fn active(&self) -> Option<&ActiveSession> {
        match self {
            Self::Active(session) => Some(session),
            Self::Anonymous | Self::Unavailable => None,
        }
    }
}

/// The state that this page was rendered with, live after hydration.
///
/// # Panics
///
/// Outside of `App`, which provides it.
#[must_use]
pub fn use_session() -> RwSignal<SessionState> {
    expect_context::<RwSignal<SessionState>>()
}
