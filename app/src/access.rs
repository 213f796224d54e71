//! The access table: who may open which page and call which server function.
//!
//! Default deny: a path that is not in [`TABLE`] needs a session. The server decides with this
//! table before it renders anything; pages use it to show or leave out a link.

use crate::session::{EndReason, SessionState};

/// What a path asks of the person who opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: anybody may open it.
    Public,
    /// A session.
    SignedIn,
    /// A session that has this role.
    Role(&'static str),
}

/// The answer of the table for one path and one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Allow,
    /// Somebody has to sign in first.
    SignIn,
    /// Somebody has to sign in again: their session ended, and the server knows why.
    SessionEnded(EndReason),
    /// Signed in, and not entitled: this role is missing.
    Forbidden(&'static str),
    /// The session store cannot be asked, so nobody can tell.
    Unavailable,
}

/// Every path that differs from the default, [`Rule::SignedIn`]. Paths are compared exactly.
pub const TABLE: &[(&str, Rule)] = &[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/admin", Rule::Role("admin")),
];

/// The rule for a path.
#[must_use]
pub fn rule(path: &str) -> Rule {
    TABLE
        .iter()
        .find(|(listed, _)| *listed == path)
        .map_or(Rule::SignedIn, |(_, rule)| *rule)
}

/// Whether this session satisfies the rule.
#[must_use]
pub fn decide(rule: Rule, session: &SessionState) -> Decision {
    if rule == Rule::Public {
        return Decision::Allow;
    }
    let session = match session {
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            session
        }
        SessionState::Degraded(None) => return Decision::Unavailable,
        SessionState::Anonymous => return Decision::SignIn,
        SessionState::Ended { reason } => return Decision::SessionEnded(*reason),
    };
    match rule {
        Rule::Role(needed) if !session.has_role(needed) => Decision::Forbidden(needed),
        _ => Decision::Allow,
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Rule, TABLE, decide, rule};
    use crate::session::{ActiveSession, EndReason, SessionState};
    use serde_json::Map;

    fn with_roles(roles: &[&str]) -> SessionState {
        SessionState::Active(ActiveSession {
            claims: Map::new(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            issuer: "https://provider.example".to_owned(),
            signed_in_at: "2026-11-23T04:48:47Z".to_owned(),
            expires_in: 60,
            idle_expires_in: 60,
            warning: 10,
        })
    }

    #[test]
    fn a_path_that_nobody_listed_needs_a_session() {
        for path in [
            "/profile",
            "/_fn/reread_claims",
            "/no-such-page",
            "//",
            "/signed-out/",
            "/Signed-Out",
            "",
        ] {
            assert_eq!(rule(path), Rule::SignedIn, "{path:?}");
        }
    }

    #[test]
    fn no_path_is_listed_twice() {
        for (index, (path, _)) in TABLE.iter().enumerate() {
            assert!(TABLE[index + 1..].iter().all(|(other, _)| other != path), "{path}");
        }
    }

    #[test]
    fn each_rule_decides_for_each_session() {
        let nobody = SessionState::Anonymous;
        let unknown = SessionState::Degraded(None);
        let reason = EndReason::Idle;
        let ended = SessionState::Ended { reason };
        let admin = Rule::Role("admin");
        let table = [
            (Rule::Public, &nobody, Decision::Allow),
            (Rule::Public, &unknown, Decision::Allow),
            (Rule::Public, &ended, Decision::Allow),
            (Rule::Public, &with_roles(&[]), Decision::Allow),
            (Rule::SignedIn, &nobody, Decision::SignIn),
            (Rule::SignedIn, &unknown, Decision::Unavailable),
            (Rule::SignedIn, &ended, Decision::SessionEnded(reason)),
            (Rule::SignedIn, &with_roles(&[]), Decision::Allow),
            (admin, &nobody, Decision::SignIn),
            (admin, &unknown, Decision::Unavailable),
            (admin, &ended, Decision::SessionEnded(reason)),
            (admin, &with_roles(&[]), Decision::Forbidden("admin")),
            (
                admin,
                &with_roles(&["Admin", "administrator", "admin "]),
                Decision::Forbidden("admin"),
            ),
            (admin, &with_roles(&["editor", "admin"]), Decision::Allow),
        ];
        for (rule, session, expected) in table {
            assert_eq!(decide(rule, session), expected, "{rule:?} {session:?}");
        }
    }
}
