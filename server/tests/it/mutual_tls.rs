//! Mutual TLS with the provider (RFC 8705): its endpoints behind a server that lets nobody in without a certificate.

use crate::redis::certificates::authority;
use crate::relay_tls::TlsListener;
use crate::world::World;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::response::Response;
use provider::{Authentication, Endpoint, Fault, PushedAuthorizationRequests};
use rcgen::{CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn trusting(authority: &Authority) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add(authority.der().clone()).expect("an authority");
    store
}

/// A certificate in PEM, and its key.
fn issued(by: &Authority, host: &str, purpose: ExtendedKeyUsagePurpose) -> (String, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
    params.extended_key_usages.push(purpose);
    (params.signed_by(&key, by).expect("signed").pem(), key)
}

/// Ends TLS in front of the provider, and tells it that the client had a certificate. Without one there is no connection.
struct Front {
    url: String,
    broken_off: Arc<AtomicUsize>,
    serving: tokio::task::JoinHandle<()>,
}

impl Front {
    async fn start(world: &World, servers: &Authority, clients: &Authority) -> Self {
        use rustls::pki_types::pem::PemObject;
        let (certificate, key) = issued(servers, "localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(trusting(clients)), ring.clone());
        let config = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_client_cert_verifier(verifier.build().expect("a verifier"))
            .with_single_cert(vec![certificate], key)
            .expect("a key for its certificate");
        let connections = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = connections.local_addr().expect("an address").port();
        let broken_off = Arc::new(AtomicUsize::new(0));
        let listener = TlsListener {
            connections,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            broken_off: broken_off.clone(),
        };
        let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(nobody.with_no_client_auth())
            .build()
            .expect("a client");
        let router = Router::new()
            .fallback(pass_on)
            .with_state((client, world.provider.issuer().to_owned()));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
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

async fn pass_on(State((client, provider)): State<(reqwest::Client, String)>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.headers.remove(HOST);
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let request = client
        .request(parts.method, format!("{provider}{}", parts.uri))
        .headers(parts.headers)
        .header("x-client-certificate", "verified")
        .body(body);
    let answer = request.send().await.expect("an answer");
    let mut response = Response::builder().status(answer.status());
    *response.headers_mut().expect("headers") = answer.headers().clone();
    let body = answer.bytes().await.expect("a body");
    response.body(Body::from(body)).expect("a response")
}

/// A client with a certificate of `clients`, at a provider whose own is of `servers`.
async fn world(clients: &Authority, servers: &Authority, pushing: &str) -> (World, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, servers.pem()).expect("written");
    let (chain, key) = issued(clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    let settings = [
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key.serialize_pem()),
        ("BFF_PROVIDER_CA_FILE", ca.to_str().expect("UTF-8")),
        ("BFF_SCOPES", crate::world::REFRESHING),
        ("BFF_PAR", pushing),
    ];
    let world = World::start_at(&settings, |it| {
        it.client.authentication = Authentication::TlsClientAuth;
        it.pushed_authorization_requests = PushedAuthorizationRequests::Offered;
    })
    .await;
    (world, folder)
}

fn with_aliases(world: &World, front: &Front) {
    let alias = |path: &str| format!("{}{path}", front.url);
    let aliases = json!({
        "token_endpoint": alias("/token"), "userinfo_endpoint": alias("/userinfo"), "revocation_endpoint": alias("/revoke"),
        "pushed_authorization_request_endpoint": alias("/par"),
    });
    world.inject(Fault::MetadataMember("mtls_endpoint_aliases", aliases));
}

/// The Foundation's module `oidcc-client-test-mtls-endpoint-aliases`: what needs a certificate is called where one is asked for.
#[tokio::test]
async fn tok_02_tok_03_oidcc_client_test_mtls_endpoint_aliases() {
    let (servers, clients) = (authority("servers"), authority("clients"));
    let (world, _folder) = world(&clients, &servers, "required").await;
    let front = Front::start(&world, &servers, &clients).await;
    with_aliases(&world, &front);
    let mut browser = world.signed_in("alice").await;
    browser.submit("/auth/logout").await;
    world
        .until("the refresh token is revoked", async || {
            !world.provider.calls_to(Endpoint::Revocation).is_empty()
        })
        .await;
    for endpoint in [
        Endpoint::PushedAuthorizationRequest,
        Endpoint::Token,
        Endpoint::Userinfo,
        Endpoint::Revocation,
    ] {
        let calls = world.provider.calls_to(endpoint);
        assert!(!calls.is_empty(), "{endpoint:?}");
        for call in calls {
            assert_eq!(call.header("x-client-certificate"), Some("verified"), "{endpoint:?}");
            if endpoint != Endpoint::Userinfo {
                assert!(call.header("authorization").is_none(), "one method only");
                let of_the_client = call.form.iter().filter(|(name, _)| name.starts_with("client_"));
                let expected = ("client_id".to_owned(), world.client.id.clone());
                assert_eq!(of_the_client.collect::<Vec<_>>(), [&expected]);
            }
        }
    }
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks] {
        let calls = world.provider.calls_to(endpoint);
        assert!(calls.iter().all(|call| call.header("x-client-certificate").is_none()));
    }
}

#[tokio::test]
async fn disc_05_whoever_does_not_trust_the_other_sends_nothing() {
    let (servers, clients, other) = (authority("servers"), authority("clients"), authority("others"));
    for (servers_of_front, clients_of_front) in [(&servers, &other), (&other, &clients)] {
        let (world, _folder) = world(&clients, &servers, "off").await;
        let front = Front::start(&world, servers_of_front, clients_of_front).await;
        with_aliases(&world, &front);
        let answer = world.browser().sign_in(&world.provider, "alice", "/").await;
        assert!(answer.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
        assert!(world.provider.calls_to(Endpoint::Token).is_empty());
        world
            .until("the handshake is broken off", async || {
                front.broken_off.load(Ordering::SeqCst) == 1
            })
            .await;
    }
}
