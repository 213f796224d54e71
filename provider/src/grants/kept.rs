//! The part of the grants that is kept for the next process: valid tokens. Codes are not kept; the browser brings one at
//! once.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::{AccessToken, Expiring, Grants, Records, RefreshToken};
use crate::browser_session::LONGEST;

#[derive(Deserialize, Serialize)]
pub(crate) struct KeptGrants {
    access_tokens: HashMap<String, Expiring<AccessToken>>,
    refresh_tokens: HashMap<String, RefreshToken>,
    revoked: HashSet<String>,
    sessions: Vec<(String, String)>,
}

impl From<KeptGrants> for Grants {
    fn from(kept: KeptGrants) -> Self {
        Self(Mutex::new(Records {
            access_tokens: kept.access_tokens,
            refresh_tokens: kept.refresh_tokens,
            revoked: kept.revoked,
            sessions: kept.sessions,
            ..Records::default()
        }))
    }
}

impl Grants {
    pub(crate) fn kept(&self, now: u64) -> KeptGrants {
        let records = self.records();
        let access_tokens: HashMap<_, _> = of(&records.access_tokens, |token| token.expires_at > now);
        let refresh_tokens: HashMap<_, _> = of(&records.refresh_tokens, |token| {
            let is_young = token.grant.auth_time + LONGEST.as_secs() > now;
            is_young && !token.spent && !records.revoked.contains(&token.grant.id)
        });
        let of_access_tokens = access_tokens.values().filter_map(|token| token.value.holder.grant_id());
        let revoked = of_access_tokens.filter(|id| records.revoked.contains(*id));
        let sids: HashSet<&str> = refresh_tokens.values().map(|token| token.grant.sid.as_str()).collect();
        let sessions = records.sessions.iter().filter(|(_, sid)| sids.contains(sid.as_str()));
        KeptGrants {
            revoked: revoked.map(str::to_owned).collect(),
            sessions: sessions.cloned().collect(),
            access_tokens,
            refresh_tokens,
        }
    }
}

fn of<T: Clone>(tokens: &HashMap<String, T>, is_good: impl Fn(&T) -> bool) -> HashMap<String, T> {
    let good = tokens.iter().filter(|(_, token)| is_good(token));
    good.map(|(text, token)| (text.clone(), token.clone())).collect()
}
