//! The session record, and the sealed form of all records.

use crate::key_ring::{KeyRing, Purpose};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::collections::HashMap;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

/// Who a session belongs to. The pair of issuer and subject names a person; nothing else does
/// (OpenID Connect Core §5.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's issuer identifier.
    pub issuer: String,
    /// The person's identifier at that issuer.
    pub subject: String,
    /// The provider's own session (`sid`), if it names one.
    pub provider_session: Option<String>,
}

/// What every signed-in request reads: who, since when, and the claims that pages may see. It
/// holds no token and has no room for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserSession {
    /// Who is signed in.
    pub identity: Identity,
    /// Claims under the provider's names, limited to the allow-list.
    pub claims: Map<String, Value>,
    /// The person's roles.
    pub roles: Vec<String>,
    /// When the person signed in.
    #[serde(with = "time::serde::timestamp")]
    pub signed_in_at: OffsetDateTime,
    /// When a request of this session was last written down.
    #[serde(with = "time::serde::timestamp")]
    pub last_seen: OffsetDateTime,
}

/// The one member of a stored record: everything else is inside the seal.
const SEALED: &str = "s";

/// Seals `content` for its place in the store. The place is part of the seal, so that a record
/// copied to another place does not open there.
pub(super) fn seal<T: Serialize>(
    keys: &KeyRing,
    purpose: Purpose,
    id: Id,
    content: &T,
    expiry_date: OffsetDateTime,
) -> Record {
    let plaintext = zeroize::Zeroizing::new(serde_json::to_vec(content).expect("records are structs with string keys"));
    let sealed = keys.seal(purpose, &id.0.to_le_bytes(), &plaintext);
    let data = HashMap::from([(SEALED.to_owned(), Value::String(STANDARD_NO_PAD.encode(sealed)))]);
    Record { id, data, expiry_date }
}

/// Opens what [`seal`] sealed. None for anything else.
pub(super) fn open<T: DeserializeOwned>(keys: &KeyRing, purpose: Purpose, record: &Record) -> Option<T> {
    let sealed = STANDARD_NO_PAD.decode(record.data.get(SEALED)?.as_str()?).ok()?;
    let opened = keys.open(purpose, &record.id.0.to_le_bytes(), &sealed).ok()?;
    serde_json::from_slice(&opened.plaintext).ok()
}
