//! Logout token validation (Back-Channel Logout 1.0 §2.6, whose numbers stand beside the checks).
//!
//! Anybody can post one, so no claim of it counts before its signature is verified. Whether it was used before (8) is
//! not checked here: that takes a store, and [`LogoutToken`] has the values for that check.

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::{
    DiscoveryError, Fault, IdTokenError, Inner, ProviderMetadata, Registration, RelyingParty,
    id_token::{self, claims},
    jws::Jws,
    keys::{self, TokenOrigin},
};

/// The member of `events` that makes a token a logout token (§2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A `jti` is a name, and we have to remember it.
const JWT_ID_LIMIT: usize = 256;

/// A verified logout token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoutToken {
    /// The sessions that end.
    pub selector: SessionSelector,
    /// The token's name, 1 to 256 bytes. The issuer gives it to no other token.
    pub jti: String,
    /// When the provider made the token. A session that began later is not meant.
    pub issued_at: OffsetDateTime,
    /// From here on the token is refused as too old, leeway included: how long `jti` has to be remembered.
    pub expires_at: OffsetDateTime,
}

/// Which sessions a logout token is about (§2.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SessionSelector {
    /// The sessions of one session at the provider.
    Sid(String),
    /// All sessions of a person.
    Subject(String),
    /// The sessions of one session at the provider, if it is this person's.
    SidOfSubject {
        /// The provider's name for its session.
        sid: String,
        /// The person.
        subject: String,
    },
}
impl RelyingParty {
    /// Checks a logout token. The caller has to check that its `jti` is new.
    ///
    /// # Errors
    /// If it is not to be believed, or if the provider's keys cannot be read.
    pub async fn verify_logout_token(&self, logout_token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let (inner, metadata) = self.with_provider().await?;
        verify(&inner, &metadata, logout_token).await
    }
}

async fn verify(
    inner: &Inner,
    metadata: &ProviderMetadata,
    logout_token: &str,
) -> Result<LogoutToken, LogoutTokenError> {
    // (1) and a token that is encrypted or no JWS at all.
    let jws = Jws::parse(logout_token).map_err(IdTokenError::Jws)?;
    // RFC 8725 §3.11: an ID Token says `JWT` or nothing. Where a logout token may say that too, `events` tells them apart.
    let lenient = metadata.lenient_logout_tokens;
    match jws.kind().map_err(IdTokenError::Jws)?.as_deref() {
        Some("logout+jwt") => {}
        _ if inner.registration.logout_token_typ_required => return Err(LogoutTokenError::Kind),
        None => {}
        Some("jwt") if lenient => {}
        Some("jwt") => return Err(LogoutTokenError::KindOfEveryJwt),
        Some(_) => return Err(LogoutTokenError::Kind),
    }
    // (2), (3)
    let algorithm = id_token::algorithm(&jws, &metadata.id_token_algorithms)?;
    let read_keys = || keys::read(&inner.http, &metadata.jwks_uri);
    keys::verify(&inner.keys, &jws, algorithm, TokenOrigin::Posted, read_keys)
        .await
        .map_err(IdTokenError::from)?;
    let claims = jws.claims().map_err(IdTokenError::Jws)?;
    check(&claims, &inner.registration, lenient, inner.clock.now())
}

fn check(
    claims: &Map<String, Value>,
    registration: &Registration,
    lenient: bool,
    now: OffsetDateTime,
) -> Result<LogoutToken, LogoutTokenError> {
    // (4)
    claims::check_issuer(claims, registration)?;
    claims::check_audience(claims, registration)?;
    match claims.get("exp") {
        // Its age by `iat` bounds it all the same.
        None if lenient => {}
        None => return Err(LogoutTokenError::NoExpiry),
        Some(_) => claims::check_expiry(claims, registration, now)?,
    }
    claims::check_issue(claims, registration, now)?;
    // (5)
    let selector = selector(claims)?;
    // (6)
    let event = claims.get("events").and_then(|events| events.as_object()?.get(EVENT));
    if !event.is_some_and(Value::is_object) {
        return Err(LogoutTokenError::Events);
    }
    // (7): an ID Token has a nonce, and must never do as a logout token.
    if claims.contains_key("nonce") {
        return Err(LogoutTokenError::Nonce);
    }
    let jti = claims::text(claims, "jti").filter(|jti| (1..=JWT_ID_LIMIT).contains(&jti.len()));
    Ok(LogoutToken {
        selector,
        jti: jti.ok_or(LogoutTokenError::JwtId)?.to_owned(),
        issued_at: since_epoch(issued_at(claims)?),
        expires_at: expires_at(claims, registration)?,
    })
}

fn selector(claims: &Map<String, Value>) -> Result<SessionSelector, LogoutTokenError> {
    let sid = claims::session_id(claims)?;
    let subject = match claims.get("sub") {
        None => None,
        Some(_) => Some(claims::subject(claims)?),
    };
    match (sid, subject) {
        (Some(sid), Some(subject)) => Ok(SessionSelector::SidOfSubject { sid, subject }),
        (Some(sid), None) => Ok(SessionSelector::Sid(sid)),
        (None, Some(subject)) => Ok(SessionSelector::Subject(subject)),
        (None, None) => Err(LogoutTokenError::NoSelector),
    }
}

/// Seconds since 1970, within minutes of now once the times are checked.
fn issued_at(claims: &Map<String, Value>) -> Result<f64, IdTokenError> {
    claims::numeric_date(claims.get("iat")).ok_or(IdTokenError::IssuedAt)
}

/// When the checks of the times would begin to fail: by `exp` or by the age, whichever is first.
fn expires_at(claims: &Map<String, Value>, registration: &Registration) -> Result<OffsetDateTime, IdTokenError> {
    let too_old = issued_at(claims)? + claims::AGE_LIMIT.as_seconds_f64();
    let expires = match claims.get("exp") {
        None => too_old,
        expires => claims::numeric_date(expires).ok_or(IdTokenError::Expired)?,
    };
    Ok(since_epoch(expires.min(too_old) + registration.leeway.as_secs_f64()))
}

fn since_epoch(seconds: f64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::seconds_f64(seconds))
}

/// Why a logout token is not believed. No variant reveals a value of the token.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogoutTokenError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// A check fails that ID Tokens undergo as well: form, algorithm, signature, `iss`, `aud`, `exp`, `iat`, `sub`, `sid`.
    #[error("the logout token fails a check that also applies to ID Tokens: {0}")]
    Common(#[from] IdTokenError),
    /// The header announces another kind of token, or none where one is demanded.
    #[error("the token is not a logout token by its typ")]
    Kind,
    /// The `typ` is that of every JWT.
    #[error("the token's typ is JWT and not logout+jwt; BFF_LOGOUT_TOKEN_LENIENT=on accepts it")]
    KindOfEveryJwt,
    /// There is no `exp`.
    #[error("the logout token has no exp; BFF_LOGOUT_TOKEN_LENIENT=on accepts it for ten minutes after its iat")]
    NoExpiry,
    /// `events` is missing, malformed, or says something else.
    #[error("the token's events lack the back-channel logout event")]
    Events,
    /// There is a `nonce`.
    #[error("the token has a nonce, so it is not a logout token")]
    Nonce,
    /// `jti` is missing, empty, over 256 bytes or not a string.
    #[error("the logout token's jti is missing or malformed")]
    JwtId,
    /// Neither `sub` nor `sid` says whose session ends.
    #[error("the logout token has neither sub nor sid")]
    NoSelector,
}

impl LogoutTokenError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Common(error) => common_code(error),
            Self::Kind | Self::KindOfEveryJwt => "logout_token_typ",
            Self::NoExpiry => "logout_token_expired",
            Self::Events => "logout_token_events",
            Self::Nonce => "logout_token_nonce",
            Self::JwtId => "logout_token_jti",
            Self::NoSelector => "logout_token_no_selector",
        }
    }

    /// The party at fault: the sender of the token, except that the provider's metadata or keys may be away.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::Common(IdTokenError::Keys(error)) => error.fault(),
            _ => Fault::Person,
        }
    }
}

fn common_code(error: &IdTokenError) -> &'static str {
    match error {
        IdTokenError::Algorithm(_) => "logout_token_algorithm",
        IdTokenError::UnknownKey => "logout_token_unknown_key",
        IdTokenError::UnreadableKey => "logout_token_unreadable_key",
        IdTokenError::Signature | IdTokenError::NoKeyFits => "logout_token_signature",
        IdTokenError::Issuer => "logout_token_issuer",
        IdTokenError::Audience => "logout_token_audience",
        IdTokenError::UntrustedAudience => "logout_token_untrusted_audience",
        IdTokenError::AuthorizedParty => "logout_token_authorized_party",
        IdTokenError::Expired => "logout_token_expired",
        IdTokenError::IssuedAt => "logout_token_issued_at",
        IdTokenError::NotBefore => "logout_token_not_before",
        IdTokenError::Subject => "logout_token_subject",
        IdTokenError::SessionId => "logout_token_session_id",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests;
