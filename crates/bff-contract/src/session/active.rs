//! A signed-in person's session, as the browser may know it.

use serde::Serialize;
use serde_json::{Map, Value};

/// A signed-in person's session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActiveSession {
    /// Claims about the person, under the provider's names, limited to the server's allow-list.
    pub claims: Map<String, Value>,
    /// Roles, from the claim that the server is set to read them from.
    pub roles: Vec<String>,
    /// The claims and roles that the server has not kept. Absent where it has kept everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
    /// The issuer identifier of the provider that signed the person in (OpenID Connect Core §2).
    pub issuer: String,
    /// When the person signed in: RFC 3339, UTC, whole seconds.
    pub signed_in_at: String,
    /// Seconds since the person authenticated at the provider (`auth_time`, OpenID Connect Core §2), when this was written.
    /// Absent where the provider did not say: a sign-in alone proves nothing, for the provider may not have asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticated_ago: Option<u64>,
    /// In which way the person authenticated: the Authentication Context Class Reference (`acr`, OpenID Connect Core §2).
    /// Absent where the provider did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Seconds until the session's absolute limit; nothing extends it.
    pub expires_in: u64,
    /// Seconds until the session ends if nothing more is asked of the server.
    pub idle_expires_in: u64,
    /// With this many seconds left, or fewer, the session is expiring, and the person is told.
    pub warning: u64,
}

/// The part of a person's claims that the server has not kept, because there is too much of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The names of claims that are too long. Of a list a part may be kept.
    pub claims: Vec<String>,
    /// How many roles there are beside those that are kept.
    pub roles: u32,
}

impl LeftOut {
    fn read(mut json: Value) -> Option<Self> {
        let roles = json.get("roles")?.as_u64()?;
        Some(Self {
            claims: texts(json.get_mut("claims")?.take())?,
            roles: u32::try_from(roles).ok()?,
        })
    }
}

impl ActiveSession {
    /// The name to call the person by: the first of `name`, `preferred_username`, `email` and `sub`
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

    /// Whether the claim has exactly this value: a text, a number or `true` or `false` as JSON writes it, or one of these among
    /// others in a list.
    #[must_use]
    pub fn has_claim(&self, name: &str, value: &str) -> bool {
        let is_value = |claim: &Value| match claim {
            Value::String(text) => text == value,
            Value::Bool(held) => value == if *held { "true" } else { "false" },
            Value::Number(number) => number.to_string() == value,
            _ => false,
        };
        self.claims.get(name).is_some_and(|claim| match claim {
            Value::Array(claims) => claims.iter().any(is_value),
            claim => is_value(claim),
        })
    }

    /// The person: issuer and subject, which together name one (OpenID Connect Core §5.7).
    #[must_use]
    pub fn person(&self) -> String {
        let subject = self.claims.get("sub").and_then(Value::as_str);
        format!("{} {}", self.issuer, subject.unwrap_or_default())
    }

    /// Seconds until the nearer one of the two limits.
    #[must_use]
    pub fn seconds_left(&self) -> u64 {
        self.expires_in.min(self.idle_expires_in)
    }

    /// Reads one from its JSON. None where a member is missing or of another type.
    pub(super) fn read(mut json: Value) -> Option<Self> {
        let mut take = |member: &str| json.get_mut(member).map(Value::take);
        Some(Self {
            claims: match take("claims")? {
                Value::Object(claims) => claims,
                _ => return None,
            },
            roles: texts(take("roles")?)?,
            left_out: match take("left_out") {
                Some(left_out) => Some(LeftOut::read(left_out)?),
                None => None,
            },
            issuer: text(take("issuer")?)?,
            signed_in_at: text(take("signed_in_at")?)?,
            authenticated_ago: match take("authenticated_ago") {
                Some(ago) => Some(ago.as_u64()?),
                None => None,
            },
            acr: match take("acr") {
                Some(acr) => Some(text(acr)?),
                None => None,
            },
            expires_in: take("expires_in")?.as_u64()?,
            idle_expires_in: take("idle_expires_in")?.as_u64()?,
            warning: take("warning")?.as_u64()?,
        })
    }
}

fn texts(json: Value) -> Option<Vec<String>> {
    match json {
        Value::Array(texts) => texts.into_iter().map(text).collect(),
        _ => None,
    }
}

fn text(json: Value) -> Option<String> {
    match json {
        Value::String(text) => Some(text),
        _ => None,
    }
}
