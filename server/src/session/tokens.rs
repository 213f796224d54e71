//! The token record: what a page never reads.

mod packed;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The tokens of a session. They are written and read sealed, and by nothing on the way to a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRecord {
    /// Bearer token for the provider's userinfo endpoint and for APIs.
    #[serde(rename = "a", with = "packed::one")]
    pub access_token: SecretString,
    /// The ID Token as it was issued: the hint at logout.
    #[serde(rename = "i", with = "packed::one")]
    pub id_token: SecretString,
    /// The refresh token, if one was granted.
    #[serde(rename = "r", with = "packed::optional")]
    pub refresh_token: Option<SecretString>,
    /// When these tokens were asked for.
    #[serde(rename = "o", with = "time::serde::timestamp::milliseconds")]
    pub obtained_at: OffsetDateTime,
    /// When the access token expires, if the provider said so.
    #[serde(rename = "e", with = "time::serde::timestamp::milliseconds::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// The granted scope, space-separated.
    #[serde(rename = "s")]
    pub scope: String,
}
