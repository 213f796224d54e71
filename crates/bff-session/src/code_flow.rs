//! The code flow by which a session began, and the latest refreshes, for people to see.
//!
//! It stands in the seal of the token record, behind the tokens. So it costs the way to other pages nothing: no page reads
//! that record, and a call to an API or a refresh reads the tokens and stops there. It ends with the tokens. A replica of an
//! earlier version reads the tokens as well, and leaves the code flow out when it writes new ones.

use super::store::StoreError;
use super::{SessionId, Sessions, record};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;

/// So many refreshes are kept, the latest.
const REFRESHES: usize = 5;

/// The steps by which a session began (OpenID Connect Core §3.1.1), and its latest refreshes. They are lengths, algorithms
/// and times; a value or a part of one is never among them.
///
/// It is stored as a list: a member of a later version comes last, and has a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFlow {
    /// When the login began: it was sealed in `state`, and the browser was sent to the provider.
    #[serde(with = "unix_milliseconds")]
    pub begun_at: OffsetDateTime,
    /// The time from there to the session, all steps together.
    #[serde(with = "milliseconds")]
    pub took: Duration,
    /// The length of `state`, in characters.
    pub state_length: usize,
    /// The time until the browser came back with the code.
    #[serde(with = "milliseconds")]
    pub at_provider: Duration,
    /// The length of the code, in characters.
    pub code_length: usize,
    /// Whether the answer named its issuer, which was compared (RFC 9207).
    pub iss: bool,
    /// How this client authenticated at the token endpoint: a name of OpenID Connect Core §9 or RFC 8705 §2, such as
    /// `private_key_jwt`.
    pub client_authentication: String,
    /// The time from the token request to its answer.
    #[serde(with = "milliseconds")]
    pub token_request: Duration,
    /// Whether the access token is bound to a key of this server (RFC 9449).
    pub dpop: bool,
    /// The signature algorithm of the ID Token: a name of RFC 7518 §3.1, such as `RS256`.
    pub algorithm: String,
    /// Whether the ID Token has `at_hash`. The access token then fits it (OpenID Connect Core §3.1.3.8).
    pub at_hash: bool,
    /// The time that the checks of the ID Token took.
    #[serde(with = "milliseconds")]
    pub id_token_checks: Duration,
    /// The time from the request to the userinfo endpoint to its answer. None: nothing was asked there.
    #[serde(with = "optional_milliseconds")]
    pub userinfo: Option<Duration>,
    /// The latest refreshes that brought new tokens, at most five, the oldest first.
    pub refreshes: Vec<TokenRefresh>,
}

/// A refresh that brought new tokens. An attempt that brought none is in the log alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRefresh {
    /// When the provider was asked.
    #[serde(with = "unix_milliseconds")]
    pub asked_at: OffsetDateTime,
    /// The time from the request to the tokens. The ID Token, where one came, is verified by then.
    #[serde(with = "milliseconds")]
    pub took: Duration,
    /// Whether another refresh token came. Otherwise the one that was sent stays good.
    pub rotated: bool,
    /// The ID Token of the answer (OpenID Connect Core §12.2).
    pub id_token: IdTokenOfRefresh,
}

/// What became of the ID Token of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdTokenOfRefresh {
    /// None came.
    #[serde(rename = "n")]
    Absent,
    /// It is verified, and about the same login.
    #[serde(rename = "v")]
    Verified,
    /// Nobody could judge it, so nothing of it is used.
    #[serde(rename = "s")]
    SetAside,
}

impl CodeFlow {
    /// The same after one more refresh.
    pub(super) fn refreshed(mut self, refresh: TokenRefresh) -> Self {
        self.refreshes.push(refresh);
        let surplus = self.refreshes.len().saturating_sub(REFRESHES);
        self.refreshes.drain(..surplus);
        self
    }
}

impl Sessions {
    /// The code flow by which a session began, and its latest refreshes. One read of the store. None where the session has
    /// no tokens any more, and where nobody wrote the code flow down: a replica of an earlier version does not.
    ///
    /// No token is made of the record for it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store does not answer.
    pub async fn code_flow(&self, id: &SessionId) -> Result<Option<CodeFlow>, StoreError> {
        let Some(place) = self.place(id) else {
            return Ok(None);
        };
        let sealed = self.store.tokens(&place).await?;
        Ok(sealed.and_then(|sealed| record::open_code_flow(&self.keys, place, &sealed)))
    }
}

mod milliseconds {
    use super::{Deserialize, Duration, Serialize};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}

mod optional_milliseconds {
    use super::{Deserialize, Duration, Serialize};
    use serde::{Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(super) fn serialize<S: Serializer>(duration: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        let milliseconds = duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
        milliseconds.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(Duration::from_millis))
    }
}

mod unix_milliseconds {
    use super::{Deserialize, OffsetDateTime, Serialize};
    use serde::{Deserializer, Serializer, de, ser};

    const NANOSECONDS: i128 = 1_000_000;

    pub(super) fn serialize<S: Serializer>(moment: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
        let milliseconds = i64::try_from(moment.unix_timestamp_nanos() / NANOSECONDS).map_err(ser::Error::custom)?;
        milliseconds.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
        let nanoseconds = i128::from(i64::deserialize(from)?) * NANOSECONDS;
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
