//! Claims of a person that come again: in the ID Token of a refresh, and in userinfo that is read again.
//!
//! One rule holds for both. A claim that comes again counts from now on. A claim that came from the same source before, and
//! does not come again, is gone. A claim that came from the other source stays.

use super::{ClaimsPolicy, KeptClaims, leads_to};
use bff_session::UserSession;
use serde_json::{Map, Value};

/// A change of the claims and roles that a session keeps.
#[derive(Clone, Debug)]
pub struct UpdatedClaims {
    updated: Vec<String>,
    kept: KeptClaims,
    updates_roles: bool,
    source: ClaimsSource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClaimsSource {
    IdToken,
    Userinfo,
}

impl ClaimsPolicy {
    /// The update by a later ID Token of the same login. `withdrawn` are the claims that the ID Token before it had and
    /// this one lacks.
    #[must_use]
    pub fn updated_by_id_token(&self, claims: &Map<String, Value>, withdrawn: &[String]) -> UpdatedClaims {
        self.update(claims, withdrawn, ClaimsSource::IdToken)
    }

    /// The update by userinfo that was read again. It withdraws the claims that it lacks, but for those that came in the
    /// ID Token alone.
    #[must_use]
    pub fn updated_by_userinfo(&self, claims: &Map<String, Value>, session: &UserSession) -> UpdatedClaims {
        // The record of an older session does not name the source of its claims.
        let Some(only_in_id_token) = &session.only_in_id_token else {
            return self.update(claims, &[], ClaimsSource::Userinfo);
        };
        let is_elsewhere = |name: &str| only_in_id_token.iter().any(|elsewhere| elsewhere == name);
        let is_withdrawn = |name: &&String| *name != "sub" && !claims.contains_key(*name) && !is_elsewhere(name);
        let mut withdrawn: Vec<String> = session.claims.keys().filter(is_withdrawn).cloned().collect();
        // Roles that have come from both cannot be told apart any more.
        if !only_in_id_token.iter().any(|name| self.has_roles(name)) {
            withdrawn.extend(self.roles.iter().filter(is_withdrawn).cloned());
        }
        self.update(claims, &withdrawn, ClaimsSource::Userinfo)
    }

    fn update(&self, claims: &Map<String, Value>, withdrawn: &[String], source: ClaimsSource) -> UpdatedClaims {
        let updated: Vec<String> = claims.keys().chain(withdrawn).cloned().collect();
        let is_in = |place: &String| updated.iter().any(|name| leads_to(name, place));
        UpdatedClaims {
            updates_roles: self.roles.iter().any(is_in),
            kept: self.kept(claims),
            updated: self.used(updated.iter()),
            source,
        }
    }
}

impl UpdatedClaims {
    /// Makes the change.
    pub fn apply(&self, session: &mut UserSession) {
        self.note_source(session);
        let is_updated = |name: &String| self.updated.contains(name);
        session.claims.retain(|name, _| !is_updated(name));
        session.claims.extend(self.kept.claims.clone());
        session.left_out.claims.retain(|name| !is_updated(name));
        session
            .left_out
            .claims
            .extend(self.kept.left_out.claims.iter().cloned());
        if self.updates_roles {
            session.tell_roles(self.kept.roles.clone());
            session.left_out.roles = self.kept.left_out.roles;
        }
    }

    fn note_source(&self, session: &mut UserSession) {
        let Some(only_in_id_token) = &mut session.only_in_id_token else {
            return;
        };
        match self.source {
            ClaimsSource::Userinfo => only_in_id_token.retain(|name| !self.updated.contains(name)),
            // A claim that is new to the session.
            ClaimsSource::IdToken => {
                for name in self.kept.claims.keys() {
                    if !session.claims.contains_key(name) && !only_in_id_token.contains(name) {
                        only_in_id_token.push(name.clone());
                    }
                }
            }
        }
    }
}
