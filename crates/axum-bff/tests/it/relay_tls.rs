//! An API behind TLS. It gets no call unless the authority in the settings has issued its certificate.

use crate::api::{Api, Call, call, json, world};
use crate::redis::certificates::authority;
use crate::tls_front::TlsListener;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use rcgen::{Certificate, CertificateParams, CertifiedIssuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// An API with TLS, the folder with its authority's certificate, and the number of handshakes that were broken off.
pub(crate) struct TlsApi {
    pub(crate) api: Api,
    broken_off: Arc<AtomicUsize>,
    folder: TempDir,
}

impl TlsApi {
    /// `sign` issues a certificate for the key that it gets. The authority that it gets is the one in the file.
    pub(crate) async fn start(sign: impl FnOnce(&KeyPair, &CertifiedIssuer<'static, KeyPair>) -> Certificate) -> Self {
        Self::start_answering(sign, |_| json("{}")).await
    }

    /// The same, with other answers.
    pub(crate) async fn start_answering(
        sign: impl FnOnce(&KeyPair, &CertifiedIssuer<'static, KeyPair>) -> Certificate,
        answer: impl Fn(&Call) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let ours = authority("ours");
        let key = KeyPair::generate().expect("a key");
        let certificate = sign(&key, &ours);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), ours.pem()).expect("written");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a key for its certificate");
        let connections = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = connections.local_addr().expect("an address");
        let broken_off = Arc::new(AtomicUsize::new(0));
        let listener = TlsListener {
            connections,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            broken_off: broken_off.clone(),
        };
        let api = Api::start_on(listener, address, answer);
        Self {
            api,
            broken_off,
            folder,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.api.served.address.port())
    }

    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

pub(crate) fn params(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).expect("a host")
}

#[tokio::test]
async fn an_api_of_a_private_authority_is_called_over_tls() {
    let tls = TlsApi::start(|key, ours| params("localhost").signed_by(key, ours).expect("signed")).await;
    let authority = tls.authority();
    let file = ("BFF_API_ORDERS_CA_FILE", authority.to_str().expect("UTF-8"));
    let world = world(&tls.url(), &[file]).await;
    let mut browser = world.signed_in("alice").await;
    for _ in 0..2 {
        let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
        assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "{}"));
    }
    let calls = tls.api.calls();
    assert!(calls.len() == 2 && calls[0].header("authorization").starts_with("Bearer "));
}

type Sign = fn(&KeyPair, &CertifiedIssuer<'static, KeyPair>) -> Certificate;

#[tokio::test]
async fn an_api_that_cannot_say_who_it_is_gets_nothing() {
    let attempts: [(&str, Sign); 5] = [
        ("its certificate is self-signed", |key, _| {
            params("localhost").self_signed(key).expect("signed")
        }),
        ("an unknown authority issued its certificate", |key, _| {
            params("localhost").signed_by(key, &authority("ours")).expect("signed")
        }),
        ("its certificate has expired", |key, ours| {
            let mut params = params("localhost");
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
            params.signed_by(key, ours).expect("signed")
        }),
        ("its certificate is not valid yet", |key, ours| {
            let mut params = params("localhost");
            params.not_before = date_time_ymd(2999, 1, 1);
            params.not_after = date_time_ymd(3000, 1, 1);
            params.signed_by(key, ours).expect("signed")
        }),
        ("its certificate is for another host", |key, ours| {
            params("other.example").signed_by(key, ours).expect("signed")
        }),
    ];
    for (what, sign) in attempts {
        let tls = TlsApi::start(sign).await;
        let authority = tls.authority();
        let file = ("BFF_API_ORDERS_CA_FILE", authority.to_str().expect("UTF-8"));
        let world = world(&tls.url(), &[file]).await;
        let mut browser = world.signed_in("alice").await;
        for method in [Method::GET, Method::POST] {
            let answer = browser.send(method, "/api/orders/1", &crate::api::CALL, "").await;
            assert_eq!(
                (answer.status, answer.json()["code"].as_str()),
                (StatusCode::BAD_GATEWAY, Some("upstream_untrusted")),
                "{what}"
            );
            assert!(!answer.text().contains("localhost"), "{what}: {}", answer.text());
        }
        assert!(tls.api.calls().is_empty(), "{what}");
        world
            .until("the handshakes are broken off", async || {
                tls.broken_off.load(Ordering::SeqCst) == 2
            })
            .await;
    }
}

#[tokio::test]
async fn an_api_that_speaks_no_tls_is_unreachable_and_gets_nothing() {
    let (api, ours) = (Api::friendly().await, authority("ours"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, ours.pem()).expect("written");
    let file = ("BFF_API_ORDERS_CA_FILE", path.to_str().expect("UTF-8"));
    let world = world(&api.served.url().replace("http:", "https:"), &[file]).await;
    let mut browser = world.signed_in("alice").await;
    let answer = call(&mut browser, Method::GET, "/api/orders/1").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::BAD_GATEWAY, Some("upstream_unreachable"))
    );
    assert!(api.calls().is_empty());
}
