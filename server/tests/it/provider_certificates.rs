//! A provider behind TLS. The program verifies its certificate with the operating system's authorities, and here a file
//! takes their place (`SSL_CERT_FILE`).

use crate::bff_process::Running;
use crate::browser::NAVIGATE;
use crate::redis::certificates::authority;
use provider::{Client, Endpoint, Fault, Provider, Settings};
use rcgen::{Certificate, CertificateParams, CertifiedIssuer, KeyPair, date_time_ymd};
use reqwest::redirect::Policy;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

const ORIGIN: &str = "https://app.example.com";

type Authority = CertifiedIssuer<'static, KeyPair>;
type Sign = fn(&KeyPair, &Authority) -> Certificate;

/// Accepts TLS connections with a certificate, and passes their content on to the provider.
struct Front {
    port: u16,
    task: JoinHandle<()>,
}

impl Front {
    async fn start(provider: &Provider, ours: &Authority, sign: Sign) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = sign(&key, ours);
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a key for its certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let behind = provider.issuer().replace("http://", "");
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (acceptor, behind) = (acceptor.clone(), behind.clone());
                tokio::spawn(async move {
                    let mut inside = acceptor.accept(connection).await.ok()?;
                    let mut outside = TcpStream::connect(behind).await.ok()?;
                    tokio::io::copy_bidirectional(&mut inside, &mut outside).await.ok()
                });
            }
        });
        Self { port, task }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).expect("a host")
}

fn good(key: &KeyPair, ours: &Authority) -> Certificate {
    params("localhost").signed_by(key, ours).expect("signed")
}

const BAD: [(&str, Sign); 4] = [
    ("self-signed", |key, _| {
        params("localhost").self_signed(key).expect("signed")
    }),
    ("unknown authority", |key, _| {
        params("localhost").signed_by(key, &authority("ours")).expect("signed")
    }),
    ("expired", |key, ours| {
        let mut params = params("localhost");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        params.signed_by(key, ours).expect("signed")
    }),
    ("wrong host", |key, ours| {
        params("other.example").signed_by(key, ours).expect("signed")
    }),
];

const MEMBERS: [(&str, Endpoint); 6] = [
    ("authorization_endpoint", Endpoint::Authorization),
    ("token_endpoint", Endpoint::Token),
    ("userinfo_endpoint", Endpoint::Userinfo),
    ("jwks_uri", Endpoint::Jwks),
    ("end_session_endpoint", Endpoint::EndSession),
    ("revocation_endpoint", Endpoint::Revocation),
];

/// Makes the provider say that it is at `front`, and that one endpoint is at another front.
fn is_at(provider: &Provider, front: &Front, elsewhere: Option<(Endpoint, &Front)>) {
    provider.heal();
    provider.forget_calls();
    provider.inject(Fault::MetadataMember("issuer", front.url().into()));
    provider.inject(Fault::IdTokenClaim("iss", front.url().into()));
    provider.inject(Fault::AuthorizationParameter("iss", front.url()));
    for (member, endpoint) in MEMBERS {
        let at = match elsewhere {
            Some((moved, other)) if moved == endpoint => other,
            _ => front,
        };
        provider.inject(Fault::MetadataMember(
            member,
            format!("{}{}", at.url(), endpoint.path()).into(),
        ));
    }
}

/// Starts the program for the provider at this address.
fn bff(issuer: &str, client: &Client, authorities: &std::path::Path) -> Running {
    Running::start_with(&[
        ("BFF_ISSUER", issuer),
        ("BFF_CLIENT_SECRET", &client.secret),
        ("BFF_PROVIDER_TIMEOUT", "5s"),
        ("SSL_CERT_FILE", authorities.to_str().expect("UTF-8")),
    ])
}

/// Opens a page of the program without following redirects. Returns the status, the location, and the first cookie.
async fn open(bff: &Running, path: &str, cookie: &str) -> (u16, String, String) {
    let nobody = ClientConfig::builder()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().no_proxy().redirect(Policy::none());
    let client = client.tls_backend_preconfigured(nobody).build().expect("a client");
    let mut request = client
        .get(format!("http://{}{path}", bff.address))
        .header("cookie", cookie);
    for (name, value) in NAVIGATE {
        request = request.header(name, value);
    }
    let answer = request.send().await.expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let cookie = header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    (answer.status().as_u16(), header("location"), cookie)
}

/// Signs Alice in. Returns the location and the first cookie of the answer to the callback.
async fn sign_in(bff: &Running, provider: &Provider) -> (String, String) {
    let (status, location, login) = open(bff, "/auth/login?return_to=/profile", "").await;
    assert_eq!(status, 303, "{location}");
    let callback = provider.authorize(&location, "alice").await.to_string();
    let path = callback.strip_prefix(ORIGIN).expect("our own address");
    let (_, location, cookie) = open(bff, path, &login).await;
    (location, cookie)
}

/// DISC-05
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_cannot_prove_its_name_gets_nothing() {
    let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/signed-out"));
    let provider = Provider::start(Settings::new(client.clone())).await.expect("it starts");
    let ours = authority("ours");
    let folder = tempfile::tempdir().expect("a folder");
    let authorities = folder.path().join("ca.pem");
    std::fs::write(&authorities, ours.pem()).expect("written");
    let front = Front::start(&provider, &ours, good).await;

    is_at(&provider, &front, None);
    let landing = sign_in(&bff(&front.url(), &client, &authorities), &provider).await;
    assert_eq!(landing.0, "/profile", "with good certificates");
    assert!(landing.1.starts_with("__Host-Http-session="));

    for (name, sign) in BAD {
        let bad = Front::start(&provider, &ours, sign).await;
        is_at(&provider, &bad, None);
        let (status, ..) = open(&bff(&bad.url(), &client, &authorities), "/auth/login", "").await;
        assert_eq!((status, provider.calls().len()), (503, 0), "{name}: metadata");
        for endpoint in [Endpoint::Token, Endpoint::Jwks, Endpoint::Userinfo] {
            is_at(&provider, &front, Some((endpoint, &bad)));
            let (location, cookie) = sign_in(&bff(&front.url(), &client, &authorities), &provider).await;
            assert!(
                location.starts_with("/sign-in-failed?"),
                "{name}: {endpoint:?}: {location}"
            );
            assert_eq!(cookie, "", "{name}: {endpoint:?}");
            assert!(provider.calls_to(endpoint).is_empty(), "{name}: {endpoint:?}");
        }
    }
}
