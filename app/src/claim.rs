//! A claim about the person, as the profile shows it.
//!
//! Values come from a provider and are text here, never a link, an image or markup.

use crate::calendar::epoch_in_words;
use leptos_bff::session::ActiveSession;
use serde_json::Value;

/// The kind of a claim's value: by the claim's name where OpenID Connect Core §5.1
/// defines it, otherwise by the JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// An opaque name for the person or the session, such as `sub`.
    Identifier,
    /// `email`.
    EmailAddress,
    /// `phone_number`.
    PhoneNumber,
    /// `profile`, `picture` and `website`.
    WebAddress,
    /// `birthdate`.
    Date,
    /// `updated_at`: seconds since 1970-01-01 UTC.
    Time,
    /// `locale`.
    Language,
    /// `zoneinfo`.
    TimeZone,
    /// Any other string.
    Text,
    /// Any other number.
    Number,
    /// A boolean.
    YesOrNo,
    /// An array.
    List,
    /// An object, such as `address`.
    Structure,
    /// `null`.
    Nothing,
}

impl ClaimKind {
    /// The kind of one claim.
    #[must_use]
    pub fn of(name: &str, value: &Value) -> Self {
        match (name, value) {
            ("sub" | "sid", Value::String(_)) => Self::Identifier,
            ("email", Value::String(_)) => Self::EmailAddress,
            ("phone_number", Value::String(_)) => Self::PhoneNumber,
            ("profile" | "picture" | "website", Value::String(_)) => Self::WebAddress,
            ("birthdate", Value::String(_)) => Self::Date,
            ("updated_at" | "auth_time", Value::Number(_)) => Self::Time,
            ("locale", Value::String(_)) => Self::Language,
            ("zoneinfo", Value::String(_)) => Self::TimeZone,
            (_, Value::String(_)) => Self::Text,
            (_, Value::Number(_)) => Self::Number,
            (_, Value::Bool(_)) => Self::YesOrNo,
            (_, Value::Array(_)) => Self::List,
            (_, Value::Object(_)) => Self::Structure,
            (_, Value::Null) => Self::Nothing,
        }
    }

    /// The kind in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::EmailAddress => "email address",
            Self::PhoneNumber => "phone number",
            Self::WebAddress => "web address",
            Self::Date => "date",
            Self::Time => "time",
            Self::Language => "language",
            Self::TimeZone => "time zone",
            Self::Text => "text",
            Self::Number => "number",
            Self::YesOrNo => "yes or no",
            Self::List => "list",
            Self::Structure => "structure",
            Self::Nothing => "nothing",
        }
    }
}

/// How the value is set on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// One line of text.
    Line(String),
    /// One item a line.
    Items(Vec<String>),
    /// JSON, indented.
    Json(String),
}

/// One claim, ready to be shown, searched and copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name under which the provider sent it.
    pub name: String,
    /// The kind of the value.
    pub kind: ClaimKind,
    /// The value as the provider sent it: a string as it is, anything else as JSON.
    pub value: String,
    /// The value as people read it.
    pub shown: Shown,
}

impl Claim {
    /// Reads one claim.
    #[must_use]
    pub fn new(name: &str, value: &Value) -> Self {
        let kind = ClaimKind::of(name, value);
        Self {
            name: name.to_owned(),
            kind,
            value: plain(value),
            shown: shown(kind, value),
        }
    }

    /// Reads all claims of a session, in the order of their names.
    #[must_use]
    pub fn all(session: &ActiveSession) -> Vec<Self> {
        let claims = session.claims.iter();
        claims.map(|(name, value)| Self::new(name, value)).collect()
    }

    /// Whether the name, the value or the kind contains the text, upper and lower case alike.
    /// White space around the text does not count, and empty text finds everything.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        [self.name.as_str(), self.value.as_str(), self.kind.words()]
            .iter()
            .any(|part| part.to_lowercase().contains(&text))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn shown(kind: ClaimKind, value: &Value) -> Shown {
    match value {
        Value::Bool(true) => Shown::Line("yes".to_owned()),
        Value::Bool(false) => Shown::Line("no".to_owned()),
        Value::Number(seconds) if kind == ClaimKind::Time => {
            let words = seconds.as_i64().and_then(epoch_in_words);
            Shown::Line(words.unwrap_or_else(|| plain(value)))
        }
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            Shown::Items(items.iter().map(plain).collect())
        }
        Value::Array(_) | Value::Object(_) => Shown::Json(format!("{value:#}")),
        Value::Null => Shown::Line("no value".to_owned()),
        Value::String(_) | Value::Number(_) => Shown::Line(plain(value)),
    }
}

#[cfg(test)]
mod tests;
