//! The browser of the tests, which also signs in at the provider.

pub(crate) use axum_bff::testing::{Answer, FETCH, NAVIGATE};

use axum::Router;
use axum::http::StatusCode;
use provider::Provider;
use serde_json::Value;
use std::ops::{Deref, DerefMut};

#[derive(Clone)]
pub(crate) struct Browser(axum_bff::testing::Browser);

impl Deref for Browser {
    type Target = axum_bff::testing::Browser;

    fn deref(&self) -> &axum_bff::testing::Browser {
        &self.0
    }
}

impl DerefMut for Browser {
    fn deref_mut(&mut self) -> &mut axum_bff::testing::Browser {
        &mut self.0
    }
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self(axum_bff::testing::Browser::new(router))
    }

    /// A browser with the same cookies at another replica.
    pub(crate) fn at(&self, router: Router) -> Self {
        Self(self.0.at(router))
    }

    /// Begins a login, signs in at the provider, and gives the address of the callback.
    pub(crate) async fn callback_address(&mut self, provider: &Provider, username: &str, return_to: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", return_to)
            .finish();
        let start = self.open(&format!("/auth/login?{query}")).await;
        assert_eq!(start.status, StatusCode::SEE_OTHER, "{}", start.text());
        let address = start.location().expect("the provider's address").to_owned();
        provider.authorize(&address, username).await.to_string()
    }

    /// Signs in, and gives the answer of the callback.
    pub(crate) async fn sign_in(&mut self, provider: &Provider, username: &str, return_to: &str) -> Answer {
        let callback = self.callback_address(provider, username, return_to).await;
        self.open(&callback).await
    }

    /// Reads the claims again. That calls the provider with the access token, which is renewed first if it has expired.
    pub(crate) async fn reread(&mut self) -> Value {
        self.call("reread_claims", "").await.json()
    }
}
