//! `BFF_PROFILE=fapi2`, from the start of a login to the sign-out: the client, and a provider that both speak TLS only, each
//! with what the FAPI 2.0 Security Profile demands of it.

mod certificate;
mod doctor;
mod key;
mod refused_logins;
mod refused_settings;

use crate::browser::Browser;
use crate::tls_front::{Authority, Front};
use crate::world::{REFRESHING, World};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use provider::{Call, Endpoint, Fault, PushedAuthorizationRequests, Settings, SignatureFault, SigningAlgorithm};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use tempfile::TempDir;

/// A provider behind TLS, and what keeps it there.
struct Fapi {
    world: World,
    /// Where everybody reaches it.
    front: Front,
    /// What it signs ID Tokens with.
    algorithm: SigningAlgorithm,
    /// Holds the authority that the client trusts.
    folder: TempDir,
}

/// An address where nobody listens yet: what ends TLS has to know it before the provider starts.
fn free() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    free.local_addr().expect("an address")
}

/// The authority of this folder, which the client trusts.
fn ca(folder: &Path) -> String {
    folder.join("ca.pem").to_str().expect("UTF-8").to_owned()
}

impl Fapi {
    /// The client has the profile and these settings; the provider takes pushed requests only and signs ID Tokens so.
    async fn start(
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

    /// Ends what is wrong with the provider. It signs as it did before, and says so.
    fn heal(&self) {
        let listed = json!([self.algorithm]);
        self.world.provider.heal();
        self.world
            .inject(Fault::MetadataMember("id_token_signing_alg_values_supported", listed));
        let signed = SignatureFault::OtherAlgorithm(self.algorithm.clone());
        self.world.inject(Fault::IdTokenSignature(signed));
    }

    /// Signs in and gives the callback's address with the browser.
    async fn signed_in(&self) -> (Browser, String) {
        let mut browser = self.world.browser();
        let callback = browser
            .callback_address(&self.world.provider, "alice", "/profile")
            .await;
        let landing = browser.open(&callback).await;
        assert_eq!(landing.location(), Some("/profile"), "{}", landing.text());
        (browser, callback)
    }

    fn calls_to(&self, endpoint: Endpoint) -> Vec<Call> {
        self.world.provider.calls_to(endpoint)
    }

    /// §5.3.3.2: the browser carries a reference, and everything else was pushed; the code is bound to this client's secret of
    /// this login.
    fn the_request_was_pushed(&self) {
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

    /// Waits for it: tokens are revoked in the background.
    async fn signed_out(&self, mut browser: Browser) {
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

/// Header and claims of a JWS.
pub(crate) fn jws(text: &str) -> [Value; 2] {
    let mut parts = text.split('.').map(|part| {
        let json = URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&json).unwrap_or_default()
    });
    [(); 2].map(|()| parts.next().expect("a part"))
}
