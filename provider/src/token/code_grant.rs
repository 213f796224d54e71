//! Redeeming a code (Core §3.1.3.2, RFC 7636 §4.6).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::Redeemed;
use crate::{oauth_error::OAuthError, parameters::Parameters, settings::Dpop, state::ProviderState};

/// The grant behind the code.
pub(super) fn redeem(
    provider: &ProviderState,
    parameters: &Parameters<'_>,
    jkt: Option<&str>,
) -> Result<Redeemed, OAuthError> {
    let code = required(parameters, "code")?;
    let redirect_uri = required(parameters, "redirect_uri")?;
    let verifier = required(parameters, "code_verifier")?;
    let pending = provider.grants.spend_code(code, provider.clock.seconds());
    let Some(pending) = pending else {
        return Err(invalid_grant("the code is unknown, spent or expired"));
    };
    if redirect_uri != pending.redirect_uri {
        return Err(invalid_grant("redirect_uri differs from the authorization request's"));
    }
    if !is_verifier(verifier) || challenge(verifier) != pending.code_challenge {
        return Err(invalid_grant("code_verifier does not fit the code_challenge"));
    }
    let is_bound = provider.settings.dpop != Dpop::NotOffered && pending.dpop_jkt.is_some();
    if is_bound && pending.dpop_jkt.as_deref() != jkt {
        return Err(invalid_grant("dpop_jkt was another key"));
    }
    Ok(Redeemed::Code {
        grant: pending.grant,
        nonce: pending.nonce,
    })
}

fn required<'a>(parameters: &Parameters<'a>, name: &'static str) -> Result<&'a str, OAuthError> {
    let missing = || OAuthError::new("invalid_request", format!("{name} is missing"));
    parameters.get(name)?.ok_or_else(missing)
}

fn invalid_grant(description: &str) -> OAuthError {
    OAuthError::new("invalid_grant", description)
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
