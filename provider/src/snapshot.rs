//! The state that one process of a development run leaves for the next: the signing keys, the valid tokens, and
//! the sign-ins. An application that is restarted with its provider keeps its sessions by it.

use std::{collections::HashMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    browser_session::BrowserSession,
    grants::KeptGrants,
    keys::{KeptKey, Keys},
    state::ProviderState,
};

/// The state of an earlier process, for [`Provider::start_from`](crate::Provider::start_from). It holds tokens and a
/// private key: a file with it is for its owner alone.
pub struct Snapshot {
    pub(crate) keys: Keys,
    pub(crate) grants: KeptGrants,
    pub(crate) browser_sessions: HashMap<String, BrowserSession>,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    key: KeptKey,
    #[serde(default)]
    older_keys: Vec<KeptKey>,
    grants: KeptGrants,
    browser_sessions: HashMap<String, BrowserSession>,
}

impl Snapshot {
    /// Reads the bytes of [`Provider::snapshot`](crate::Provider::snapshot). `None` for any other bytes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            keys: Keys::restored(&kept.key, &kept.older_keys)?,
            grants: kept.grants,
            browser_sessions: kept.browser_sessions,
        })
    }

    pub(crate) fn of(provider: &ProviderState) -> Vec<u8> {
        let now = provider.clock.seconds();
        let kept = Kept {
            key: provider.keys.kept(),
            older_keys: provider.keys.kept_older(),
            grants: provider.grants.kept(now),
            browser_sessions: provider.browser_sessions.kept(now),
        };
        serde_json::to_vec(&kept).expect("texts and numbers")
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Snapshot({} browser sessions)", self.browser_sessions.len())
    }
}
