//! Logout tokens, which anybody can post (Back-Channel Logout 1.0 §2.6).

use crate::corpus;
use crate::provider::Provider;
use crate::run::{Verdict, run};
use crate::tokens::edits;
use crate::tokens::oracle::{Object, common, ensure, is_subject, kind, opened};
use oidc_relying_party::{LogoutToken, SessionSelector};
use serde_json::Value;

const CASES: u64 = 1500;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// LO-13, LO-14, LO-15, LO-16, LO-17, LO-18
#[test]
fn no_logout_token_is_believed_that_breaks_a_rule() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let provider = runtime.block_on(Provider::start(false));
    let relying_party = provider.relying_party();
    run(
        "logout_token",
        CASES,
        edits::edited(corpus::all("logout_token")),
        |token| {
            let compact = token.signed(|text| provider.named(text));
            let expected = claims(&compact, &provider.issuer);
            let believed = runtime.block_on(relying_party.verify_logout_token(&compact));
            match (expected, believed) {
                (Ok(claims), Ok(token)) if is_about(&token, &claims) => Ok(Verdict::Accepted),
                (Ok(_), Ok(_)) => Err("read with other values".to_owned()),
                (Err(_), Err(_)) => Ok(Verdict::Refused),
                (Err(row), Ok(_)) => Err(format!("accepted, although it breaks {row}")),
                (Ok(_), Err(error)) => Err(format!("refused as {}, although it keeps all rules", error.code())),
            }
        },
    );
}

/// The oracle. An error names the requirement that the token breaks.
fn claims(compact: &str, issuer: &str) -> Result<Object, &'static str> {
    let (header, claims) = opened(compact).map_err(|_| "LO-13: signature or form")?;
    let kind = kind(&header)?;
    ensure(matches!(kind.as_deref(), None | Some("logout+jwt")), "LO-18: typ")?;
    common(&claims, issuer).map_err(|_| "LO-14: iss, aud, iat or exp")?;
    let jti = claims.get("jti").and_then(Value::as_str).unwrap_or_default();
    ensure(!jti.is_empty() && jti.len() <= 256, "LO-14: jti")?;
    let event = claims.get("events").and_then(|events| events.get(EVENT));
    ensure(event.is_some_and(Value::is_object), "LO-15: events")?;
    ensure(!claims.contains_key("nonce"), "LO-16: nonce")?;
    ensure(
        claims.contains_key("sub") || claims.contains_key("sid"),
        "LO-16: neither sub nor sid",
    )?;
    ensure(claims.get("sub").is_none_or(is_subject), "LO-17: sub")?;
    Ok(claims)
}

/// Whether exactly those sessions end that the token names (LO-17).
fn is_about(token: &LogoutToken, claims: &Object) -> bool {
    let (sid, subject) = match &token.selector {
        SessionSelector::Sid(sid) => (Some(sid), None),
        SessionSelector::Subject(subject) => (None, Some(subject)),
        SessionSelector::SidOfSubject { sid, subject } => (Some(sid), Some(subject)),
    };
    let claimed = |claim: &str| claims.get(claim).and_then(Value::as_str);
    claimed("sid") == sid.map(String::as_str)
        && claimed("sub") == subject.map(String::as_str)
        && claimed("jti") == Some(&token.jti)
}
