//! Which claims leave the server, and which of them are roles.

use serde_json::{Map, Value};

/// No claim larger than this, as JSON, is kept: claims are untrusted text (UI-04).
const CLAIM_LIMIT: usize = 2048;

/// No more roles than this are kept.
const ROLES_LIMIT: usize = 64;

/// The allow-list of claims and the place of the roles (`BFF_CLAIMS`, `BFF_ROLES_CLAIM`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsPolicy {
    /// Names of claims that pages may see. `sub` always is one.
    pub shown: Vec<String>,
    /// Where the roles stand: a claim's name, and with dots the members inside it.
    pub roles: String,
}

impl ClaimsPolicy {
    /// The claims that pages may see.
    #[must_use]
    pub fn shown(&self, claims: &Map<String, Value>) -> Map<String, Value> {
        std::iter::once("sub")
            .chain(self.shown.iter().map(String::as_str))
            .filter_map(|name| Some((name.to_owned(), claims.get(name)?.clone())))
            .filter(|(_, value)| value.to_string().len() <= CLAIM_LIMIT)
            .collect()
    }

    /// The roles: a list of strings, or one string. A claim named exactly so wins over a path.
    #[must_use]
    pub fn roles(&self, claims: &Map<String, Value>) -> Vec<String> {
        let at_path = || {
            let (first, rest) = self.roles.split_once('.')?;
            rest.split('.')
                .try_fold(claims.get(first)?, |value, member| value.get(member))
        };
        match claims.get(&self.roles).or_else(at_path) {
            Some(Value::String(role)) => vec![role.clone()],
            Some(Value::Array(roles)) => roles
                .iter()
                .filter_map(Value::as_str)
                .take(ROLES_LIMIT)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: &Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    fn policy(roles: &str) -> ClaimsPolicy {
        ClaimsPolicy {
            shown: vec!["name".to_owned()],
            roles: roles.to_owned(),
        }
    }

    #[test]
    fn ses_10_only_listed_claims_of_bounded_size_are_shown() {
        let all = claims(&json!({"sub": "1", "name": "Ada", "ssn": "secret", "at_hash": "x"}));
        assert_eq!(policy("roles").shown(&all), claims(&json!({"sub": "1", "name": "Ada"})));
        let huge = claims(&json!({"sub": "1", "name": "x".repeat(CLAIM_LIMIT)}));
        assert_eq!(policy("roles").shown(&huge), claims(&json!({"sub": "1"})));
    }

    #[test]
    fn roles_are_found_by_name_and_by_path_and_are_strings() {
        let all = claims(&json!({
            "roles": ["admin", 7, "editor"], "one": "admin", "n": 1,
            "realm_access": {"roles": ["viewer"]}, "https://example.com/roles": ["a"],
        }));
        assert_eq!(policy("roles").roles(&all), ["admin", "editor"]);
        assert_eq!(policy("one").roles(&all), ["admin"]);
        assert_eq!(policy("realm_access.roles").roles(&all), ["viewer"]);
        assert_eq!(policy("https://example.com/roles").roles(&all), ["a"]);
        assert_eq!(policy("n").roles(&all), [""; 0]);
        assert_eq!(policy("missing.roles").roles(&all), [""; 0]);
    }
}
