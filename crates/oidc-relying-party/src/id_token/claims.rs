//! The checks on an ID Token's claims, in the order of OpenID Connect Core 1.0 §3.1.3.7, whose numbers stand beside them.

use openidconnect::{Nonce, NonceVerifier};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::{Expectations, IdTokenError, NonceRule};
use crate::{AuthenticationWanted, Registration};

/// An ID Token of the code flow is made while we wait for it; one that is older than this was not made for this login.
pub(crate) const AGE_LIMIT: Duration = Duration::minutes(10);

/// Core 1.0 §2.
const SUBJECT_LIMIT: usize = 255;

/// Checks the claims of a token whose signature is verified, and gives its subject and session ID.
pub(super) fn check(
    claims: &Map<String, Value>,
    expected: &Expectations<'_>,
) -> Result<(String, Option<String>), IdTokenError> {
    if claims.contains_key("events") {
        return Err(IdTokenError::Events);
    }
    check_issuer(claims, expected.registration)?;
    check_audience(claims, expected.registration)?;
    check_expiry(claims, expected.registration, expected.now)?;
    check_issue(claims, expected.registration, expected.now)?;
    check_nonce(claims, expected.nonce)?;
    if let Some(wanted) = expected.wanted {
        check_authentication(claims, wanted, expected)?;
    }
    Ok((subject(claims)?, session_id(claims)?))
}

/// (2)
pub(crate) fn check_issuer(claims: &Map<String, Value>, registration: &Registration) -> Result<(), IdTokenError> {
    if text(claims, "iss") == Some(registration.issuer.as_str()) {
        Ok(())
    } else {
        Err(IdTokenError::Issuer)
    }
}

/// (3) to (5): we are an audience, every other one is trusted, and the party that asked for the token is us.
pub(crate) fn check_audience(claims: &Map<String, Value>, registration: &Registration) -> Result<(), IdTokenError> {
    let client_id = registration.client_id.as_str();
    let audiences = audiences(claims).ok_or(IdTokenError::Audience)?;
    if !audiences.contains(&client_id) {
        return Err(IdTokenError::Audience);
    }
    let trusted = &registration.trusted_audiences;
    if !audiences
        .iter()
        .all(|audience| *audience == client_id || trusted.iter().any(|other| other == audience))
    {
        return Err(IdTokenError::UntrustedAudience);
    }
    match claims.get("azp") {
        None => Ok(()),
        Some(party) if party.as_str() == Some(client_id) => Ok(()),
        Some(_) => Err(IdTokenError::AuthorizedParty),
    }
}

/// The audiences: a string, or an array of nothing but strings.
pub(crate) fn audiences(claims: &Map<String, Value>) -> Option<Vec<&str>> {
    match claims.get("aud")? {
        Value::String(audience) => Some(vec![audience]),
        Value::Array(audiences) => audiences.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// (9). The leeway makes up for clocks that differ.
pub(crate) fn check_expiry(
    claims: &Map<String, Value>,
    registration: &Registration,
    now: OffsetDateTime,
) -> Result<(), IdTokenError> {
    let now = (now - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
    let expires = numeric_date(claims.get("exp")).ok_or(IdTokenError::Expired)?;
    if now < expires + registration.leeway.as_secs_f64() {
        Ok(())
    } else {
        Err(IdTokenError::Expired)
    }
}

/// (10), and RFC 7519 §4.1.5 for `nbf`.
pub(crate) fn check_issue(
    claims: &Map<String, Value>,
    registration: &Registration,
    now: OffsetDateTime,
) -> Result<(), IdTokenError> {
    let now = (now - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
    let leeway = registration.leeway.as_secs_f64();
    let issued_at = numeric_date(claims.get("iat")).ok_or(IdTokenError::IssuedAt)?;
    if issued_at > now + leeway || issued_at < now - leeway - AGE_LIMIT.as_seconds_f64() {
        return Err(IdTokenError::IssuedAt);
    }
    if let Some(not_before) = claims.get("nbf")
        && numeric_date(Some(not_before)).is_none_or(|not_before| not_before > now + leeway)
    {
        return Err(IdTokenError::NotBefore);
    }
    Ok(())
}

/// (11): present, and this login's. The comparison takes the same time wherever the values differ. After a refresh as §12.2
/// says.
fn check_nonce(claims: &Map<String, Value>, rule: NonceRule<'_>) -> Result<(), IdTokenError> {
    let expected = match rule {
        NonceRule::Equal(nonce) => nonce.expose_secret(),
        NonceRule::AbsentOr(_) if !claims.contains_key("nonce") => return Ok(()),
        NonceRule::AbsentOr(before) => before.ok_or(IdTokenError::Nonce)?,
    };
    let claimed = text(claims, "nonce").map(|nonce| Nonce::new(nonce.to_owned()));
    let nonce = Nonce::new(expected.to_owned());
    NonceVerifier::verify(&nonce, claimed.as_ref()).map_err(|_| IdTokenError::Nonce)
}

/// (12) and (13): the demands of `acr_values` and `max_age`. A provider that ignored them did not make the person
/// authenticate in that way.
fn check_authentication(
    claims: &Map<String, Value>,
    wanted: &AuthenticationWanted,
    expected: &Expectations<'_>,
) -> Result<(), IdTokenError> {
    let acr = text(claims, "acr");
    if !wanted.acr_values.is_empty() && !wanted.acr_values.iter().any(|wanted| acr == Some(wanted)) {
        return Err(IdTokenError::Acr);
    }
    let Some(max_age) = wanted.max_age else { return Ok(()) };
    let now = (expected.now - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
    let leeway = expected.registration.leeway;
    let authenticated_at = numeric_date(claims.get("auth_time"))
        .filter(|then| *then <= now + leeway.as_secs_f64())
        .ok_or(IdTokenError::AuthTime)?;
    if authenticated_at
        + std::time::Duration::from_secs(max_age)
            .saturating_add(leeway)
            .as_secs_f64()
        < now
    {
        return Err(IdTokenError::AuthenticationTooOld);
    }
    Ok(())
}

pub(crate) fn subject(claims: &Map<String, Value>) -> Result<String, IdTokenError> {
    text(claims, "sub")
        .filter(|subject| (1..=SUBJECT_LIMIT).contains(&subject.len()) && subject.is_ascii())
        .map(str::to_owned)
        .ok_or(IdTokenError::Subject)
}

/// A session ID that a logout token could not be compared with would leave a session that nobody can end.
pub(crate) fn session_id(claims: &Map<String, Value>) -> Result<Option<String>, IdTokenError> {
    match claims.get("sid") {
        None => Ok(None),
        Some(Value::String(sid)) if !sid.is_empty() => Ok(Some(sid.clone())),
        Some(_) => Err(IdTokenError::SessionId),
    }
}

pub(crate) fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> Option<&'a str> {
    claims.get(claim)?.as_str()
}

/// RFC 7519 §2: seconds since 1970 as a JSON number, whole or not.
pub(crate) fn numeric_date(value: Option<&Value>) -> Option<f64> {
    value?.as_f64().filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

#[cfg(test)]
mod tests;
