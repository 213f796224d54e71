//! The session id: what the cookie holds.

use crate::key_ring::{self, KeyId, KeyRing};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

const SECRET: usize = 20;
const TEXT: usize = 32;

/// The id of a session: the id of the key whose digest finds its records, and 160 random bits.
/// As text, 32 characters of URL-safe base64.
///
/// Neither `Debug` nor a log shows the random part: whoever has it has the session.
#[derive(Clone)]
pub struct SessionId {
    key: KeyId,
    secret: Zeroizing<[u8; SECRET]>,
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SessionId")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl SessionId {
    /// A new id, digested with the ring's first key.
    #[must_use]
    pub fn new(keys: &KeyRing) -> Self {
        Self {
            key: keys.first(),
            secret: Zeroizing::new(key_ring::random()),
        }
    }

    /// Reads the form that [`SessionId::to_text`] writes, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let (key, secret) = bytes.split_first_chunk()?;
        Some(Self {
            key: KeyId(*key),
            secret: Zeroizing::new(secret.try_into().ok()?),
        })
    }

    /// The cookie's value.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; KeyId::LENGTH + SECRET]);
        bytes[..KeyId::LENGTH].copy_from_slice(&self.key.0);
        bytes[KeyId::LENGTH..].copy_from_slice(&*self.secret);
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
    }

    pub(super) fn key(&self) -> KeyId {
        self.key
    }

    pub(super) fn secret(&self) -> &[u8] {
        &*self.secret
    }
}
