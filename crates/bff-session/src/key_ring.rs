//! The session key ring: seals data that leaves the process, and digests the keys of the store.
//!
//! `BFF_SESSION_KEY` lists the keys. The first seals, all of them open, so a key is rotated by
//! putting a new one in front and dropping the old one when the sessions it sealed are over.
//! From each key, HKDF-SHA-256 (RFC 5869) derives independent keys for each [`Purpose`], so that
//! nothing sealed for one purpose opens for another.
//!
//! A ring can take other keys while it is in use ([`KeyRing::replace`]). Each operation has the keys of one moment.

mod check;
mod key;
mod replaced;

pub use check::KeyFinding;
pub use replaced::ReplacedKeys;

use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::AeadInOut;
use key::Key;
use zeroize::Zeroizing;

/// The purpose of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Session records, and the digest of a session id that is the place of its records.
    Session,
    /// The MAC by which a session id is known for one of ours.
    SessionId,
    /// Token records.
    Tokens,
    /// The digests under which sessions are found by person and by the provider's session.
    Index,
    /// Pending logins, sealed in `state`.
    Login,
    /// The problem that `/sign-in-failed` shows, sealed in its address.
    Problem,
    /// The way from a sign-out to the provider, sealed in an address of ours.
    EndSession,
    /// The records that an application keeps beside the sessions, and the digests that are their places.
    Application,
    /// The authentication that a handler asks for, sealed in the address of a login.
    StepUp,
    /// The pseudonyms of people in the audit, and the digest of the settings in it.
    Audit,
}

impl Purpose {
    const ALL: [Self; 10] = [
        Self::Session,
        Self::SessionId,
        Self::Tokens,
        Self::Index,
        Self::Login,
        Self::Problem,
        Self::EndSession,
        Self::Application,
        Self::StepUp,
        Self::Audit,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::SessionId => "session id",
            Self::Tokens => "tokens",
            Self::Index => "index",
            Self::Login => "login",
            Self::Problem => "problem",
            Self::EndSession => "end session",
            Self::Application => "application",
            Self::StepUp => "step-up",
            Self::Audit => "audit",
        }
    }
}

/// Names a key without telling anything of it: four bytes derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; KeyId::LENGTH]);

impl KeyId {
    /// Length in bytes.
    pub const LENGTH: usize = 4;
}

/// Why a list of keys is not a key ring. No variant holds a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// The list has no key.
    #[error("no key in it; make one with `openssl rand -base64 32`")]
    Empty,
    /// An entry is not the base64 form of 32 bytes.
    #[error("key {0} is not 32 bytes in base64; make one with `openssl rand -base64 32`")]
    NotAKey(usize),
    /// A key is listed twice.
    #[error("key {0} stands in the list already")]
    Repeated(usize),
}

/// Sealed bytes did not open: altered, cut short, for another purpose or context, or sealed with
/// a key that is not in the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed data does not open with any key of the ring")]
pub struct DoesNotOpen;

/// The content of a seal, and the key that sealed it.
#[derive(Debug)]
pub struct Opened {
    /// The bytes that were sealed. Wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The key that had sealed them.
    pub key: KeyId,
}

/// The keys, in the order of the setting.
pub struct KeyRing(ArcSwap<Keys>);

/// The keys of one moment.
struct Keys {
    first: Key,
    others: Vec<Key>,
}

impl Keys {
    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn key(&self, id: KeyId) -> Option<&Key> {
        self.all().find(|key| key.id() == id)
    }

    /// The key at this place, counted from 0.
    fn at(&self, place: usize) -> Option<&Key> {
        match place.checked_sub(1) {
            None => Some(&self.first),
            Some(place) => self.others.get(place),
        }
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<KeyId> = self.0.load().all().map(Key::id).collect();
        formatter.debug_tuple("KeyRing").field(&ids).finish()
    }
}

const VERSION: u8 = 1;
const NONCE: usize = 24;
/// Of Poly1305 (RFC 8439 §2.5).
const TAG: usize = 16;

impl KeyRing {
    /// Length in bytes of the head before the ciphertext in a seal. With its random nonce no two
    /// seals have the same.
    pub const SEAL_HEAD: usize = 1 + KeyId::LENGTH + NONCE;

    /// Reads keys separated by commas or white space, each 32 bytes in base64 (either alphabet,
    /// padded or not).
    ///
    /// # Errors
    ///
    /// A [`KeyRingError`] that names the entry by its place, counted from 1.
    pub fn parse(list: &str) -> Result<Self, KeyRingError> {
        let mut keys: Vec<Key> = Vec::new();
        for (index, entry) in entries(list).enumerate() {
            let key = Key::parse(entry).ok_or(KeyRingError::NotAKey(index + 1))?;
            if keys.iter().any(|known| known.id() == key.id()) {
                return Err(KeyRingError::Repeated(index + 1));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeyRingError::Empty);
        }
        let first = keys.remove(0);
        Ok(Self(ArcSwap::from_pointee(Keys { first, others: keys })))
    }

    /// A new random key in the form that [`KeyRing::parse`] reads.
    #[must_use]
    pub fn new_key() -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    /// The key that seals.
    #[must_use]
    pub fn first(&self) -> KeyId {
        self.0.load().first.id()
    }

    /// How many keys there are.
    #[must_use]
    pub fn count(&self) -> usize {
        1 + self.0.load().others.len()
    }

    /// The places, counted from 1, of keys that do not look drawn at random: text in base64, or few different bytes.
    #[must_use]
    pub fn weak(&self) -> Vec<usize> {
        let keys = self.0.load();
        let numbered = keys.all().enumerate();
        numbered
            .filter(|(_, key)| key.is_weak())
            .map(|(index, _)| index + 1)
            .collect()
    }

    /// A ring with the keys of this moment, for several operations that have to agree on the first key. It keeps them when
    /// this ring takes others.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self(ArcSwap::new(self.0.load_full()))
    }

    /// Seals bytes with the first key: XChaCha20-Poly1305 under a random nonce. `context` is not
    /// part of the result and has to be the same to open it.
    ///
    /// The form is: version (1 byte), key id (4), nonce (24), ciphertext with tag.
    ///
    /// # Panics
    ///
    /// Where the operating system has no random bytes to give, or for a plaintext of 256 GiB.
    #[must_use]
    pub fn seal(&self, purpose: Purpose, context: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let (keys, nonce) = (self.0.load(), random::<NONCE>());
        // Never grown: nothing of the plaintext stays behind in memory that was given back.
        let mut sealed = Vec::with_capacity(Self::SEAL_HEAD + plaintext.len() + TAG);
        sealed.push(VERSION);
        sealed.extend(keys.first.id().0);
        sealed.extend(nonce);
        sealed.extend_from_slice(plaintext);
        let in_place = (&mut sealed[Self::SEAL_HEAD..]).into();
        let tag = keys
            .first
            .aead(purpose)
            .encrypt_inout_detached(&nonce.into(), context, in_place)
            .expect("XChaCha20-Poly1305 seals anything under 256 GiB");
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// Opens a seal of [`KeyRing::seal`] by any key of the ring.
    ///
    /// # Errors
    ///
    /// [`DoesNotOpen`], for every reason: the error does not tell the reasons apart.
    pub fn open(&self, purpose: Purpose, context: &[u8], sealed: &[u8]) -> Result<Opened, DoesNotOpen> {
        self.open_in_place(purpose, context, sealed.to_vec())
    }

    /// The same without a copy: the bytes become the plaintext.
    ///
    /// # Errors
    ///
    /// As [`KeyRing::open`].
    pub fn open_in_place(&self, purpose: Purpose, context: &[u8], mut sealed: Vec<u8>) -> Result<Opened, DoesNotOpen> {
        let (version, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        let (id, rest) = rest.split_first_chunk().ok_or(DoesNotOpen)?;
        let nonce = *rest.first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
        if *version != VERSION {
            return Err(DoesNotOpen);
        }
        let keys = self.0.load();
        let key = keys.key(KeyId(*id)).ok_or(DoesNotOpen)?;
        sealed.drain(..Self::SEAL_HEAD);
        let mut plaintext = Zeroizing::new(sealed);
        key.aead(purpose)
            .decrypt_in_place(&nonce.into(), context, &mut *plaintext)
            .map_err(|_| DoesNotOpen)?;
        Ok(Opened {
            plaintext,
            key: key.id(),
        })
    }

    /// A keyed digest (HMAC-SHA-256) of `data`, or nothing where the ring has no such key.
    #[must_use]
    pub fn digest(&self, key: KeyId, purpose: Purpose, data: &[u8]) -> Option<[u8; 32]> {
        Some(self.0.load().key(key)?.digest(purpose, data))
    }

    /// Whether `mac` is the beginning of the digest of `data`. False where the ring has no such key.
    #[must_use]
    pub fn verifies(&self, key: KeyId, purpose: Purpose, data: &[u8], mac: &[u8]) -> bool {
        let keys = self.0.load();
        keys.key(key).is_some_and(|key| key.verifies(purpose, data, mac))
    }

    /// The digests of `data` with each key, the first key's first: records from before a
    /// rotation are found under another than the first.
    pub fn digests(&self, purpose: Purpose, data: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        let keys = self.0.load_full();
        (0..=keys.others.len()).filter_map(move |place| Some(keys.at(place)?.digest(purpose, data)))
    }
}

/// The entries of a list of keys.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ', '\t', '\r', '\n'])
        .filter(|entry| !entry.is_empty())
}

/// Random bytes from the operating system.
///
/// # Panics
///
/// Where it has none to give: nothing secret can be made then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests;
