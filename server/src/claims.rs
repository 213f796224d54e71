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
    /// Where the roles stand: for each place a claim's name, and with dots the members inside it.
    pub roles: Vec<String>,
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

    /// The roles of all places, each once: a list of strings, or one string. A member named exactly so wins over a path.
    #[must_use]
    pub fn roles(&self, claims: &Map<String, Value>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for role in self.roles.iter().flat_map(|place| strings(at(claims, place))) {
            if found.len() < ROLES_LIMIT && !found.iter().any(|known| known == role) {
                found.push(role.to_owned());
            }
        }
        found
    }

    /// What a later ID Token of the same login changes: what it says counts from now on, what it has `withdrawn` is no
    /// longer so, and what neither it nor the one before it said has come from elsewhere and stays.
    #[must_use]
    pub fn retold(&self, claims: &Map<String, Value>, withdrawn: &[String]) -> RetoldClaims {
        let spoken_of: Vec<String> = claims.keys().chain(withdrawn).cloned().collect();
        let speaks_of = |place: &String| {
            let top = place.split('.').next().unwrap_or_default();
            spoken_of.iter().any(|name| name == place || name == top)
        };
        let speaks_of_roles = self.roles.iter().any(speaks_of);
        RetoldClaims {
            shown: self.shown(claims),
            roles: speaks_of_roles.then(|| self.roles(claims)),
            spoken_of,
        }
    }
}

/// What stands at a place. Names may have dots themselves: the longer name is tried first.
fn at<'a>(members: &'a Map<String, Value>, place: &str) -> Option<&'a Value> {
    members.get(place).or_else(|| {
        let mut dots = place.rmatch_indices('.');
        dots.find_map(|(dot, _)| at(members.get(&place[..dot])?.as_object()?, &place[dot + 1..]))
    })
}

/// A list of strings, or one string.
fn strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What a later ID Token changes in what pages see.
#[derive(Clone, Debug)]
pub struct RetoldClaims {
    spoken_of: Vec<String>,
    shown: Map<String, Value>,
    roles: Option<Vec<String>>,
}

impl RetoldClaims {
    /// Makes the change.
    pub fn apply(&self, claims: &mut Map<String, Value>, roles: &mut Vec<String>) {
        claims.retain(|name, _| !self.spoken_of.contains(name));
        claims.extend(self.shown.clone());
        if let Some(retold) = &self.roles {
            roles.clone_from(retold);
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
            roles: roles.split(' ').map(str::to_owned).collect(),
        }
    }

    #[test]
    fn ses_10_only_listed_claims_of_bounded_size_are_shown() {
        let all = claims(&json!({"sub": "1", "name": "Ada", "ssn": "secret", "at_hash": "x"}));
        assert_eq!(policy("roles").shown(&all), claims(&json!({"sub": "1", "name": "Ada"})));
        let huge = claims(&json!({"sub": "1", "name": "x".repeat(CLAIM_LIMIT)}));
        assert_eq!(policy("roles").shown(&huge), claims(&json!({"sub": "1"})));
    }

    fn retold(policy: &ClaimsPolicy, later: &Value, withdrawn: &[&str]) -> (Map<String, Value>, Vec<String>) {
        let mut shown = claims(&json!({"sub": "1", "name": "Ada", "email": "ada@example.com"}));
        let mut roles = vec!["admin".to_owned()];
        let withdrawn: Vec<_> = withdrawn.iter().map(|name| (*name).to_owned()).collect();
        policy.retold(&claims(later), &withdrawn).apply(&mut shown, &mut roles);
        (shown, roles)
    }

    #[test]
    fn a_later_id_token_speaks_for_what_an_id_token_has_said() {
        let (shown, roles) = retold(
            &policy("roles"),
            &json!({"sub": "1", "name": "Ada King", "ssn": "secret"}),
            &[],
        );
        assert_eq!(
            Value::Object(shown),
            json!({"sub": "1", "name": "Ada King", "email": "ada@example.com"}),
            "only what is allowed; what was not its own stays"
        );
        assert_eq!(roles, ["admin"], "of roles it said nothing");
        let (shown, roles) = retold(&policy("roles"), &json!({"sub": "1"}), &["name", "roles"]);
        assert_eq!(Value::Object(shown), json!({"sub": "1", "email": "ada@example.com"}));
        assert_eq!(roles, [""; 0]);
        let huge = json!({"sub": "1", "name": "x".repeat(CLAIM_LIMIT)});
        let (shown, _) = retold(&policy("roles"), &huge, &[]);
        assert!(
            !shown.contains_key("name"),
            "nor does the value from before stand there"
        );
    }

    #[test]
    fn roles_that_are_taken_away_are_gone_however_that_is_said() {
        for (place, later, withdrawn) in [
            ("roles", json!({"roles": []}), None),
            ("roles", json!({"roles": null}), None),
            ("realm_access.roles", json!({"realm_access": {"roles": []}}), None),
            ("realm_access.roles", json!({"realm_access": {}}), None),
            ("realm_access.roles", json!({}), Some("realm_access")),
            (
                "https://example.com/roles",
                json!({}),
                Some("https://example.com/roles"),
            ),
        ] {
            let (_, roles) = retold(&policy(place), &later, withdrawn.as_slice());
            assert_eq!(roles, [""; 0], "{place}: {later}");
        }
        let later = json!({"realm_access": {"roles": ["editor"]}});
        assert_eq!(retold(&policy("realm_access.roles"), &later, &[]).1, ["editor"]);
        assert_eq!(
            retold(&policy("realm_access.roles"), &json!({"roles": []}), &[]).1,
            ["admin"]
        );
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

    #[test]
    fn roles_of_several_places_are_put_together_and_names_may_have_dots() {
        let all = claims(&json!({
            "realm_access": {"roles": ["viewer", "admin"]},
            "resource_access": {"my.app": {"roles": ["admin", "editor"]}, "my": {"app": {"roles": ["none"]}}},
        }));
        let both = policy("realm_access.roles resource_access.my.app.roles");
        assert_eq!(both.roles(&all), ["viewer", "admin", "editor"]);
    }
}
