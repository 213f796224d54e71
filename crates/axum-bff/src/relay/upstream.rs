//! One API: its address, the form of its calls, and the number of calls at once.

use super::caller::Caller;
use super::client_token::ClientTokens;
use super::csrf::CallKind;
use super::http_client::{ClientError, HttpClient, is_about_a_certificate, is_timeout};
use super::request_headers::Head;
use super::{ApiSettings, ApiToken, RelayError, UpstreamError};
use crate::concurrency::LimitReached;
use crate::concurrency::{PersonLimit, PersonPermit};
use crate::metrics::ApiMetrics;
use ::metrics::Recorder;
use arc_swap::ArcSwap;
use axum::body::Body;
use axum::http::{HeaderName, Method, Response};
use hyper::body::Incoming;
use oidc_relying_party::ClientCertificate;
use rustls::RootCertStore;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use url::Url;

/// One API.
#[derive(Debug)]
pub struct Upstream {
    name: Arc<str>,
    settings: ApiSettings,
    /// A call takes it once. One under way goes on with the client that it began with.
    client: ArcSwap<HttpClient>,
    requests: PersonLimit,
    streams: PersonLimit,
    pub(super) client_tokens: ClientTokens,
    pub(super) metrics: ApiMetrics,
}

impl Upstream {
    pub(super) fn new(settings: ApiSettings, recorder: &dyn Recorder) -> Result<Self, ClientError> {
        Ok(Self {
            name: settings.name.as_str().into(),
            client: ArcSwap::from_pointee(HttpClient::new(&settings)?),
            requests: PersonLimit::new(settings.requests, settings.requests_each),
            streams: PersonLimit::new(settings.streams, settings.streams_each),
            client_tokens: ClientTokens::default(),
            metrics: ApiMetrics::new(recorder, &settings.name),
            settings,
        })
    }

    /// A client with these authorities, and with this certificate if the API is shown one. All else stays, as the client in use
    /// has it. None: nothing would be different.
    pub(super) fn new_client(
        &self,
        authorities: Option<&RootCertStore>,
        certificate: Option<&ClientCertificate>,
    ) -> Result<Option<HttpClient>, ClientError> {
        let in_use = self.client.load();
        let certificate = certificate.filter(|_| in_use.certificate().is_some());
        if authorities.is_none() && certificate.is_none() {
            return Ok(None);
        }
        let settings = ApiSettings {
            authorities: authorities.or(in_use.authorities()).cloned(),
            certificate: certificate.or(in_use.certificate()).cloned(),
            ..self.settings.clone()
        };
        HttpClient::new(&settings).map(Some)
    }

    /// Makes new connections with this client from now on. A token that may be bound to the certificate of before is not
    /// used again.
    pub(super) async fn take(&self, client: HttpClient) {
        self.client.store(Arc::new(client));
        if self.settings.certificate.is_some() {
            self.client_tokens.forget().await;
        }
    }

    pub(super) fn name(&self) -> Arc<str> {
        self.name.clone()
    }

    /// When the certificate that calls show expires.
    pub(super) fn certificate_expires_at(&self) -> Option<OffsetDateTime> {
        self.client.load().certificate()?.expires_at()
    }

    pub(super) fn base(&self) -> &Url {
        &self.settings.url
    }

    pub(super) fn methods(&self) -> &[Method] {
        &self.settings.methods
    }

    pub(super) fn headers(&self) -> &[HeaderName] {
        &self.settings.headers
    }

    pub(super) fn token(&self) -> ApiToken {
        self.settings.token
    }

    /// Whether it takes access tokens that are bound to a key (RFC 9449).
    pub(super) fn takes_dpop(&self) -> bool {
        self.settings.dpop
    }

    pub(super) fn scope(&self) -> Option<&str> {
        self.settings.scope.as_deref()
    }

    pub(super) fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    pub(super) fn body_limit(&self) -> u64 {
        self.settings.body_limit
    }

    /// A permit for one more call of this caller.
    pub(super) fn admit(&self, kind: CallKind, caller: &Caller) -> Result<PersonPermit, RelayError> {
        let limit = match kind {
            CallKind::Call => &self.requests,
            CallKind::EventStream | CallKind::Socket => &self.streams,
        };
        let permit = match caller {
            Caller::Person { person, .. } => limit.acquire(*person),
            Caller::Application => limit.acquire_for_the_application(),
        };
        permit.map_err(|reached| match reached {
            LimitReached::All => {
                self.metrics.count_all_busy();
                RelayError::Busy(self.name())
            }
            LimitReached::Each => {
                self.metrics.count_person_busy();
                RelayError::TooMany(self.name())
            }
        })
    }

    /// Sends a request once. Resolves with the head of the answer.
    pub(super) async fn send(&self, head: Head, body: Body) -> Result<Response<Incoming>, RelayError> {
        let client = self.client.load_full();
        client.send(head, body).await.map_err(|error| {
            self.failed(if is_timeout(&error) {
                UpstreamError::Timeout
            } else if is_about_a_certificate(&error) {
                UpstreamError::Untrusted(error)
            } else {
                UpstreamError::Unreachable(error)
            })
        })
    }

    pub(super) fn failed(&self, error: UpstreamError) -> RelayError {
        RelayError::Upstream {
            api: self.name(),
            error,
        }
    }
}
