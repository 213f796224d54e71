//! One API: where it is, how it is called, and how much at once.

use super::client_token::ClientTokens;
use super::own_page::Kind;
use super::person::{Person, Room, Rooms};
use super::request_headers::Head;
use super::{RelayError, UpstreamError};
use crate::config::{ApiSettings, ApiToken};
use crate::room::NoRoom;
use crate::tls;
use axum::http::{HeaderName, Method};
use reqwest::Client;
use reqwest::redirect::Policy;
use rustls::RootCertStore;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Connecting is quick or hopeless.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Shorter than the 5 seconds after which a Node server closes an idle connection.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);
/// A stream's other end that vanished without a word is noticed after a few of these.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// One API.
#[derive(Debug)]
pub struct Upstream {
    name: Arc<str>,
    settings: ApiSettings,
    client: Client,
    requests: Rooms,
    streams: Rooms,
    pub(super) client_tokens: ClientTokens,
}

impl Upstream {
    pub(super) fn new(settings: ApiSettings) -> Result<Self, ClientError> {
        Ok(Self {
            name: settings.name.as_str().into(),
            client: client(&settings)?,
            requests: Rooms::new(settings.requests, settings.requests_each),
            streams: Rooms::new(settings.streams, settings.streams_each),
            client_tokens: ClientTokens::default(),
            settings,
        })
    }

    pub(super) fn name(&self) -> Arc<str> {
        self.name.clone()
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

    /// Room for one more of this person's.
    pub(super) fn admit(&self, kind: Kind, person: Person) -> Result<Room, RelayError> {
        let rooms = match kind {
            Kind::Call => &self.requests,
            Kind::EventStream | Kind::Socket => &self.streams,
        };
        rooms.take(person).map_err(|no_room| match no_room {
            NoRoom::All => RelayError::Busy(self.name()),
            NoRoom::Each => RelayError::TooMany(self.name()),
        })
    }

    /// Sends a request once. Resolves with the head of the answer.
    pub(super) async fn send(&self, head: Head, body: reqwest::Body) -> Result<reqwest::Response, RelayError> {
        let mut request = reqwest::Request::new(head.method, head.url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(body);
        self.client.execute(request).await.map_err(|error| {
            self.failed(if error.is_timeout() {
                UpstreamError::Timeout
            } else if is_about_a_certificate(&error) {
                UpstreamError::Untrusted(error.without_url())
            } else {
                UpstreamError::Unreachable(error.without_url())
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

/// Follows nothing, remembers nothing, unpacks nothing, and asks no proxy of the environment.
fn client(settings: &ApiSettings) -> Result<Client, ClientError> {
    // reqwest takes the process's provider; an error says that one is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let is_https = settings.url.scheme() == "https";
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .retry(reqwest::retry::never())
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http1_only()
        .https_only(is_https)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .tcp_keepalive(KEEPALIVE);
    // An API that stops reading an upload keeps its connection no longer than a call may take.
    #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
    {
        builder = builder.tcp_user_timeout(settings.timeout.max(KEEPALIVE));
    }
    let nobody = RootCertStore::empty();
    // No certificate is looked at, and the machine may lack the list of authorities.
    let unread = (!is_https).then_some(&nobody);
    let authorities = settings.authorities.as_ref().or(unread);
    if let Some(tls) = tls::client(authorities, settings.certificate.as_ref()).map_err(ClientError::Authorities)? {
        builder = builder.tls_backend_preconfigured(tls);
    }
    Ok(builder.build()?)
}

/// Why there is no client for an API.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The HTTP client cannot be made: the machine has no list of certificate authorities.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The system's certificate authorities cannot be read.
    #[error("the system's certificate authorities cannot be read")]
    Authorities(#[source] rustls::Error),
}

/// Whether a call failed because the API could not say who it is. Nothing has been sent then.
fn is_about_a_certificate(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // What an I/O error wraps is not its source.
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}
