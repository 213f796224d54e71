//! What is said of a person again: by the ID Token of a refresh, and by userinfo that is read again.
//!
//! One rule holds for both. What is said counts from now on. What was said before from the same place, and is not said any
//! more, is no longer so. What came from the other place stays.

use super::{ClaimsPolicy, KeptClaims, leads_to};
use bff_session::UserSession;
use serde_json::{Map, Value};

/// What a later word changes in what pages see.
#[derive(Clone, Debug)]
pub struct UpdatedClaims {
    spoken_of: Vec<String>,
    kept: KeptClaims,
    speaks_of_roles: bool,
    said_by: SaidBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SaidBy {
    IdToken,
    Userinfo,
}

impl ClaimsPolicy {
    /// What a later ID Token of the same login changes. It has `withdrawn` what the one before it said.
    #[must_use]
    pub fn retold(&self, claims: &Map<String, Value>, withdrawn: &[String]) -> UpdatedClaims {
        self.said(claims, withdrawn, SaidBy::IdToken)
    }

    /// What userinfo changes that was read again. It withdraws what it does not say, but for what the ID Token alone has told.
    #[must_use]
    pub fn reread(&self, claims: &Map<String, Value>, session: &UserSession) -> UpdatedClaims {
        // Of a session from before this was written down, nobody knows who told what.
        let Some(told_elsewhere) = &session.only_in_id_token else {
            return self.said(claims, &[], SaidBy::Userinfo);
        };
        let is_elsewhere = |name: &str| told_elsewhere.iter().any(|elsewhere| elsewhere == name);
        let is_withdrawn = |name: &&String| *name != "sub" && !claims.contains_key(*name) && !is_elsewhere(name);
        let mut withdrawn: Vec<String> = session.claims.keys().filter(is_withdrawn).cloned().collect();
        // Roles that have come from both cannot be told apart any more.
        if !told_elsewhere.iter().any(|name| self.has_roles(name)) {
            withdrawn.extend(self.roles.iter().filter(is_withdrawn).cloned());
        }
        self.said(claims, &withdrawn, SaidBy::Userinfo)
    }

    fn said(&self, claims: &Map<String, Value>, withdrawn: &[String], said_by: SaidBy) -> UpdatedClaims {
        let spoken_of: Vec<String> = claims.keys().chain(withdrawn).cloned().collect();
        let speaks_of = |place: &String| spoken_of.iter().any(|name| leads_to(name, place));
        UpdatedClaims {
            speaks_of_roles: self.roles.iter().any(speaks_of),
            kept: self.kept(claims),
            spoken_of: self.used(spoken_of.iter()),
            said_by,
        }
    }
}

impl UpdatedClaims {
    /// Makes the change.
    pub fn apply(&self, session: &mut UserSession) {
        self.note_who_says_it(session);
        let is_spoken_of = |name: &String| self.spoken_of.contains(name);
        session.claims.retain(|name, _| !is_spoken_of(name));
        session.claims.extend(self.kept.claims.clone());
        session.left_out.claims.retain(|name| !is_spoken_of(name));
        session
            .left_out
            .claims
            .extend(self.kept.left_out.claims.iter().cloned());
        if self.speaks_of_roles {
            session.tell_roles(self.kept.roles.clone());
            session.left_out.roles = self.kept.left_out.roles;
        }
    }

    fn note_who_says_it(&self, session: &mut UserSession) {
        let Some(only_in_id_token) = &mut session.only_in_id_token else {
            return;
        };
        match self.said_by {
            SaidBy::Userinfo => only_in_id_token.retain(|name| !self.spoken_of.contains(name)),
            // A claim that is new to the session.
            SaidBy::IdToken => {
                for name in self.kept.claims.keys() {
                    if !session.claims.contains_key(name) && !only_in_id_token.contains(name) {
                        only_in_id_token.push(name.clone());
                    }
                }
            }
        }
    }
}
