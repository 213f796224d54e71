//! One key of the ring and the keys that are derived from it.

use super::{KeyId, Purpose};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

struct Derived {
    aead: XChaCha20Poly1305,
    mac: Hmac<Sha256>,
}

pub(super) struct Key {
    id: KeyId,
    weak: bool,
    derived: [Derived; Purpose::ALL.len()],
}

impl Key {
    /// A key from 32 bytes in base64.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let alphabet = if text.contains(['-', '_']) {
            &alphabet::URL_SAFE
        } else {
            &alphabet::STANDARD
        };
        let bytes = Zeroizing::new(GeneralPurpose::new(alphabet, LENIENT).decode(text).ok()?);
        let secret: &[u8; 32] = bytes.as_slice().try_into().ok()?;
        Some(Self::from_secret(secret))
    }

    fn from_secret(secret: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, secret);
        let id = expand::<{ KeyId::LENGTH }>(&hkdf, "key id", "");
        let derived = Purpose::ALL.map(|purpose| {
            let seal = expand::<32>(&hkdf, "seal", purpose.label());
            let mac = expand::<32>(&hkdf, "digest", purpose.label());
            Derived {
                aead: XChaCha20Poly1305::new(&(*seal).into()),
                mac: <Hmac<Sha256> as KeyInit>::new(&{
                    // A block is 64 bytes; RFC 2104 pads a shorter key with zeros.
                    let mut block = [0; 64];
                    block[..32].copy_from_slice(&*mac);
                    block.into()
                }),
            }
        });
        Self {
            id: KeyId(*id),
            weak: looks_chosen(secret),
            derived,
        }
    }

    pub(super) fn is_weak(&self) -> bool {
        self.weak
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    pub(super) fn aead(&self, purpose: Purpose) -> &XChaCha20Poly1305 {
        &self.derived[purpose as usize].aead
    }

    /// In constant time. An empty `mac` verifies nothing.
    pub(super) fn verifies(&self, purpose: Purpose, data: &[u8], mac: &[u8]) -> bool {
        let mut computed = self.derived[purpose as usize].mac.clone();
        computed.update(data);
        computed.verify_truncated_left(mac).is_ok()
    }

    pub(super) fn digest(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        let mut mac = self.derived[purpose as usize].mac.clone();
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}

/// Whether somebody has thought these bytes up: 32 random ones have some 30 different values, and hardly ever (one set in
/// 10^13) are all of them printable.
fn looks_chosen(secret: &[u8; 32]) -> bool {
    let mut values = *secret;
    values.sort_unstable();
    let different = 1 + values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    values.zeroize();
    different < 16 || secret.iter().all(|byte| (b' '..=b'~').contains(byte))
}

fn expand<const N: usize>(hkdf: &Hkdf<Sha256>, what: &str, label: &str) -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    hkdf.expand_multi_info(
        &[b"leptos-oidc-bff v1 ", what.as_bytes(), b" ", label.as_bytes()],
        &mut *bytes,
    )
    .expect("HKDF-SHA-256 expands to at most 8160 bytes");
    bytes
}
