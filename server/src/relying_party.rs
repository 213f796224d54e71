//! The relying party: OpenID Connect for a confidential client, with the authorization code flow and PKCE.
//!
//! It knows the protocol and nothing else: no web framework, no cookie, no store, no session. One file is one step, in
//! this order:
//!
//! 1. [`metadata`](RelyingParty::provider): what the provider says about itself, read at first use and kept;
//! 2. [`authorization_request`](RelyingParty::authorization_request): where to send the browser, pushed to
//!    the provider before where it takes that;
//! 3. [`CallbackParams`]: what the browser brings back;
//! 4. [`accept`](RelyingParty::accept): the response belongs to the login that this browser began; gives a grant;
//! 5. [`redeem`](RelyingParty::redeem): the code becomes tokens, the ID Token is verified, userinfo is read; gives an
//!    [`Authentication`];
//! 6. [`end_session_request`](RelyingParty::end_session_request): where to send the browser to sign out.
//!
//! Each step takes what only the step before can make, so that none can be left out. Between sign-in and sign-out, in no
//! order:
//!
//! - [`refresh`](RelyingParty::refresh): new tokens for a session; a new ID Token is verified and has to be about the same
//!   login;
//! - [`userinfo`](RelyingParty::userinfo): the claims, read again;
//! - [`verify_logout_token`](RelyingParty::verify_logout_token): the provider says that sessions have ended;
//! - [`revoke`](RelyingParty::revoke): a token is not needed any more;
//! - [`client_credentials`](RelyingParty::client_credentials): a token of the client's own;
//! - [`diagnose`](RelyingParty::diagnose): what an operator wants to know before anybody signs in.
//!
//! Errors name the step and the reason
//! with a stable `code()` and say with `fault()` whose fault it is; they never hold a token, a code or a text of the
//! provider's.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Map, Value, json};
use url::Url;

use crate::clock::Clock;
use cached::Cached;
use dpop::Dpop;
use http::HttpClient;
use keys::CachedKeys;

pub use authentication::{Authentication, TokenSet};
pub use authorization_request::{
    AuthenticationWanted, AuthorizationParameters, AuthorizationRequestError, Prompt,
    is_reserved as is_reserved_parameter,
};
pub use authorization_response::{
    AuthorizationErrorCode, AuthorizationGrant, AuthorizationResponse, AuthorizationResponseError, CallbackParams,
    CallbackParamsError, PendingAuthorization,
};
pub use client_authentication::{
    AssertionAudience, ClientAuthentication, Negotiated, NegotiationError, NegotiationReason, PassedOver,
    UnknownClientAuthentication,
};
pub use client_certificate::{ClientCertificate, ClientCertificateError};
pub use client_credentials::ClientToken;
pub use client_key::{AssertionAlgorithm, ClientKeyError, ClientKeys, UnknownAssertionAlgorithm};
pub use credentials::Credentials;
pub use diagnosis::{AuthorizationVerdict, CredentialsVerdict, Diagnosis, IssuerDifference, KeySetSummary, Probes};
pub use dpop::{AccessToken, DpopKey};
pub use end_session::{EndSession, EndSessionRequest, PostLogoutParameter};
pub use fault::Fault;
pub use http::{DocumentError, HttpError};
pub use id_token::{IdTokenAlgorithm, IdTokenError, UnknownIdTokenAlgorithm};
pub use jws::JwsError;
pub use keys::KeysError;
pub use logout_token::{LogoutToken, LogoutTokenError, SessionSelector};
pub use metadata::{DiscoveryError, ProviderMetadata};
pub use offline_access::OfflineAccess;
pub use profile::{Profile, Unmet};
pub use pushed_authorization_request::PushedAuthorizationRequestError;
pub use redeem::RedeemError;
pub use refresh::{RefreshError, RefreshRequest, RefreshVerdict, RefreshedIdToken, RefreshedTokens};
pub use registration::{Registration, RegistrationError};
pub use revocation::{Revocation, RevocationError, TokenTypeHint};
pub use token_request::TokenRequestError;
pub use usage::Usage;
pub use userinfo::UserinfoError;

mod authentication;
mod authorization_request;
mod authorization_response;
mod cached;
mod client_authentication;
mod client_certificate;
mod client_credentials;
mod client_key;
mod credentials;
mod diagnosis;
mod dpop;
mod end_session;
mod fault;
mod http;
mod id_token;
mod json;
mod jws;
mod keys;
mod logout_token;
mod metadata;
mod offline_access;
mod profile;
mod pushed_authorization_request;
mod redeem;
mod refresh;
mod registration;
mod revocation;
mod token_request;
mod usage;
mod userinfo;

/// A client of one provider. Clones share what was read from it.
#[derive(Clone, Debug)]
pub struct RelyingParty(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    registration: Registration,
    issuer_origin: Arc<str>,
    http: HttpClient,
    dpop: Dpop,
    clock: Arc<dyn Clock>,
    metadata: Cached<ProviderMetadata, DiscoveryError>,
    keys: CachedKeys,
}

impl RelyingParty {
    /// A relying party for `registration`. It talks to nobody yet.
    ///
    /// # Errors
    /// If the registration cannot be used safely with any provider.
    pub fn new(registration: Registration, clock: Arc<dyn Clock>) -> Result<Self, RegistrationError> {
        let issuer = registration.check()?;
        let http = HttpClient::new(&registration, &issuer)?;
        Ok(Self(Arc::new(Parts {
            issuer_origin: issuer.origin().ascii_serialization().into(),
            metadata: Cached::new(Arc::clone(&clock)),
            keys: Cached::new(Arc::clone(&clock)),
            dpop: Dpop::new(Arc::clone(&clock)),
            registration,
            http,
            clock,
        })))
    }

    /// The configured Issuer Identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.registration.issuer
    }

    /// The public halves of our keys as a JWK Set (RFC 7517 §5), to be published where the provider reads them. Empty
    /// where there are none.
    #[must_use]
    pub fn jwk_set(&self) -> Value {
        let keys = &self.0.registration.credentials.keys;
        keys.as_ref().map_or_else(|| json!({ "keys": [] }), ClientKeys::jwk_set)
    }

    /// The provider's metadata. Read at first use; after an hour it is read again, and so are the keys, behind the requests,
    /// which go on with what is there. A request waits only for what nobody has asked for in two hours. After a failure
    /// the next attempt waits, up to a minute; what was read before stays in use.
    ///
    /// # Errors
    /// If there is none and it cannot be read, or if we cannot work safely with what it says.
    pub async fn provider(&self) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        self.renew_what_is_due();
        self.0
            .metadata
            .get(|| metadata::read(&self.0.http, &self.0.registration))
            .await
    }

    /// Every step asks for the metadata first, so this is asked often, and mostly finds nothing to do.
    fn renew_what_is_due(&self) {
        let Parts { metadata, keys, .. } = &*self.0;
        if !metadata.is_due() && !keys.is_due() {
            return;
        }
        let parts = Arc::clone(&self.0);
        tokio::spawn(async move {
            let read = || metadata::read(&parts.http, &parts.registration);
            parts.metadata.renew_due(read).await;
            if let Some(metadata) = parts.metadata.peek() {
                let read = || keys::read(&parts.http, &metadata.jwks_uri);
                parts.keys.renew_due(read).await;
            }
        });
    }

    /// The address to send the browser to. Asks the provider first where requests are pushed (RFC 9126).
    ///
    /// # Errors
    /// If there is no metadata, or the provider does not take the pushed request.
    pub async fn authorization_request(
        &self,
        parameters: AuthorizationParameters,
    ) -> Result<Url, AuthorizationRequestError> {
        let metadata = self.provider().await?;
        authorization_request::address(&self.0, &metadata, &parameters).await
    }

    /// Holds a response against the login that its `state` belongs to. `state` itself is the caller's to check first,
    /// together with what binds the login to the browser.
    ///
    /// # Errors
    /// If the response is another issuer's, or the provider refuses.
    pub async fn accept(
        &self,
        pending: PendingAuthorization,
        response: AuthorizationResponse,
    ) -> Result<AuthorizationGrant, AuthorizationResponseError> {
        let iss_required = async { Ok(self.provider().await?.authorization_response_iss_parameter_supported) };
        authorization_response::accept(&self.0.registration.issuer, pending, response, iss_required).await
    }

    /// Redeems a grant: one token request, then the ID Token's checks, and only then userinfo.
    ///
    /// # Errors
    /// If any of these fails. No token of the answer is used or kept then.
    pub async fn redeem(&self, grant: AuthorizationGrant) -> Result<Authentication, RedeemError> {
        let metadata = self.provider().await?;
        redeem::redeem(&self.0, &metadata, grant).await
    }

    /// Asks for new tokens, once. A refresh token that was sent may be spent even if no answer came, so that no two
    /// requests with the same one may be under way.
    ///
    /// # Errors
    /// A [`RefreshError`], whose verdict says what becomes of the session. No token of the answer is used then.
    pub async fn refresh(&self, request: RefreshRequest<'_>) -> Result<RefreshedTokens, RefreshError> {
        let metadata = self.provider().await?;
        refresh::refresh(&self.0, &metadata, request).await
    }

    /// Checks a logout token. Whether its `jti` is new is the caller's to ask.
    ///
    /// # Errors
    /// If it is not to be believed, or if the provider's keys cannot be read.
    pub async fn verify_logout_token(&self, logout_token: &str) -> Result<LogoutToken, LogoutTokenError> {
        let metadata = self.provider().await?;
        logout_token::verify(&self.0, &metadata, logout_token).await
    }

    /// Tells the provider that a token is not needed any more. May be repeated.
    ///
    /// # Errors
    /// If the provider does not answer or refuses; the token may still be good then.
    pub async fn revoke(&self, token: &SecretString, hint: TokenTypeHint) -> Result<Revocation, RevocationError> {
        let metadata = self.provider().await?;
        revocation::revoke(&self.0, &metadata, token, hint).await
    }

    /// Asks for a token of the client's own, with `scope` (separated by spaces) or what the provider gives without. `bound`
    /// says that whoever is called with it takes one that is bound to a key.
    ///
    /// # Errors
    /// If the provider does not answer or refuses.
    pub async fn client_credentials(&self, scope: Option<&str>, bound: bool) -> Result<ClientToken, TokenRequestError> {
        let metadata = self.provider().await?;
        client_credentials::request(&self.0, &metadata, scope, bound).await
    }

    /// Looks at the provider as an operator would: at its metadata, its keys and its clock, and at what it says to our
    /// client identifier, secret and redirect URI. Nothing that is kept is used or changed, and nobody is signed in.
    pub async fn diagnose(&self) -> Diagnosis {
        diagnosis::diagnose(&self.0).await
    }

    /// Reads the claims about `subject` from the provider again.
    ///
    /// # Errors
    /// If the provider has no userinfo, does not answer, does not accept the token, or answers about somebody else.
    pub async fn userinfo(
        &self,
        access_token: &AccessToken,
        subject: &str,
    ) -> Result<Map<String, Value>, UserinfoError> {
        let metadata = self.provider().await?;
        let endpoint = metadata.userinfo_endpoint.as_ref().ok_or(UserinfoError::NoEndpoint)?;
        let claims = userinfo::read(&self.0, &metadata, endpoint, access_token, subject).await?;
        Ok(authentication::merge(
            Map::from_iter([("sub".to_owned(), subject.into())]),
            claims,
        ))
    }

    /// How to end the session at the provider.
    ///
    /// # Errors
    /// If there is no metadata.
    pub async fn end_session_request(&self, session: EndSession<'_>) -> Result<EndSessionRequest, DiscoveryError> {
        let metadata = self.provider().await?;
        Ok(end_session::request(&self.0.registration, &metadata, &session))
    }

    /// The origins that a browser is sent to at the provider: of the issuer, of sign-in and of sign-out, each once. For a
    /// Content-Security-Policy's `form-action`. Never reads: before the metadata is there, the issuer's origin is all.
    #[must_use]
    pub fn provider_origins(&self) -> Arc<str> {
        let metadata = self.0.metadata.peek();
        metadata.map_or_else(|| self.0.issuer_origin.clone(), |metadata| metadata.origins.clone())
    }
}

#[cfg(test)]
pub(crate) mod tests;
