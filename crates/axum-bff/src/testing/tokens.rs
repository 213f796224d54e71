//! The tokens of a session in a test.

use bff_session::TokenRecord;
use secrecy::SecretString;
use std::time::Duration;
use time::OffsetDateTime;

/// The tokens of a signed-in person, for calls to APIs. No provider issued them, so none renews them.
#[derive(Clone, Debug)]
pub struct Tokens {
    access_token: SecretString,
    lifetime: Option<Duration>,
}

impl Default for Tokens {
    fn default() -> Self {
        Self::new("an access token of a test")
    }
}

impl Tokens {
    /// An access token that does not expire. A [`FakeApi`](super::FakeApi) sees it.
    #[must_use]
    pub fn new(access_token: &str) -> Self {
        Self {
            access_token: SecretString::from(access_token),
            lifetime: None,
        }
    }

    /// An access token that expires after this time of [`TestBff::clock`](super::TestBff::clock). A call of an API is refused
    /// with `token_expired` from then on.
    #[must_use]
    pub fn expire_after(self, lifetime: Duration) -> Self {
        Self {
            lifetime: Some(lifetime),
            ..self
        }
    }

    pub(super) fn into_record(self, obtained_at: OffsetDateTime) -> TokenRecord {
        TokenRecord {
            access_token: self.access_token,
            id_token: SecretString::from("no ID Token"),
            refresh_token: None,
            obtained_at,
            expires_at: self.lifetime.map(|lifetime| obtained_at + lifetime),
            scope: "openid".to_owned(),
            dpop_key: None,
            authenticated_at: None,
        }
    }
}
