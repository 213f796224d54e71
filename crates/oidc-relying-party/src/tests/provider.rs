//! A provider that does everything right until a test sets another answer.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;
use url::Url;

use super::{
    answerer::{Answerer, Call, Reply},
    signing_key::{self, RSA},
};
use crate::{AccessToken, AuthenticationWanted, AuthorizationGrant, PendingAuthorization, Registration, RelyingParty};
use bff_clock::{Clock, ManualClock};

pub(crate) const CLIENT_ID: &str = "client";
pub(crate) const CLIENT_SECRET: &str = "canary-client-secret";
pub(crate) const CODE: &str = "canary-code";
pub(crate) const NONCE: &str = "canary-nonce";
pub(crate) const CODE_VERIFIER: &str = "canary-code-verifier-canary-code-verifier-0";
pub(crate) const ACCESS_TOKEN: &str = "canary-access-token";
pub(crate) const REFRESH_TOKEN: &str = "canary-refresh-token";

/// The time of the tests. It is a whole second, so that a test can reach a limit exactly.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a time")
}

pub(crate) fn registration(issuer: &str) -> Registration {
    let url = |text: &str| Url::parse(text).expect("a URL");
    let mut registration = Registration::new(
        issuer.to_owned(),
        CLIENT_ID.to_owned(),
        CLIENT_SECRET.into(),
        url("http://localhost:3000/auth/callback"),
        url("http://localhost:3000/signed-out"),
    );
    registration.scopes = vec!["openid".to_owned(), "profile".to_owned()];
    registration.http_loopback = true;
    registration
}

/// Valid metadata of this issuer.
pub(crate) fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/end-session"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    })
}

/// The claims of a valid ID Token.
pub(crate) fn claims(issuer: &str) -> Value {
    let now = now().unix_timestamp();
    json!({
        "iss": issuer, "sub": "alice", "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": NONCE,
        "sid": "session-1", "name": "Alice",
    })
}

pub(crate) fn token_response(id_token: &str) -> Value {
    json!({
        "access_token": ACCESS_TOKEN, "token_type": "Bearer", "id_token": id_token,
        "refresh_token": REFRESH_TOKEN, "expires_in": 300,
    })
}

/// An access token that is not bound to a key.
pub(crate) fn access_token() -> AccessToken {
    AccessToken {
        token: ACCESS_TOKEN.into(),
        dpop_key: None,
    }
}

pub(crate) fn pending(issuer: &str) -> PendingAuthorization {
    PendingAuthorization {
        issuer: issuer.to_owned(),
        nonce: NONCE.into(),
        code_verifier: CODE_VERIFIER.into(),
        wanted: AuthenticationWanted::default(),
        dpop_key: None,
    }
}

pub(crate) fn grant() -> AuthorizationGrant {
    let secret = |text: &str| SecretString::from(text);
    AuthorizationGrant {
        code: secret(CODE),
        nonce: secret(NONCE),
        code_verifier: secret(CODE_VERIFIER),
        wanted: AuthenticationWanted::default(),
        dpop_key: None,
    }
}

#[derive(Debug)]
pub(crate) struct Provider {
    answerer: Answerer,
    pub(crate) clock: ManualClock,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let answerer = Answerer::start().await;
        let provider = Self {
            answerer,
            clock: ManualClock::new(now()),
        };
        let issuer = provider.issuer();
        provider.set("/.well-known/openid-configuration", Reply::json(&metadata(issuer)));
        provider.publish(&json!([signing_key::jwk(&*RSA, json!({ "kid": "1" }))]));
        provider.issue(&signing_key::jws(&*RSA, &signing_key::rs256(), &claims(issuer)));
        provider.set(
            "/userinfo",
            Reply::json(&json!({ "sub": "alice", "email": "alice@example.org" })),
        );
        provider
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.answerer.origin
    }

    pub(crate) fn relying_party(&self) -> RelyingParty {
        self.relying_party_with(|_| {})
    }

    pub(crate) fn relying_party_with(&self, change: impl FnOnce(&mut Registration)) -> RelyingParty {
        let mut registration = registration(self.issuer());
        change(&mut registration);
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        RelyingParty::new(registration, clock).expect("a relying party")
    }

    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.answerer.set(path, reply);
    }

    pub(crate) fn publish(&self, keys: &Value) {
        self.set("/jwks", Reply::json(&json!({ "keys": keys })));
    }

    pub(crate) fn issue(&self, id_token: &str) {
        self.set("/token", Reply::json(&token_response(id_token)));
    }

    pub(crate) fn calls(&self, path: &str) -> Vec<Call> {
        self.answerer.calls(path)
    }

    /// The result of `step`. The manual clock advances by half a second each time that the step waits for 50 ms.
    pub(crate) async fn while_time_passes<T>(&self, step: impl Future<Output = T>) -> T {
        tokio::pin!(step);
        loop {
            match tokio::time::timeout(Duration::from_millis(50), &mut step).await {
                Ok(outcome) => return outcome,
                Err(_) => self.clock.advance(Duration::from_millis(500)),
            }
        }
    }
}
