//! The people who can sign in.

use std::fmt;

use serde_json::{Map, Value, json};

/// Somebody with an account at the provider.
#[derive(Clone)]
pub struct Person {
    /// The name typed on the sign-in page; unique.
    pub username: String,
    /// The password typed beside it.
    pub password: String,
    /// The claims userinfo gives, each if its scope was granted (Core §5.4). `sub` is the `username` if it is not among them.
    pub claims: Map<String, Value>,
    /// The use of this person, as the sign-in page and the desk show it: "no roles: is refused at Admin". `None`: the
    /// pages show the roles, and whether the e-mail address is verified.
    pub about: Option<String>,
}

impl Person {
    /// A person with these claims; `claims` is taken only if it is a JSON object.
    pub fn new(username: impl Into<String>, password: impl Into<String>, claims: Value) -> Self {
        let claims = match claims {
            Value::Object(claims) => claims,
            _ => Map::new(),
        };
        Self {
            username: username.into(),
            password: password.into(),
            claims,
            about: None,
        }
    }

    /// The same person with this sentence about them.
    #[must_use]
    pub fn with_about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// The subject identifier (Core §2): stable, never an e-mail address or a name.
    pub(crate) fn subject(&self) -> &str {
        self.text("sub").unwrap_or(&self.username)
    }

    /// Whether a `login_hint` is about this person: the username, the e-mail address or the subject identifier.
    pub(crate) fn is_called(&self, hint: &str) -> bool {
        hint == self.username || hint == self.subject() || self.text("email") == Some(hint)
    }

    /// The name to show.
    pub(crate) fn display_name(&self) -> &str {
        self.text("name").unwrap_or(&self.username)
    }

    /// The roles of the claim `roles`, where that is a list of texts.
    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        let roles = self.claims.get("roles").and_then(Value::as_array);
        roles.into_iter().flatten().filter_map(Value::as_str)
    }

    /// "roles admin, editor", "no roles; email not verified": the sentence where none is given.
    pub(crate) fn facts(&self, roles: &[String]) -> String {
        let mut facts = match roles {
            [] => "no roles".to_owned(),
            [role] => format!("role {role}"),
            roles => format!("roles {}", roles.join(", ")),
        };
        if self.claims.get("email_verified") == Some(&Value::Bool(false)) {
            facts.push_str("; email not verified");
        }
        facts
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Person")
            .field("username", &self.username)
            .field("password", &"[redacted]")
            .field("claims", &self.claims)
            .field("about", &self.about)
            .finish()
    }
}

/// The people of a development run. Between them their claims have every kind of JSON value, so that a page
/// that shows claims can be seen with all of them. Each password is the username.
#[must_use]
pub fn demo_people() -> Vec<Person> {
    vec![alice(), bob(), chioma()]
}

/// Has the `admin` role and a value of every kind.
fn alice() -> Person {
    let claims = json!({
        "sub": "6d1f2c52-0d0e-4f1a-9a55-3f0f6f3f1a01",
        "name": "Alice Lindqvist",
        "given_name": "Alice",
        "family_name": "Lindqvist",
        "preferred_username": "alice",
        "email": "alice@example.com",
        "email_verified": true,
        "phone_number": "+46 8 123 456 78",
        "phone_number_verified": true,
        "picture": "https://example.com/people/alice.png",
        "website": "https://example.com/alice",
        "birthdate": "1988-05-17",
        "locale": "sv-SE",
        "zoneinfo": "Europe/Stockholm",
        "updated_at": 1_767_225_600,
        "address": {
            "formatted": "Storgatan 12\n114 55 Stockholm\nSweden",
            "street_address": "Storgatan 12",
            "locality": "Stockholm",
            "postal_code": "114 55",
            "country": "Sweden"
        },
        "roles": ["admin", "editor"],
        "account_balance": 1280.5
    });
    Person::new("alice", "alice", claims)
        .with_about("roles admin and editor, email verified: may open pages that ask for them")
}

/// Has no role, and an e-mail address that nobody confirmed.
fn bob() -> Person {
    let claims = json!({
        "sub": "6d1f2c52-0d0e-4f1a-9a55-3f0f6f3f1a02",
        "name": "Bob Okafor",
        "given_name": "Bob",
        "family_name": "Okafor",
        "preferred_username": "bob",
        "email": "bob@example.com",
        "email_verified": false,
        "locale": "en-GB",
        "zoneinfo": "Europe/London",
        "updated_at": 1_761_955_200,
        "address": { "locality": "London", "country": "United Kingdom" },
        "roles": []
    });
    Person::new("bob", "bob", claims)
        .with_about("no roles, email not verified: is refused where a page asks for either")
}

/// Has claims that a careless page breaks on: markup, an empty text, `null`, other scripts.
fn chioma() -> Person {
    let claims = json!({
        "sub": "6d1f2c52-0d0e-4f1a-9a55-3f0f6f3f1a03",
        "name": "Chiọma O’Brien",
        "given_name": "Chiọma",
        "middle_name": null,
        "family_name": "O’Brien",
        "nickname": "<b>Chi</b> & \"friends\" 小林",
        "preferred_username": "chioma",
        "profile": "",
        "email": "chioma@example.com",
        "email_verified": true,
        "locale": "ga-IE",
        "zoneinfo": "Europe/Dublin",
        "updated_at": 1_764_547_200,
        "roles": ["editor"]
    });
    Person::new("chioma", "chioma", claims)
        .with_about("role editor; claims with markup and other scripts, to look at on pages")
}
