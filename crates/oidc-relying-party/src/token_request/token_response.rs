//! The token response (RFC 6749 §5.1, OpenID Connect Core 1.0 §3.1.3.3).

use secrecy::SecretString;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::TokenRequestError;
use crate::{DpopKey, ProviderMetadata, Registration, TokenSet, Usage, json};

/// The longest lifetime of an access token that is believed. It keeps the sum within the calendar, and a
/// token that claims to live for years is refreshed once a day.
const LIFETIME_LIMIT: Duration = Duration::DAY;

/// The kinds of access token that may come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding<'a> {
    /// The key of the proof that went with the request.
    key: Option<&'a DpopKey>,
    required: bool,
}

impl<'a> Binding<'a> {
    pub(crate) fn new(registration: &Registration, metadata: &ProviderMetadata, key: Option<&'a DpopKey>) -> Self {
        Self {
            key,
            required: registration.dpop == Usage::Required || !registration.security_profile.allows_bearer(metadata),
        }
    }

    /// The key that a token of this type is bound to. A provider that was offered a proof and answers with a bearer token
    /// has not bound it (RFC 9449 §5); that will do, unless the settings or the profile demand more.
    fn judge(self, token_type: &str) -> Result<Option<DpopKey>, TokenRequestError> {
        match self.key {
            Some(key) if token_type.eq_ignore_ascii_case("dpop") => Ok(Some(key.clone())),
            _ if token_type.eq_ignore_ascii_case("bearer") && !self.required => Ok(None),
            _ => Err(TokenRequestError::TokenType),
        }
    }
}

/// The members of a successful answer, not verified yet.
#[derive(Debug)]
pub(crate) struct TokenResponse {
    pub(crate) access_token: SecretString,
    pub(crate) id_token: Option<SecretString>,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) expires_at: Option<OffsetDateTime>,
    pub(crate) scope: String,
    /// The key that the access token is bound to.
    pub(crate) dpop_key: Option<DpopKey>,
}

impl TokenResponse {
    /// Reads the answer to a request that was begun `now` and asked for `requested_scope`.
    pub(crate) fn read(
        document: &Map<String, Value>,
        requested_scope: &str,
        now: OffsetDateTime,
        binding: Binding<'_>,
    ) -> Result<Self, TokenRequestError> {
        let token_type = document.get("token_type").and_then(Value::as_str);
        Ok(Self {
            dpop_key: binding.judge(token_type.unwrap_or_default())?,
            access_token: optional(document, "access_token")?.ok_or(TokenRequestError::Member("access_token"))?,
            id_token: optional(document, "id_token")?,
            refresh_token: optional(document, "refresh_token")?,
            expires_at: document.get("expires_in").map(|expires_in| expires_at(expires_in, now)),
            scope: scope(document, requested_scope)?,
        })
    }

    /// The tokens of a login, which has to come with an ID Token (Core 1.0 §3.1.3.3).
    pub(crate) fn token_set(self) -> Result<TokenSet, TokenRequestError> {
        Ok(TokenSet {
            access_token: self.access_token,
            id_token: self.id_token.ok_or(TokenRequestError::Member("id_token"))?,
            refresh_token: self.refresh_token,
            expires_at: self.expires_at,
            scope: self.scope,
            dpop_key: self.dpop_key,
        })
    }
}

fn optional(document: &Map<String, Value>, member: &'static str) -> Result<Option<SecretString>, TokenRequestError> {
    match document.get(member) {
        None => Ok(None),
        // Tokens go into headers and addresses; RFC 6749 appendix A allows these characters.
        Some(Value::String(token)) if token.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            Ok(Some(token.clone().into()))
        }
        Some(_) => Err(TokenRequestError::Member(member)),
    }
}

/// RFC 6749 §5.1: the scope may be left out if it is the one that was asked for. Some providers write it as a list.
fn scope(document: &Map<String, Value>, requested: &str) -> Result<String, TokenRequestError> {
    match document.get("scope") {
        None => Ok(requested.to_owned()),
        Some(Value::String(granted)) => Ok(granted.clone()),
        Some(Value::Array(granted)) if granted.is_empty() => Ok(requested.to_owned()),
        Some(Value::Array(granted)) => {
            let granted: Option<Vec<&str>> = granted.iter().map(Value::as_str).collect();
            granted
                .map(|granted| granted.join(" "))
                .ok_or(TokenRequestError::Member("scope"))
        }
        Some(_) => Err(TokenRequestError::Member("scope")),
    }
}

/// A number of seconds, also as a string or a fraction, as some providers send it. Nonsense and negative numbers count as
/// expired: the access token may then be refreshed too early, but is never used too long.
fn expires_at(expires_in: &Value, now: OffsetDateTime) -> OffsetDateTime {
    let seconds = json::number(expires_in).unwrap_or(0.0);
    let seconds = seconds.clamp(0.0, LIFETIME_LIMIT.as_seconds_f64());
    now.saturating_add(Duration::seconds_f64(seconds))
}

#[cfg(test)]
mod tests;
