//! A provider and a client of the profile. The client has a key or a certificate.

use crate::browser::Browser;
use crate::redis::certificates::authority;
use crate::tls_front::{Authority, Front, fingerprint, issued};
use crate::world::{REFRESHING, World};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc_relying_party::ClientKeys;
use provider::{
    Authentication, Call, Dpop, Endpoint, Fault, PushedAuthorizationRequests, Settings, SignatureFault,
    SigningAlgorithm,
};
use rcgen::{ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use tempfile::TempDir;

/// A provider behind TLS, and the parts that a test needs of it.
pub(crate) struct Fapi {
    pub(crate) world: World,
    /// The TLS front at which browsers and the client reach the provider.
    pub(crate) front: Front,
    /// The algorithm of the ID Tokens.
    pub(crate) algorithm: SigningAlgorithm,
    /// The folder with the certificate authority that the client trusts.
    pub(crate) folder: TempDir,
}

/// An address at which no server listens yet: the TLS front has to know it before the provider starts.
pub(crate) fn free() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    free.local_addr().expect("an address")
}

/// The path of the certificate authority in this folder.
pub(crate) fn ca(folder: &Path) -> String {
    folder.join("ca.pem").to_str().expect("UTF-8").to_owned()
}

impl Fapi {
    /// The client has the profile and these settings. The provider takes pushed authorization requests only, and signs
    /// ID Tokens with this algorithm.
    pub(crate) async fn start(
        front: Front,
        (servers, listen): (&Authority, SocketAddr),
        (settings, algorithm): (&[(&str, &str)], SigningAlgorithm),
        shape: impl FnOnce(&mut Settings),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), servers.pem()).expect("written");
        let ca = ca(folder.path());
        let of_the_profile = [
            ("BFF_PROFILE", "fapi2"),
            ("BFF_HTTP_LOOPBACK", "off"),
            ("BFF_CLIENT_SECRET", ""),
            ("BFF_PROVIDER_CA_FILE", &*ca),
            ("BFF_API_ORDERS_CA_FILE", &*ca),
            ("BFF_SCOPES", REFRESHING),
            ("BFF_SESSION_IDLE", "8h"),
        ];
        let world = World::start_at(&[&of_the_profile[..], settings].concat(), |it| {
            it.listen = listen;
            it.origin = Some(front.url.clone());
            it.pushed_authorization_requests = PushedAuthorizationRequests::Required;
            shape(it);
        })
        .await;
        let fapi = Self {
            world,
            front,
            algorithm,
            folder,
        };
        fapi.heal();
        fapi
    }

    /// Ends the faults of the provider. It keeps its algorithm of ID Tokens, which its metadata list.
    pub(crate) fn heal(&self) {
        let listed = json!([self.algorithm]);
        self.world.provider.heal();
        self.world
            .inject(Fault::MetadataMember("id_token_signing_alg_values_supported", listed));
        let signed = SignatureFault::OtherAlgorithm(self.algorithm.clone());
        self.world.inject(Fault::IdTokenSignature(signed));
    }

    /// Signs in, and gives the browser and the address of the callback.
    pub(crate) async fn signed_in(&self) -> (Browser, String) {
        let mut browser = self.world.browser();
        let callback = browser
            .callback_address(&self.world.provider, "alice", "/profile")
            .await;
        let landing = browser.open(&callback).await;
        assert_eq!(landing.location(), Some("/profile"), "{}", landing.text());
        (browser, callback)
    }

    pub(crate) fn calls_to(&self, endpoint: Endpoint) -> Vec<Call> {
        self.world.provider.calls_to(endpoint)
    }

    /// §5.3.3.2: the browser carries a reference, and everything else was pushed. PKCE binds the code to this login.
    pub(crate) fn the_request_was_pushed(&self) {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let carried = &self.calls_to(Endpoint::Authorization)[0];
        assert_eq!(names(&carried.query), ["client_id", "request_uri"]);
        let pushed = &self.calls_to(Endpoint::PushedAuthorizationRequest)[0];
        assert_eq!((pushed.method.as_str(), pushed.query.len()), ("POST", 0));
        assert_eq!(pushed.parameter("response_type"), Some("code"));
        assert_eq!(pushed.parameter("code_challenge_method"), Some("S256"));
        let redirect_uri = "https://app.example.com/auth/callback";
        assert_eq!(pushed.parameter("redirect_uri"), Some(redirect_uri));
        for name in ["state", "nonce"] {
            assert!(pushed.parameter(name).is_some_and(|value| value.len() >= 22), "{name}");
        }
        let redeemed = self.calls_to(Endpoint::Token);
        let verifier = redeemed[0].parameter("code_verifier").expect("a verifier");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        assert_eq!(pushed.parameter("code_challenge"), Some(&*challenge));
    }

    /// Signs out, and waits until the refresh token is revoked, which happens in the background.
    pub(crate) async fn signed_out(&self, mut browser: Browser) {
        let answer = browser.submit("/auth/logout").await;
        let leads = answer.leads_to().unwrap_or_default();
        assert!(
            leads.starts_with(&format!("{}/end-session?", self.front.url)),
            "{leads}"
        );
        assert_eq!(browser.session().await["status"], "anonymous");
        let revoked = async || !self.calls_to(Endpoint::Revocation).is_empty();
        self.world.until("the refresh token is revoked", revoked).await;
    }
}

/// A client whose only credential is a P-256 key, and a provider that gives bound tokens only.
pub(crate) async fn with_key(nonces: bool) -> Fapi {
    let (servers, listen) = (authority("servers"), free());
    let front = Front::start(&format!("http://{listen}"), &servers, None).await;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let (key, api) = (key.serialize_pem(), format!("{}/resource", front.url));
    let settings = [
        ("BFF_CLIENT_KEY", &*key),
        ("BFF_API_ORDERS", &*api),
        ("BFF_API_ORDERS_DPOP", "on"),
    ];
    let registered = ClientKeys::from_pem(&key).expect("keys").jwk_set();
    let signed = (&settings[..], SigningAlgorithm::RsaSsaPssSha256);
    Fapi::start(front, (&servers, listen), signed, |it| {
        it.client.authentication = Authentication::PrivateKeyJwt(registered);
        it.dpop = Dpop::Required;
        it.dpop_nonces = nonces;
    })
    .await
}

/// A provider whose endpoints for clients, and whose API, demand a client certificate.
pub(crate) struct Mutual {
    pub(crate) fapi: Fapi,
    /// The TLS front that demands a client certificate.
    pub(crate) guarded: Front,
    /// The fingerprint of the client's certificate.
    pub(crate) certificate: String,
}

pub(crate) async fn with_certificate() -> Mutual {
    let (servers, clients, listen) = (authority("servers"), authority("clients"), free());
    let behind = format!("http://{listen}");
    let front = Front::start(&behind, &servers, None).await;
    let guarded = Front::start(&behind, &servers, Some(&clients)).await;
    let (chain, key) = issued(&clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    let (key, api) = (key.serialize_pem(), format!("{}/resource", guarded.url));
    let settings = [
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key),
        ("BFF_API_ORDERS", &*api),
        ("BFF_API_ORDERS_CERTIFICATE", "on"),
    ];
    let signed = (&settings[..], SigningAlgorithm::EcdsaP256Sha256);
    let fapi = Fapi::start(front, (&servers, listen), signed, |it| {
        it.client.authentication = Authentication::TlsClientAuth;
        it.certificate_bound_access_tokens = true;
    })
    .await;
    let alias = |path: &str| format!("{}{path}", guarded.url);
    let aliases = json!({
        "token_endpoint": alias("/token"), "userinfo_endpoint": alias("/userinfo"),
        "revocation_endpoint": alias("/revoke"), "pushed_authorization_request_endpoint": alias("/par"),
    });
    fapi.world
        .inject(Fault::MetadataMember("mtls_endpoint_aliases", aliases));
    Mutual {
        fapi,
        guarded,
        certificate: fingerprint(&chain),
    }
}
