//! The part of the oracle that ID Tokens and logout tokens have in common: one condition after the other. An error
//! names the requirement that a token breaks.

use super::NOW;
use super::duplicates::repeats_a_member;
use super::signature::is_providers;
use crate::provider::{CLIENT_ID, TRUSTED};
use serde_json::{Map, Value};

/// How far the provider's clock may be off, and how old a token may be: the defaults of a registration, in seconds.
const LEEWAY: f64 = 60.0;
const AGE: f64 = 600.0;

pub(crate) type Object = Map<String, Value>;

pub(crate) fn ensure(condition: bool, row: &'static str) -> Result<(), &'static str> {
    if condition { Ok(()) } else { Err(row) }
}

/// Header and payload of a token that the provider signed.
pub(crate) fn opened(token: &str) -> Result<(Object, Object), &'static str> {
    ensure(token.len() <= 64 * 1024, "IDT-01: it is too large")?;
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return Err("IDT-01: it does not have three parts");
    };
    let bytes = |part: &str| decoded(part).ok_or("IDT-01: a part is not base64url");
    let (message, signature) = (format!("{header}.{payload}"), bytes(signature)?);
    let (mut header, mut payload) = (object(&bytes(header)?)?, object(&bytes(payload)?)?);
    // `null` and `""` mean that a member is absent (DISC-08). This holds for each claim, and for `kid` in the header.
    let is_said = |value: &Value| !value.is_null() && value != "";
    header.retain(|name, value| name != "kid" || is_said(value));
    payload.retain(|_, value| is_said(value));
    ensure(header.get("alg") == Some(&"RS256".into()), "IDT-02 to IDT-04: alg")?;
    ensure(
        !header.contains_key("crit") && !header.contains_key("cty"),
        "IDT-07: crit",
    )?;
    ensure(header.get("b64").is_none_or(|b64| b64 == true), "IDT-07: b64")?;
    let kid = header.get("kid");
    ensure(kid.is_none_or(|kid| kid == "1"), "IDT-06, IDT-07: kid")?;
    ensure(is_providers(message.as_bytes(), &signature), "IDT-05: signature")?;
    Ok((header, payload))
}

/// The value of `typ` in lower case and without `application/` (RFC 7515 §4.1.9).
pub(crate) fn kind(header: &Object) -> Result<Option<String>, &'static str> {
    let Some(typ) = header.get("typ") else {
        return Ok(None);
    };
    let typ = typ.as_str().ok_or("IDT-08: typ is no string")?.to_ascii_lowercase();
    Ok(Some(typ.strip_prefix("application/").unwrap_or(&typ).to_owned()))
}

/// Checks `iss`, `aud`, `azp`, `exp`, `iat`, `nbf` and `sid`.
pub(crate) fn common(claims: &Object, issuer: &str) -> Result<(), &'static str> {
    ensure(claims.get("iss") == Some(&issuer.into()), "IDT-09: iss")?;
    let audiences = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.clone(),
        Some(audience) => vec![audience.clone()],
        None => Vec::new(),
    };
    let is = |value: &Value, text: &str| value.as_str() == Some(text);
    ensure(audiences.iter().any(|one| is(one, CLIENT_ID)), "IDT-10: aud")?;
    let is_trusted = |one: &Value| is(one, CLIENT_ID) || is(one, TRUSTED);
    ensure(audiences.iter().all(is_trusted), "IDT-11: aud")?;
    ensure(
        claims.get("azp").is_none_or(|party| is(party, CLIENT_ID)),
        "IDT-12: azp",
    )?;
    let exp = seconds(claims.get("exp")).ok_or("IDT-13: exp")?;
    ensure(exp > now() - LEEWAY, "IDT-13: exp")?;
    let iat = seconds(claims.get("iat")).ok_or("IDT-14: iat")?;
    ensure(iat <= now() + LEEWAY && iat >= now() - LEEWAY - AGE, "IDT-14: iat")?;
    if let Some(nbf) = claims.get("nbf") {
        let nbf = seconds(Some(nbf)).ok_or("IDT-14: nbf")?;
        ensure(nbf <= now() + LEEWAY, "IDT-14: nbf")?;
    }
    let is_sid = |sid: &Value| sid.as_str().is_some_and(|sid| !sid.is_empty());
    ensure(claims.get("sid").is_none_or(is_sid), "LO-17: sid")
}

pub(crate) fn is_subject(subject: &Value) -> bool {
    let is_good = |subject: &str| !subject.is_empty() && subject.len() <= 255 && subject.is_ascii();
    subject.as_str().is_some_and(is_good)
}

/// Whether the person authenticated at most `max_age` seconds ago (OpenID Connect Core §3.1.3.7, step 13).
pub(crate) fn is_fresh(claims: &Object, max_age: u64) -> bool {
    let max_age: f64 = max_age.to_string().parse().expect("a number");
    let is_fresh = |then: f64| then <= now() + LEEWAY && then + max_age + LEEWAY >= now();
    seconds(claims.get("auth_time")).is_some_and(is_fresh)
}

fn now() -> f64 {
    f64::from(i32::try_from(NOW).expect("a time before 2038"))
}

/// A time is a JSON number that is not negative.
fn seconds(value: Option<&Value>) -> Option<f64> {
    value?.as_f64().filter(|seconds| *seconds >= 0.0)
}

/// Decodes URL-safe base64 without padding. Unused bits have to be zero.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        (bits, count) = ((bits << 6) | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0 && count < 6).then_some(out)
}

fn object(bytes: &[u8]) -> Result<Object, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "IDT-01: a part is not UTF-8")?;
    let object = serde_json::from_str(text).map_err(|_| "IDT-01: a part is not a JSON object")?;
    ensure(!repeats_a_member(text), "IDT-20: a member occurs twice")?;
    Ok(object)
}
