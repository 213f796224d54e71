//! Client authentication with a secret (RFC 6749 §2.3, Core §9): in the header or in the body, never both.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    calls::Call,
    oauth_error::OAuthError,
    parameters::{Parameters, decode_value},
    state::ProviderState,
};

struct Credentials {
    id: String,
    secret: String,
}

/// Is this our client?
pub(crate) fn authenticate(provider: &ProviderState, call: &Call) -> Result<(), OAuthError> {
    let basic = call.header("authorization").map(basic).transpose()?;
    let parameters = Parameters(&call.form);
    let body_id = parameters.get("client_id")?;
    let body_secret = parameters.get("client_secret")?;
    let credentials = match (basic, body_secret) {
        (Some(_), Some(_)) => {
            let description = "more than one client authentication method";
            return Err(OAuthError::new("invalid_request", description));
        }
        (Some(basic), None) if body_id.is_some_and(|id| id != basic.id) => {
            let description = "client_id differs from the one in the Authorization header";
            return Err(OAuthError::new("invalid_request", description));
        }
        (Some(basic), None) => basic,
        (None, Some(secret)) => Credentials {
            id: body_id.unwrap_or_default().to_owned(),
            secret: secret.to_owned(),
        },
        (None, None) => return Err(OAuthError::invalid_client("no client authentication")),
    };
    if credentials.id == provider.client.id && credentials.secret == provider.client.secret {
        Ok(())
    } else {
        Err(OAuthError::invalid_client("unknown client or wrong secret"))
    }
}

/// `client_secret_basic`: both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(header: &str) -> Result<Credentials, OAuthError> {
    let credentials = || {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some(Credentials {
            id: decode_value(id)?,
            secret: decode_value(secret)?,
        })
    };
    credentials().ok_or_else(|| OAuthError::invalid_client("unreadable Authorization header"))
}
