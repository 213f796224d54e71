#![doc = include_str!("../README.md")]

use std::sync::{Arc, atomic::AtomicBool};

use arc_swap::ArcSwap;

use serde_json::{Value, json};

use ::metrics::{NoopRecorder, Recorder};
use time::{Duration, OffsetDateTime};

use crate::metrics::ProviderCalls;
use bff_clock::Clock;
use cached::Cached;
use dpop::Dpop;
use http::HttpClient;
use keys::CachedKeys;

pub use authentication::{Authentication, TokenSet};
pub use authorization_request::{
    AuthenticationWanted, AuthorizationParameters, AuthorizationRequestError, PersonHint, Prompt,
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
pub use http::{DocumentError, FoundMediaType, HttpError};
pub use id_token::{IdTokenAlgorithm, IdTokenError, RefusedAlgorithm, UnknownIdTokenAlgorithm};
pub use jws::JwsError;
pub use keys::KeysError;
pub use logout_token::{LogoutToken, LogoutTokenError, SessionSelector};
pub use metadata::{DiscoveryError, NamedIssuer, ProviderMetadata};
pub use offline_access::OfflineAccess;
pub use provider_clock::ClockOffset;
pub use pushed_authorization_request::PushedAuthorizationRequestError;
pub use redeem::{RedeemError, Redemption};
pub use refresh::{RefreshError, RefreshRequest, RefreshVerdict, RefreshedIdToken, RefreshedTokens};
pub use registration::{FurtherHeaders, Registration, RegistrationError};
pub use replace::ReplaceError;
pub use revocation::{Revocation, RevocationError, TokenTypeHint};
pub use security_profile::{SecurityProfile, Unmet};
pub use token_request::TokenRequestError;
pub use usage::{Switch, Usage};
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
mod frontchannel_logout;
mod http;
mod id_token;
mod json;
mod jws;
mod keys;
mod logout_token;
mod metadata;
pub mod metrics;
mod named;
mod offline_access;
mod provider_clock;
mod pushed_authorization_request;
mod redeem;
mod refresh;
mod registration;
mod replace;
mod revocation;
mod security_profile;
pub mod tls;
mod token_request;
mod usage;
mod userinfo;

/// How long a reading in advance waits after a failure.
const TRY_AGAIN: Duration = Duration::MINUTE;

/// A client of one provider. Clones share the metadata and keys that were read.
#[derive(Clone, Debug)]
pub struct RelyingParty(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    issuer: String,
    /// A step of the protocol takes it once, so that its credentials, connections and metadata go together.
    inner: ArcSwap<Inner>,
}

#[derive(Debug)]
struct Inner {
    registration: Registration,
    issuer_origin: Arc<str>,
    http: HttpClient,
    dpop: Arc<Dpop>,
    clock: Arc<dyn Clock>,
    metadata: Cached<ProviderMetadata, DiscoveryError>,
    keys: Arc<CachedKeys>,
    /// Whether the last refresh brought another refresh token than the one that was sent.
    rotates: Arc<AtomicBool>,
}

impl Inner {
    async fn provider(self: &Arc<Self>) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        self.renew_what_is_due();
        self.metadata
            .get(|| metadata::read(&self.http, &self.registration))
            .await
    }

    /// Every step asks for the metadata first, so this is asked often, and mostly finds nothing to do.
    fn renew_what_is_due(self: &Arc<Self>) {
        if !self.metadata.is_due() && !self.keys.is_due() {
            return;
        }
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let read = || metadata::read(&inner.http, &inner.registration);
            inner.metadata.renew_due(read).await;
            if let Some(metadata) = inner.metadata.peek() {
                let read = || keys::read(&inner.http, &metadata.jwks_uri);
                inner.keys.renew_due(read).await;
            }
        });
    }
}

impl RelyingParty {
    /// A relying party for `registration`. It talks to nobody yet.
    ///
    /// # Errors
    /// If the registration cannot be used safely with any provider.
    pub fn new(registration: Registration, clock: Arc<dyn Clock>) -> Result<Self, RegistrationError> {
        Self::with_recorder(registration, clock, &NoopRecorder)
    }

    /// The same, and `recorder` counts and times the calls to the provider ([`crate::metrics`]).
    ///
    /// # Errors
    /// As [`RelyingParty::new`].
    pub fn with_recorder(
        registration: Registration,
        clock: Arc<dyn Clock>,
        recorder: &dyn Recorder,
    ) -> Result<Self, RegistrationError> {
        let issuer = registration.check()?;
        let http = HttpClient::new(&registration, &issuer, Arc::clone(&clock))?;
        let http = http.with_calls(ProviderCalls::new(recorder));
        Ok(Self(Arc::new(Shared {
            issuer: registration.issuer.clone(),
            inner: ArcSwap::from_pointee(Inner {
                issuer_origin: issuer.origin().ascii_serialization().into(),
                metadata: Cached::new(Arc::clone(&clock)),
                keys: Arc::new(Cached::new(Arc::clone(&clock))),
                dpop: Arc::new(Dpop::new(Arc::clone(&clock))),
                rotates: Arc::default(),
                registration,
                http,
                clock,
            }),
        })))
    }

    fn inner(&self) -> Arc<Inner> {
        self.0.inner.load_full()
    }

    /// All that a step of the protocol needs, of one moment.
    async fn with_provider(&self) -> Result<(Arc<Inner>, Arc<ProviderMetadata>), DiscoveryError> {
        let inner = self.inner();
        let metadata = inner.provider().await?;
        Ok((inner, metadata))
    }

    /// The configured Issuer Identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The provider's metadata. Read at first use; after an hour it is read again, and so are the keys, behind the
    /// requests, which go on with the kept value. A request waits only for a value that no request has needed in two
    /// hours. After a failure the next attempt waits, up to a minute; the earlier value stays in use.
    ///
    /// # Errors
    /// If there is none and it cannot be read, or if its content cannot be used safely.
    pub async fn provider(&self) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        self.inner().provider().await
    }

    /// Reads the metadata before anybody asks for it, and goes on trying until it is there: some requests, which anybody can
    /// send, only look at the kept value.
    pub async fn read_in_advance(&self) {
        while self.provider().await.is_err() {
            let clock = Arc::clone(&self.inner().clock);
            clock.sleep_until(clock.now() + TRY_AGAIN).await;
        }
    }

    /// The time since the provider's key set was read. `None`: it has not been read yet.
    #[must_use]
    pub fn key_set_age(&self) -> Option<Duration> {
        let inner = self.inner();
        inner.keys.read_at().map(|read_at| inner.clock.now() - read_at)
    }

    /// When the certificate that this client shows to the provider expires, or one that vouches for it. `None`: there is no
    /// certificate.
    #[must_use]
    pub fn client_certificate_expires_at(&self) -> Option<OffsetDateTime> {
        let inner = self.inner();
        let certificate = inner.registration.credentials.certificate.as_ref();
        certificate.and_then(ClientCertificate::expires_at)
    }

    /// The origins that a browser is sent to at the provider: of the issuer, of sign-in and of sign-out, each once. For a
    /// Content-Security-Policy's `form-action`. Never reads: before the metadata is there, the issuer's origin is all.
    #[must_use]
    pub fn provider_origins(&self) -> Arc<str> {
        let inner = self.inner();
        let metadata = inner.metadata.peek();
        metadata.map_or_else(|| inner.issuer_origin.clone(), |metadata| metadata.origins.clone())
    }

    /// The public halves of our keys as a JWK Set (RFC 7517 §5), to be published where the provider reads them. Empty
    /// where there are none.
    #[must_use]
    pub fn jwk_set(&self) -> Value {
        let inner = self.inner();
        let keys = &inner.registration.credentials.keys;
        keys.as_ref().map_or_else(|| json!({ "keys": [] }), ClientKeys::jwk_set)
    }
}

#[cfg(test)]
pub(crate) mod tests;
