//! The token record: what a page never reads.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

/// The tokens of a session. They are written and read sealed, and by nothing on the way to a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRecord {
    /// Bearer token for the provider's userinfo endpoint and for APIs.
    #[serde(with = "secret")]
    pub access_token: SecretString,
    /// The ID Token as it was issued: the hint at logout.
    #[serde(with = "secret")]
    pub id_token: SecretString,
    /// The refresh token, if one was granted.
    #[serde(with = "optional_secret")]
    pub refresh_token: Option<SecretString>,
    /// When these tokens were asked for.
    #[serde(with = "time::serde::timestamp::milliseconds")]
    pub obtained_at: OffsetDateTime,
    /// When the access token expires, if the provider said so.
    #[serde(with = "time::serde::timestamp::milliseconds::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// The granted scope, space-separated.
    pub scope: String,
}

mod secret {
    use super::{Deserialize, Deserializer, ExposeSecret, SecretString, Serializer};

    pub(super) fn serialize<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose_secret())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
        String::deserialize(deserializer).map(SecretString::from)
    }
}

mod optional_secret {
    use super::{Deserialize, Deserializer, ExposeSecret, SecretString, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(super) fn serialize<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(SecretString::from))
    }
}
