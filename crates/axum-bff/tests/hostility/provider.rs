//! A provider on loopback that publishes two keys. It issues the ID Token that a test gives it.

use crate::tokens::{self, NOW};
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use bff_clock::Clock;
use oidc_relying_party::{IdTokenAlgorithm, Registration, RelyingParty};
use serde_json::{Value, json};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use url::Url;

pub(crate) const CLIENT_ID: &str = "client";

/// An audience that is trusted besides our own.
pub(crate) const TRUSTED: &str = "trusted";

pub(crate) const ACCESS_TOKEN: &str = "an access token";

pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) announces_iss: bool,
    id_token: Arc<Mutex<String>>,
    clock: PatientClock,
}

/// A clock that stands still. A sleep ends at once, and sets the clock to the time of waking until the next ID Token is
/// issued. So a verification that waits before it reads the keys again takes no real time.
#[derive(Clone, Debug)]
struct PatientClock(Arc<Mutex<OffsetDateTime>>);

impl PatientClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Self::start())))
    }

    fn start() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(NOW).expect("a time")
    }

    fn set(&self, now: OffsetDateTime) {
        *self.0.lock().expect("the time") = now;
    }
}

impl Clock for PatientClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().expect("the time")
    }

    fn sleep_until(&self, at: OffsetDateTime) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.set(self.now().max(at));
        Box::pin(std::future::ready(()))
    }
}

impl Provider {
    /// Serves until the runtime ends.
    pub(crate) async fn start(announces_iss: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let issuer = format!("http://localhost:{port}/op");
        let id_token = Arc::default();
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "EdDSA", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": announces_iss,
        });
        let jwks = tokens::signature::jwks();
        let router = Router::new()
            .route("/op/.well-known/openid-configuration", get(async || Json(metadata)))
            .route("/op/jwks", get(async || Json(jwks)))
            .route("/op/token", post(token))
            .with_state(Arc::clone(&id_token));
        tokio::spawn(async { axum::serve(listener, router).await });
        Self {
            issuer,
            announces_iss,
            id_token,
            clock: PatientClock::new(),
        }
    }

    pub(crate) fn relying_party(&self) -> RelyingParty {
        let url = |text: &str| Url::parse(text).expect("a URL");
        let mut registration = Registration::new(
            self.issuer.clone(),
            CLIENT_ID.to_owned(),
            "a secret".into(),
            url("http://localhost:3000/auth/callback"),
            url("http://localhost:3000/signed-out"),
        );
        registration.http_loopback = true;
        // The metadata lists more algorithms, which have to be refused.
        registration.id_token_algorithms = Some(vec![IdTokenAlgorithm::Rs256]);
        registration.trusted_audiences = vec![TRUSTED.to_owned()];
        RelyingParty::new(registration, Arc::new(self.clock.clone())).expect("a relying party")
    }

    /// The next answer of the token endpoint has this ID Token.
    pub(crate) fn issue(&self, id_token: String) {
        self.clock.set(PatientClock::start());
        *self.id_token.lock().expect("the ID Token") = id_token;
    }

    /// A text of a corpus, with this provider's issuer in place of the variables.
    pub(crate) fn named(&self, text: &str) -> String {
        let loud = self.issuer.to_uppercase();
        text.replace("$ISSUER_LOUD", &loud).replace("$ISSUER", &self.issuer)
    }
}

async fn token(State(id_token): State<Arc<Mutex<String>>>) -> Json<Value> {
    let id_token = id_token.lock().expect("the ID Token").clone();
    Json(json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token }))
}
