//! The session id, the value of the cookie.
//!
//! It tells by itself that it is one of ours: with it goes a short MAC over it, so that an id that somebody has made up
//! is known for one without asking the store.

use super::Sessions;
use crate::key_ring::{self, KeyId, KeyRing, Purpose};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tower_sessions::session::Id;
use zeroize::Zeroizing;

const SECRET: usize = 20;
/// HMAC-SHA-256, cut to 96 bits. One guess in 2^96 makes us ask the store, in vain.
const MAC: usize = 12;
const TEXT: usize = 48;

/// The id of a session: the id of the key whose digest finds its records, 160 random bits, and a MAC of 96 bits over
/// these, made with a key derived from that same key. As text, 48 characters of URL-safe base64.
///
/// Neither `Debug` nor a log shows the random part, because it opens the session.
#[derive(Clone)]
pub struct SessionId {
    key: KeyId,
    secret: Zeroizing<[u8; SECRET]>,
    mac: [u8; MAC],
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
        let secret = Zeroizing::new(key_ring::random::<SECRET>());
        // The ring may take another first key at any moment.
        let keys = keys.snapshot();
        let Some(digest) = keys.digest(keys.first(), Purpose::SessionId, &*secret) else {
            unreachable!("a ring has its own first key")
        };
        let mut mac = [0; MAC];
        mac.copy_from_slice(&digest[..MAC]);
        Self {
            key: keys.first(),
            mac,
            secret,
        }
    }

    /// Reads the form that [`SessionId::to_text`] writes, and nothing else. Whether we have made it says
    /// [`SessionId::is_ours`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT {
            return None;
        }
        let mut bytes = Zeroizing::new([0; KeyId::LENGTH + SECRET + MAC]);
        // Of 48 characters, these bytes are exactly as many.
        URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes).ok()?;
        let (key, rest) = bytes.split_first_chunk()?;
        let (secret, mac) = rest.split_first_chunk()?;
        Some(Self {
            key: KeyId(*key),
            secret: Zeroizing::new(*secret),
            mac: mac.try_into().ok()?,
        })
    }

    /// Whether a key of the ring has made it. The time that it takes does not depend on how much of a MAC is right.
    #[must_use]
    pub fn is_ours(&self, keys: &KeyRing) -> bool {
        keys.verifies(self.key, Purpose::SessionId, &*self.secret, &self.mac)
    }

    /// The cookie's value.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; KeyId::LENGTH + SECRET + MAC]);
        bytes[..KeyId::LENGTH].copy_from_slice(&self.key.0);
        bytes[KeyId::LENGTH..][..SECRET].copy_from_slice(&*self.secret);
        bytes[KeyId::LENGTH + SECRET..].copy_from_slice(&self.mac);
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
    }
}

impl Sessions {
    /// The name that [`Sessions::of_person`] gives the session with this id.
    #[must_use]
    pub fn name(&self, id: &SessionId) -> Option<String> {
        self.place(id).map(|place| place.to_string())
    }

    /// The place of a session's records in the store. None: no key of the ring has made this id.
    pub(super) fn place(&self, id: &SessionId) -> Option<Id> {
        if !id.is_ours(&self.keys) {
            return None;
        }
        let digest = self.keys.digest(id.key, Purpose::Session, &*id.secret)?;
        Some(super::store::place(&digest))
    }
}
