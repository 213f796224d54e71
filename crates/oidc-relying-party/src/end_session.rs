//! The request that ends the session at the provider (RP-Initiated Logout 1.0 §2).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{DiscoveryError, ProviderMetadata, Registration, RelyingParty, named::named};

/// The longest address that we send a browser to.
///
/// Some providers accept no more: IIS, for one, answers 404 to a query over 2,048 bytes unless it is told otherwise. An ID
/// Token with many roles does not fit; without it the provider asks the person whether to sign out, which beats an error
/// page.
const ADDRESS_LIMIT: usize = 2000;

/// The session that ends, as the provider knows it.
#[derive(Debug)]
pub struct EndSession<'a> {
    /// The last ID Token of the session, verbatim; it may have expired.
    pub id_token_hint: Option<&'a SecretString>,
    /// The person who signs out, by a name that the provider knows, such as the subject. Sent only without the ID Token.
    pub logout_hint: Option<&'a str>,
    /// Comes back to the post-logout address.
    pub state: &'a str,
}

named! {
    /// The parameter with the address that the provider sends the browser back to.
    #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
    pub enum PostLogoutParameter {
        /// `post_logout_redirect_uri`, with the ID Token and a `state`, as RP-Initiated Logout 1.0 has it.
        #[default]
        PostLogoutRedirectUri = "post_logout_redirect_uri",
        /// `logout_uri`, with the client identifier and nothing else: Cognito.
        LogoutUri = "logout_uri",
        /// `returnTo`, with the client identifier and nothing else: Auth0's own sign-out.
        ReturnTo = "returnTo",
    }
}

/// How to end the session at the provider.
#[derive(Clone)]
pub enum EndSessionRequest {
    /// Send the browser to this address. It holds the ID Token: not for logs.
    Address(Url),
    /// The provider has no end-session endpoint; the session at the provider goes on.
    LocalOnly,
}

impl fmt::Debug for EndSessionRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(_) => formatter.write_str("Address([redacted])"),
            Self::LocalOnly => formatter.write_str("LocalOnly"),
        }
    }
}

impl RelyingParty {
    /// How to end the session at the provider.
    ///
    /// # Errors
    /// If there is no metadata.
    pub async fn end_session_request(&self, session: EndSession<'_>) -> Result<EndSessionRequest, DiscoveryError> {
        let (inner, metadata) = self.with_provider().await?;
        Ok(request(&inner.registration, &metadata, &session))
    }
}

fn request(registration: &Registration, metadata: &ProviderMetadata, session: &EndSession<'_>) -> EndSessionRequest {
    let Some(endpoint) = &metadata.end_session_endpoint else {
        return EndSessionRequest::LocalOnly;
    };
    if registration.post_logout_parameter != PostLogoutParameter::PostLogoutRedirectUri {
        return EndSessionRequest::Address(own_spelling(endpoint, registration));
    }
    // The provider needs to know whose post-logout address it is to accept. An ID Token for several audiences does not tell.
    let client = ("client_id", registration.client_id.as_str());
    let with_id_token = session.id_token_hint.map(|id_token| {
        let hints = [client, ("id_token_hint", id_token.expose_secret())];
        address(endpoint, registration, session, &hints)
    });
    if let Some(address) = with_id_token.filter(|address| address.as_str().len() <= ADDRESS_LIMIT) {
        return EndSessionRequest::Address(address);
    }
    let mut hints = vec![client];
    hints.extend(session.logout_hint.map(|hint| ("logout_hint", hint)));
    EndSessionRequest::Address(address(endpoint, registration, session, &hints))
}

/// A sign-out that knows the browser by its cookie, and the client by its identifier.
fn own_spelling(endpoint: &Url, registration: &Registration) -> Url {
    let mut address = endpoint.clone();
    address
        .query_pairs_mut()
        .append_pair("client_id", &registration.client_id)
        .append_pair(
            registration.post_logout_parameter.name(),
            registration.post_logout_redirect_uri.as_str(),
        );
    address
}

fn address(endpoint: &Url, registration: &Registration, session: &EndSession<'_>, hints: &[(&str, &str)]) -> Url {
    let mut address = endpoint.clone();
    address
        .query_pairs_mut()
        .extend_pairs(hints)
        .append_pair(
            "post_logout_redirect_uri",
            registration.post_logout_redirect_uri.as_str(),
        )
        .append_pair("state", session.state);
    address
}

#[cfg(test)]
mod tests;
