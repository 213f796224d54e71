//! The token record. No page reads a token of it: a page with the [code flow](super::CodeFlow), which stands behind the
//! tokens in the same seal, passes over them.

mod packed;

use super::record;
use super::store::{SealedTokens, StoreError};
use super::{SessionId, Sessions};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// The tokens of a session. They are written and read sealed, and by nothing on the way to a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRecord {
    /// For the provider's userinfo endpoint and for APIs.
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
    /// The private key that the access token is bound to, in base64url. None: it is a bearer token, as in records from
    /// before there were keys.
    #[serde(
        rename = "k",
        default,
        skip_serializing_if = "Option::is_none",
        with = "packed::optional"
    )]
    pub dpop_key: Option<SecretString>,
    /// When the person authenticated for this session (`auth_time`), in seconds since 1970, where the ID Token has a later
    /// time: the person has signed in anew for another application.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub authenticated_at: Option<i64>,
}

/// Tokens as they were read, and the version of their record.
#[derive(Clone, Debug)]
pub struct TokensRead {
    /// The tokens.
    pub record: TokenRecord,
    pub(super) place: Id,
    pub(super) sealed: SealedTokens,
}

impl TokensRead {
    /// Whether the record has been written anew between the two readings.
    #[must_use]
    pub fn is_other_than(&self, later: &Self) -> bool {
        self.sealed.version() != later.sealed.version()
    }
}

impl Sessions {
    /// The tokens of a session, if it has any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn tokens(&self, id: &SessionId) -> Result<Option<TokensRead>, StoreError> {
        match self.place(id) {
            Some(place) => self.tokens_at(place).await,
            None => Ok(None),
        }
    }

    pub(super) async fn tokens_at(&self, place: Id) -> Result<Option<TokensRead>, StoreError> {
        let Some(sealed) = self.store.tokens(&place).await? else {
            return Ok(None);
        };
        let opened = self.open_tokens(place, &sealed);
        Ok(opened.map(|record| TokensRead { record, place, sealed }))
    }

    /// Opens a token record. A record that does not open counts as none, and is logged.
    pub(super) fn open_tokens(&self, place: Id, sealed: &SealedTokens) -> Option<TokenRecord> {
        let opened = record::open_tokens(&self.keys, place, sealed);
        if opened.is_none() {
            tracing::warn!(code = "token_record_unreadable", "a token record does not open");
        }
        opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    /// A record in the form that was written before records could hold a key for DPoP.
    #[derive(Serialize)]
    struct Before<'a> {
        a: &'a str,
        i: &'a str,
        r: Option<&'a str>,
        o: i128,
        e: Option<i128>,
        s: &'a str,
    }

    /// TOK-13
    #[test]
    fn a_record_from_before_there_were_keys_opens_and_one_without_a_key_is_no_longer() {
        let before = Before {
            a: "an access token",
            i: "an ID Token",
            r: Some("a refresh token"),
            o: 1_800_000_000_000,
            e: None,
            s: "openid",
        };
        let written = rmp_serde::to_vec_named(&before).expect("a record");
        let mut record: TokenRecord = rmp_serde::from_slice(&written).expect("the record is read");
        assert!(record.dpop_key.is_none());
        assert_eq!(record.access_token.expose_secret(), "an access token");
        assert_eq!(rmp_serde::to_vec_named(&record).expect("a record"), written);

        // A key of 138 bytes (PKCS #8) has 184 characters in base64.
        record.dpop_key = Some("MIGH".repeat(46).into());
        let bound = rmp_serde::to_vec_named(&record).expect("a record");
        assert!(
            bound.len() <= written.len() + 145,
            "{} bytes more",
            bound.len() - written.len()
        );
        let again: TokenRecord = rmp_serde::from_slice(&bound).expect("the record is read");
        assert_eq!(again.dpop_key.expect("a key").expose_secret(), "MIGH".repeat(46));
    }
}
