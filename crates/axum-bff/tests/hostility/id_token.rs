//! ID Tokens that come with the redemption of a code (OpenID Connect Core 1.0 §3.1.3.7).

use crate::corpus;
use crate::provider::{ACCESS_TOKEN, Provider};
use crate::run::{Verdict, run};
use crate::tokens::oracle::{Object, common, ensure, is_fresh, is_subject, kind, opened};
use crate::tokens::{Token, edits};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oidc_relying_party::{
    Authentication, AuthenticationWanted, AuthorizationResponse, PendingAuthorization, RelyingParty,
};
use ring::digest;
use serde_json::Value;

const CASES: u64 = 1500;

const NONCE: &str = "nonce";

/// IDT-01, IDT-02, IDT-03, IDT-04, IDT-05, IDT-06, IDT-07, IDT-08, IDT-09, IDT-10, IDT-11, IDT-12, IDT-13, IDT-14,
/// IDT-15, IDT-16, IDT-17, IDT-18, IDT-20
///
/// Each requirement from IDT-01 to IDT-18, and IDT-20, is a condition of the oracle.
#[test]
fn no_id_token_is_believed_that_breaks_a_rule() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let provider = runtime.block_on(Provider::start(false));
    let relying_party = provider.relying_party();
    run("id_token", CASES, edits::edited(corpus::all("id_token")), |token| {
        let compact = token.signed(|text| provider.named(&text.replace("$AT_HASH", &access_token_hash())));
        let expected = claims(&compact, token, &provider.issuer);
        provider.issue(compact);
        let believed = runtime.block_on(redeemed(&relying_party, &provider.issuer, token));
        match (expected, believed) {
            (Ok(claims), Ok(authentication)) if is_about(&authentication, &claims) => Ok(Verdict::Accepted),
            (Ok(_), Ok(_)) => Err("read with other values".to_owned()),
            (Err(_), Err(_)) => Ok(Verdict::Refused),
            (Err(row), Ok(_)) => Err(format!("accepted, although it breaks {row}")),
            (Ok(_), Err(code)) => Err(format!("refused as {code}, although it keeps all rules")),
        }
    });
}

/// The oracle. An error names the requirement that the token breaks.
fn claims(compact: &str, token: &Token, issuer: &str) -> Result<Object, &'static str> {
    let (header, claims) = opened(compact)?;
    let kind = kind(&header)?;
    ensure(matches!(kind.as_deref(), None | Some("jwt" | "jose")), "IDT-08: typ")?;
    ensure(!claims.contains_key("events"), "IDT-08: events")?;
    common(&claims, issuer)?;
    ensure(claims.get("nonce") == Some(&NONCE.into()), "IDT-15: nonce")?;
    ensure(
        token.max_age.is_none_or(|max_age| is_fresh(&claims, max_age)),
        "IDT-16: auth_time",
    )?;
    let is_wanted = |acr: &Value| token.acr_values.iter().any(|wanted| acr == wanted);
    ensure(
        token.acr_values.is_empty() || claims.get("acr").is_some_and(is_wanted),
        "IDT-16: acr",
    )?;
    ensure(claims.get("sub").is_some_and(is_subject), "IDT-17: sub")?;
    let at_hash = claims.get("at_hash");
    ensure(
        at_hash.is_none_or(|hash| *hash == access_token_hash()),
        "IDT-18: at_hash",
    )?;
    Ok(claims)
}

/// The `at_hash` of the access token: the left half of its SHA-256, in base64url.
fn access_token_hash() -> String {
    let hash = digest::digest(&digest::SHA256, ACCESS_TOKEN.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

/// IDT-19, IDT-20: issuer and subject identify the person, and are compared code point by code point.
fn is_about(authentication: &Authentication, claims: &Object) -> bool {
    claims["iss"] == authentication.issuer()
        && claims["sub"] == authentication.subject()
        && claims.get("sid").and_then(|sid| sid.as_str()) == authentication.sid()
}

async fn redeemed(relying_party: &RelyingParty, issuer: &str, token: &Token) -> Result<Authentication, &'static str> {
    let pending = PendingAuthorization {
        issuer: issuer.to_owned(),
        nonce: NONCE.into(),
        code_verifier: "verifier".into(),
        dpop_key: None,
        wanted: AuthenticationWanted {
            max_age: token.max_age,
            acr_values: token.acr_values.clone(),
        },
    };
    let response = AuthorizationResponse::Code {
        code: "code".into(),
        iss: None,
    };
    let grant = relying_party
        .accept(pending, response)
        .await
        .expect("our provider's response");
    relying_party.redeem(grant).await.map_err(|error| {
        let code = error.code();
        let is_about_tokens = ["id_token_", "token_", "provider_answer_too_large"]
            .iter()
            .any(|start| code.starts_with(start));
        assert!(is_about_tokens, "{code}");
        code
    })
}
