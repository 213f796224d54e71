//! A TLS server in front of the provider, which speaks plain HTTP. It passes requests on, and adds the fingerprint of
//! the client's certificate as `x-client-certificate`.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::HOST;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Accepts connections whose TLS handshake has succeeded, and counts the others in `broken_off`.
pub(crate) struct TlsListener {
    pub(crate) connections: TcpListener,
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) broken_off: Arc<AtomicUsize>,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (connection, address) = Listener::accept(&mut self.connections).await;
            match self.acceptor.accept(connection).await {
                Ok(stream) => return (stream, address),
                Err(_) => self.broken_off.fetch_add(1, Ordering::SeqCst),
            };
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.connections.local_addr()
    }
}

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

/// Issues a certificate. Returns it in PEM, with its key.
pub(crate) fn issued(by: &Authority, host: &str, purpose: ExtendedKeyUsagePurpose) -> (String, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
    params.extended_key_usages.push(purpose);
    (params.signed_by(&key, by).expect("signed").pem(), key)
}

/// The value of `x-client-certificate` for a certificate in PEM: its `x5t#S256` (RFC 8705 §3.1).
pub(crate) fn fingerprint(pem: &str) -> String {
    digest(&CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate"))
}

fn digest(certificate: &CertificateDer<'_>) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(certificate))
}

/// The TLS server, with a certificate for `localhost`.
pub(crate) struct Front {
    pub(crate) url: String,
    /// The number of handshakes that failed.
    pub(crate) broken_off: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

impl Front {
    /// Passes requests on to `behind`, an address with `http`. With `clients`, it refuses connections without a
    /// certificate that they issued.
    pub(crate) async fn start(behind: &str, servers: &Authority, clients: Option<&Authority>) -> Self {
        let connections = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = connections.local_addr().expect("an address").port();
        let broken_off = Arc::new(AtomicUsize::new(0));
        let listener = TlsListener {
            connections,
            acceptor: TlsAcceptor::from(Arc::new(config(servers, clients))),
            broken_off: broken_off.clone(),
        };
        let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(nobody.with_no_client_auth())
            .build()
            .expect("a client");
        let service = Router::new()
            .fallback(pass_on)
            .with_state((client, behind.to_owned()))
            .into_make_service_with_connect_info::<Shown>();
        let serving = tokio::spawn(async move { axum::serve(listener, service).await.expect("a server") });
        Self {
            url: format!("https://localhost:{port}"),
            broken_off,
            serving,
        }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn config(servers: &Authority, clients: Option<&Authority>) -> ServerConfig {
    let (certificate, key) = issued(servers, "localhost", ExtendedKeyUsagePurpose::ServerAuth);
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(ring.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = match clients {
        Some(clients) => {
            let mut trusted = RootCertStore::empty();
            trusted.add(clients.der().clone()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(trusted), ring);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        }
        None => builder.with_no_client_auth(),
    };
    builder
        .with_single_cert(vec![certificate], key)
        .expect("a key for its certificate")
}

/// The fingerprint of the client's certificate, if the client sent one.
#[derive(Clone)]
struct Shown(Option<String>);

impl Connected<IncomingStream<'_, TlsListener>> for Shown {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        let (_, connection) = stream.io().get_ref();
        let chain = connection.peer_certificates().unwrap_or_default();
        Self(chain.first().map(digest))
    }
}

async fn pass_on(
    State((client, behind)): State<(reqwest::Client, String)>,
    ConnectInfo(Shown(certificate)): ConnectInfo<Shown>,
    request: Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.headers.remove(HOST);
    if let Some(certificate) = certificate {
        let value = HeaderValue::try_from(certificate).expect("base64url");
        parts.headers.insert("x-client-certificate", value);
    }
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let request = client
        .request(parts.method, format!("{behind}{}", parts.uri))
        .headers(parts.headers)
        .body(body);
    let answer = request.send().await.expect("an answer");
    let mut response = Response::builder().status(answer.status());
    *response.headers_mut().expect("headers") = answer.headers().clone();
    let body = answer.bytes().await.expect("a body");
    response.body(Body::from(body)).expect("a response")
}
