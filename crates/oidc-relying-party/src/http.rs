//! The one HTTP client that talks to the provider.
//!
//! It follows no redirect (a provider's answer must not choose the server that gets our secret), takes no proxy
//! from the environment, speaks `https` except to loopback in development, and bounds every answer in time and size.

use std::{net::IpAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::{ClockOffset, Fault, FurtherHeaders, Registration, RegistrationError, provider_clock::ProviderClock};
use crate::metrics::{ProviderCall, ProviderCalls};
use crate::tls;
use ::metrics::NoopRecorder;
use bff_clock::Clock;

pub use document::{DocumentError, FoundMediaType};

mod document;
mod idle;
mod retry_after;

/// Connecting is quick or hopeless, so it gets less than the whole request.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Shorter than the 5 seconds after which a Node server closes an idle connection: a request seldom meets the closing.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);

#[derive(Clone, Debug)]
pub(super) struct HttpClient {
    client: Client,
    further_headers: Option<FurtherHeaders>,
    own_clock: Arc<dyn Clock>,
    pub(super) calls: ProviderCalls,
    /// The provider's clock, by its answers.
    pub(super) clock: Arc<ProviderClock>,
}

impl HttpClient {
    pub(super) fn new(
        registration: &Registration,
        issuer: &Url,
        own_clock: Arc<dyn Clock>,
    ) -> Result<Self, RegistrationError> {
        // reqwest takes the process's provider; an error says that one is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .default_headers(HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )]))
            .retry(reqwest::retry::never())
            .https_only(!registration.http_loopback)
            .connect_timeout(CONNECT_TIMEOUT.min(registration.http_timeout))
            .timeout(registration.http_timeout)
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .connector_layer(tower::layer::layer_fn(idle::Noted));
        if let Some(tls) = client_config(registration, issuer)? {
            builder = builder.tls_backend_preconfigured(tls);
        }
        let client = builder.build().map_err(HttpError::unreachable);
        Ok(Self {
            client: client.map_err(RegistrationError::HttpClient)?,
            further_headers: registration.further_headers,
            own_clock,
            calls: ProviderCalls::new(&NoopRecorder),
            clock: ProviderClock::new(registration.leeway),
        })
    }

    /// The same, with other counters for its calls.
    pub(super) fn with_calls(self, calls: ProviderCalls) -> Self {
        Self { calls, ..self }
    }

    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.client.get(url.clone()).header(ACCEPT, "application/json")
    }

    pub(super) fn post_form(&self, url: &Url, form: String) -> RequestBuilder {
        self.client
            .post(url.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
    }

    /// Sends `request` once and reads an answer of at most `limit` bytes.
    pub(super) async fn send(&self, request: RequestBuilder, limit: usize) -> Result<HttpResponse, HttpError> {
        let begun = self.own_clock.now();
        let response = idle::send(self.with_further_headers(request))
            .await
            .map_err(HttpError::unsent)?;
        let clock_offset = self.clock.observe(response.headers(), begun, self.own_clock.now());
        let mut answer = HttpResponse::read(response, limit, clock_offset).await?;
        answer.retry_after = retry_after::retry_after(answer.status, &answer.headers, self.own_clock.now());
        Ok(answer)
    }

    /// Sends `request` once, as [`Self::send`] does, and counts it.
    pub(super) async fn call(
        &self,
        call: ProviderCall,
        request: RequestBuilder,
        limit: usize,
    ) -> Result<HttpResponse, HttpError> {
        self.calls.measure(call, self.send(request, limit)).await
    }

    fn with_further_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let Some(add) = self.further_headers else {
            return request;
        };
        let mut headers = HeaderMap::new();
        add(&mut headers);
        request.headers(headers)
    }

    /// Sends the request that `request` makes, and once more where the connection had been closed while it was idle.
    /// Each sending is made anew, because a DPoP proof or a client assertion works once.
    pub(super) async fn exchange<E: From<HttpError>>(
        &self,
        call: ProviderCall,
        limit: usize,
        request: impl Fn() -> Result<RequestBuilder, E>,
    ) -> Result<HttpResponse, E> {
        match self.call(call, request()?, limit).await {
            Err(HttpError::ClosedWhileIdle(_)) => Ok(self.call(call, request()?, limit).await?),
            outcome => Ok(outcome?),
        }
    }
}

/// The authorities that connections trust, and the certificate that they show. `None`: the system's authorities, and no
/// certificate.
fn client_config(registration: &Registration, issuer: &Url) -> Result<Option<ClientConfig>, RegistrationError> {
    let nobody = RootCertStore::empty();
    // A provider in development. It has no certificate, so that none needs to be trusted, and the machine may
    // lack the list of authorities, without which the client cannot be built.
    let unread = (issuer.scheme() == "http").then_some(&nobody);
    let authorities = registration.authorities.as_ref().or(unread);
    tls::client(authorities, registration.credentials.certificate.as_ref()).map_err(RegistrationError::Authorities)
}

/// An answer of the provider.
pub(super) struct HttpResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Lower case, without parameters; empty if there is none.
    pub(super) media_type: String,
    /// The difference of the provider's clock from ours.
    pub(super) clock_offset: Option<ClockOffset>,
    /// How long to wait before the same is asked again, where the provider says so; at most five minutes.
    pub(super) retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl HttpResponse {
    async fn read(mut response: Response, limit: usize, clock_offset: Option<ClockOffset>) -> Result<Self, HttpError> {
        let status = response.status();
        let headers = response.headers().clone();
        let media_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(|essence| essence.trim().to_ascii_lowercase())
            .unwrap_or_default();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(HttpError::broken_off)? {
            if body.len() + chunk.len() > limit {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self {
            status,
            headers,
            media_type,
            clock_offset,
            retry_after: None,
            body,
        })
    }
}

/// Whether `url` may be talked to: `https`, or `http` to a loopback address where that is switched on; without user name,
/// password and fragment, which have no place in an endpoint's address.
pub(super) fn is_secure(url: &Url, http_loopback: bool) -> bool {
    let scheme = match url.scheme() {
        "https" => true,
        "http" => http_loopback && is_loopback(url),
        _ => false,
    };
    scheme && url.has_host() && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Why there is no answer from the provider.
#[derive(Clone, Debug, thiserror::Error)]
pub enum HttpError {
    /// No connection, or it broke.
    #[error("the provider could not be reached")]
    Unreachable(#[source] Arc<reqwest::Error>),
    /// The connection had been kept from an earlier request, and was closed before anything was answered.
    #[error("the provider closed the connection before it answered")]
    ClosedWhileIdle(#[source] Arc<reqwest::Error>),
    /// The port speaks something else than TLS, which was asked for; most likely `http`.
    #[error("the provider's port speaks no TLS, although https was asked for: it may be an http port")]
    NotTls(#[source] Arc<reqwest::Error>),
    /// The answer began, and broke off: the provider has carried out the request.
    #[error("the provider's answer broke off")]
    BrokenOff(#[source] Arc<reqwest::Error>),
    /// The whole answer was not there in time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// The answer is larger than any that makes sense.
    #[error("the provider's answer is too large")]
    TooLarge,
}

impl HttpError {
    fn unreachable(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let is_not_tls = speaks_no_tls(&error);
        // An address may carry secrets of the operator, and the log line names the endpoint anyway.
        let error = Arc::new(error.without_url());
        if is_not_tls {
            Self::NotTls(error)
        } else {
            Self::Unreachable(error)
        }
    }

    fn unsent(unsent: idle::Unsent) -> Self {
        match Self::unreachable(unsent.error) {
            Self::Unreachable(error) if unsent.closed_while_idle => Self::ClosedWhileIdle(error),
            other => other,
        }
    }

    fn broken_off(error: reqwest::Error) -> Self {
        match Self::unreachable(error) {
            Self::Unreachable(error) => Self::BrokenOff(error),
            other => other,
        }
    }

    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::NotTls(_) | Self::ClosedWhileIdle(_) | Self::BrokenOff(_) => {
                "provider_unreachable"
            }
            Self::Timeout => "provider_timeout",
            Self::TooLarge => "provider_answer_too_large",
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Unreachable(_) | Self::NotTls(_) | Self::ClosedWhileIdle(_) | Self::BrokenOff(_) | Self::Timeout => {
                Fault::Unavailable
            }
            Self::TooLarge => Fault::Provider,
        }
    }
}

/// Whether the first bytes of the other side were no TLS. An `io::Error` hides its inner error from `source`.
fn speaks_no_tls(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(rustls::Error::InvalidMessage(invalid)) = error.downcast_ref() {
            return *invalid == rustls::InvalidMessage::InvalidContentType;
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests;
