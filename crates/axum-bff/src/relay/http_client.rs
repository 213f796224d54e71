//! The HTTP client of one API. It follows nothing, remembers nothing, unpacks nothing, and asks no proxy of the environment.

use super::ApiSettings;
use super::error::SendError;
use super::read_after_close::ReadAfterClose;
use super::request_headers::Head;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, Uri, header};
use futures::future::BoxFuture;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use oidc_relying_party::{ClientCertificate, tls};
use rustls::RootCertStore;
use std::error::Error;
use std::io;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower::Service;

/// Connecting is quick or hopeless.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Shorter than the 5 seconds after which a Node server closes an idle connection.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);
/// A stream's other end that vanished without a word is noticed after a few of these.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The system asks again after this.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(15);
/// So many questions stay without an answer before the connection is over.
const KEEPALIVE_RETRIES: u32 = 3;

/// Why there is no client for an API.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system's certificate authorities cannot be read.
    #[error("the system's certificate authorities cannot be read")]
    Authorities(#[source] rustls::Error),
}

/// The client, and what its connections go by.
#[derive(Clone, Debug)]
pub(super) struct HttpClient {
    client: legacy::Client<Dial, Body>,
    authorities: Option<RootCertStore>,
    certificate: Option<ClientCertificate>,
}

impl HttpClient {
    pub(super) fn new(settings: &ApiSettings) -> Result<Self, ClientError> {
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE_TIMEOUT)
            .build(Dial::new(settings)?);
        Ok(Self {
            client,
            authorities: settings.authorities.clone(),
            certificate: settings.certificate.clone(),
        })
    }

    /// The authorities for the API. None: the system's.
    pub(super) fn authorities(&self) -> Option<&RootCertStore> {
        self.authorities.as_ref()
    }

    /// The certificate that its connections show.
    pub(super) fn certificate(&self) -> Option<&ClientCertificate> {
        self.certificate.as_ref()
    }

    /// Sends a request once. Resolves with the head of the answer.
    pub(super) async fn send(&self, head: Head, body: Body) -> Result<Response<Incoming>, SendError> {
        let mut request = Request::new(body);
        *request.method_mut() = head.method;
        *request.uri_mut() = head.url.as_str().parse::<Uri>()?;
        *request.headers_mut() = head.headers;
        // Here and not earlier: each sending is a span of its own.
        if let Some(trace) = &head.trace {
            trace.add_to(request.headers_mut());
        }
        let anything = HeaderValue::from_static("*/*");
        request.headers_mut().entry(header::ACCEPT).or_insert(anything);
        Ok(self.client.request(request).await?)
    }
}

/// Makes connections, within their bound in time.
#[derive(Clone, Debug)]
struct Dial(HttpsConnector<HttpConnector>);

impl Dial {
    fn new(settings: &ApiSettings) -> Result<Self, ClientError> {
        // An error says that a provider of ciphers is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let is_https = settings.url.scheme() == "https";
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        http.set_keepalive(Some(KEEPALIVE));
        http.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
        http.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
        // An API that stops reading an upload loses its connection after the time that a call may take.
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        http.set_tcp_user_timeout(Some(settings.timeout.max(KEEPALIVE)));
        let nobody = RootCertStore::empty();
        // No certificate is looked at, and the machine may lack the list of authorities.
        let unread = (!is_https).then_some(&nobody);
        let authorities = settings.authorities.as_ref().or(unread);
        let mut tls = tls::config(authorities, settings.certificate.as_ref()).map_err(ClientError::Authorities)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let mut connector = HttpsConnector::from((http, tls));
        if is_https {
            connector.enforce_https();
        }
        Ok(Self(connector))
    }
}

impl Service<Uri> for Dial {
    type Response = ReadAfterClose<MaybeHttpsStream<TokioIo<TcpStream>>>;
    type Error = SendError;
    type Future = BoxFuture<'static, Result<Self::Response, SendError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let dialling = self.0.call(to);
        Box::pin(async move {
            let dialled = timeout(CONNECT_TIMEOUT, dialling).await;
            let stream = dialled.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?;
            Ok(ReadAfterClose::new(stream?))
        })
    }
}

/// Whether a call failed because the API's certificate is not trusted. Nothing has been sent then.
pub(super) fn is_about_a_certificate(error: &SendError) -> bool {
    causes(error).any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))))
}

/// Whether connecting took too long.
pub(super) fn is_timeout(error: &SendError) -> bool {
    causes(error).any(|cause| {
        let error = cause.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    })
}

/// An error, its cause, and so on.
fn causes(error: &SendError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: &(dyn Error + 'static) = &**error;
    std::iter::successors(Some(first), |error| behind(*error))
}

fn behind<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // The inner error of an I/O error is not its `source`.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
