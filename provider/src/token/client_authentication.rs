//! Client authentication (RFC 6749 §2.3, Core §9): in the way that is registered, and in no second one.

pub(crate) mod assertion;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    calls::Call,
    dpop::CERTIFICATE,
    oauth_error::OAuthError,
    parameters::{Parameters, decode_value},
    settings::Authentication,
    state::ProviderState,
};

struct Credentials {
    id: String,
    secret: String,
}

/// The proof of the client in a request.
enum Presented<'a> {
    Basic(Credentials),
    Post(Credentials),
    Assertion(&'a str),
    Certificate(&'a str),
}

/// Is this our client?
pub(crate) fn authenticate(provider: &ProviderState, call: &Call) -> Result<(), OAuthError> {
    use Authentication::{ClientSecret, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt, TlsClientAuth};
    match (presented(call)?, &provider.settings.client.authentication) {
        (Presented::Basic(credentials), ClientSecret | ClientSecretBasic)
        | (Presented::Post(credentials), ClientSecret | ClientSecretPost) => {
            if credentials.id == provider.settings.client.id && credentials.secret == provider.settings.client.secret {
                Ok(())
            } else {
                Err(OAuthError::invalid_client("unknown client or wrong secret"))
            }
        }
        (Presented::Assertion(assertion), PrivateKeyJwt(jwks)) => {
            assertion::verify(provider, assertion, jwks).map_err(OAuthError::invalid_client)
        }
        (Presented::Certificate(id), TlsClientAuth) if id == provider.settings.client.id => Ok(()),
        _ => Err(OAuthError::invalid_client("this is not the method that is registered")),
    }
}

fn presented(call: &Call) -> Result<Presented<'_>, OAuthError> {
    let basic = call.header("authorization").map(basic).transpose()?;
    let parameters = Parameters(&call.form);
    let id = parameters.get("client_id")?;
    let secret = parameters.get("client_secret")?;
    let assertion = parameters.get("client_assertion")?;
    match (basic, secret, assertion) {
        (Some(basic), None, None) if id.is_some_and(|id| id != basic.id) => {
            let description = "client_id differs from the one in the Authorization header";
            Err(OAuthError::new("invalid_request", description))
        }
        (Some(basic), None, None) => Ok(Presented::Basic(basic)),
        (None, Some(secret), None) => Ok(Presented::Post(Credentials {
            id: id.unwrap_or_default().to_owned(),
            secret: secret.to_owned(),
        })),
        (None, None, Some(assertion)) if parameters.get("client_assertion_type")? == Some(assertion::TYPE) => {
            Ok(Presented::Assertion(assertion))
        }
        (None, None, None) if call.header(CERTIFICATE).is_some() => Ok(Presented::Certificate(id.unwrap_or_default())),
        (None, None, _) => Err(OAuthError::invalid_client("no client authentication")),
        _ => {
            let description = "more than one client authentication method";
            Err(OAuthError::new("invalid_request", description))
        }
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
