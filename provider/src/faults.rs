//! Faults that a test can inject, one or several at once.

mod answer;
mod authorization;
mod document;
pub(crate) mod transport;

use std::{sync::Mutex, time::Duration};

use openidconnect::core::CoreJwsSigningAlgorithm;
use serde_json::Value;
use tokio::sync::watch;

pub use self::answer::Answer;
pub(crate) use self::document::{Document, edit, edit_keys};
use crate::{calls::Endpoint, lock::lock};

/// One thing that goes wrong until [`Provider::heal`](crate::Provider::heal). Faults are applied in the order in which
/// they were injected.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The claim of the ID Token has this value.
    IdTokenClaim(&'static str, Value),
    /// The text claim of the ID Token, with this after it: the mutation of the `OpenID` Foundation's suite (`nonce` + `1`).
    IdTokenClaimSuffix(&'static str, &'static str),
    /// The ID Token lacks the claim.
    IdTokenWithoutClaim(&'static str),
    /// Further members of the ID Token's payload, as JSON text without braces: `"sub":"b"` for a second `sub`,
    /// `"exp":1e400` for a number that a JSON value cannot hold.
    IdTokenClaimsText(String),
    /// The member of the ID Token's JOSE header has this value; it is signed as usual.
    IdTokenHeader(&'static str, Value),
    /// The ID Token's JOSE header lacks the member.
    IdTokenWithoutHeader(&'static str),
    /// Further members of the ID Token's JOSE header, as JSON text without braces.
    IdTokenHeaderText(String),
    /// The ID Token's signature is wrong. The last such fault counts.
    IdTokenSignature(SignatureFault),
    /// This text in place of an ID Token.
    IdTokenRaw(String),

    /// The member of a successful token response has this value.
    TokenMember(&'static str, Value),
    /// A successful token response lacks the member.
    TokenWithoutMember(&'static str),
    /// The claim of the userinfo response has this value.
    UserinfoClaim(&'static str, Value),
    /// The userinfo response is a JWS with `iss` and `aud` beside the claims (Core §5.3.2).
    UserinfoSigned,
    /// The signature of that JWS is wrong.
    UserinfoSignature(SignatureFault),
    /// The userinfo response lacks the claim.
    UserinfoWithoutClaim(&'static str),
    /// The member of the metadata has this value.
    MetadataMember(&'static str, Value),
    /// The metadata lacks the member.
    MetadataWithoutMember(&'static str),

    /// The member of the JWK Set has this value; `keys` replaces all keys.
    JwksMember(&'static str, Value),
    /// A further entry in the JWK Set, before the good ones.
    JwksExtraKey(Value),
    /// The member of every key in the JWK Set has this value: `use`, `alg`, `n`.
    JwksKeyMember(&'static str, Value),
    /// Every key in the JWK Set lacks the member: `kid`.
    JwksKeyWithoutMember(&'static str),

    /// The JWK Set is one of twelve keys, three each of RSA, P-256, secp256k1 and Ed25519, none with `kid` or `alg`; the key
    /// that signs is the third of RSA.
    JwksOfFourKinds,

    /// The parameter of the authorization response has this value.
    AuthorizationParameter(&'static str, String),
    /// A further parameter in the authorization response, also beside one of the same name.
    AuthorizationExtraParameter(&'static str, String),
    /// The authorization response lacks the parameter.
    AuthorizationWithoutParameter(&'static str),
    /// The authorization request is answered with this `error` and `error_description`, and nobody is asked to sign in.
    AuthorizationError(&'static str, String),
    /// An authorization request with `offline_access` and `prompt=none` is answered with `invalid_scope`: no consent can be
    /// asked for (Core §11).
    OfflineAccessNeedsConsent,

    /// The endpoint gives this answer and does nothing: a code stays unspent.
    Answer(Endpoint, Answer),
    /// The endpoint answers 302 to this address and does nothing.
    Redirect(Endpoint, String),
    /// The endpoint works, but its answer has this status.
    Status(Endpoint, u16),
    /// The endpoint works, but its answer says this `Content-Type`.
    ContentType(Endpoint, &'static str),
    /// The endpoint works, and a byte order mark stands before its body.
    ByteOrderMark(Endpoint),
    /// The endpoint works after this time.
    Delay(Endpoint, Duration),
    /// The endpoint does nothing until [`Provider::heal`](crate::Provider::heal); then it works. No test has to sleep.
    Hang(Endpoint),
    /// The endpoint works; half of its body comes, then the connection is cut.
    HalfBody(Endpoint),
    /// The endpoint works; its body comes byte by byte with this time before each.
    SlowBody(Endpoint, Duration),
    /// The endpoint sends JSON white space until the client hangs up, and does nothing.
    EndlessBody(Endpoint),
    /// The endpoint works, but the connection is cut before any answer.
    Cut(Endpoint),
    /// The endpoint does nothing, and the connection is cut before any answer: as if nobody were there.
    HangUp(Endpoint),
}

/// The fault of an ID Token's signature.
#[derive(Clone, Debug)]
pub enum SignatureFault {
    /// Signed well with a key that is not published, under the `kid` of the published one.
    OtherKey,
    /// One bit of a good signature differs.
    FlippedBit,
    /// A good signature, but of another payload.
    OtherPayload,
    /// `alg` is `none` and the signature is empty.
    None,
    /// `alg` is `RS256` and the signature is empty.
    Empty,
    /// HS256 with the PEM form of the published RSA key as its secret.
    Hs256WithPublicKey,
    /// HS256 with the client secret.
    Hs256WithClientSecret,
    /// HS256 with this secret.
    Hs256(Vec<u8>),
    /// Signed well with another algorithm: RS384, RS512, PS256, PS384 or PS512 with the published key, or ES256 or `EdDSA`
    /// with a key that is published then. Any other panics when the token is made.
    OtherAlgorithm(CoreJwsSigningAlgorithm),
    /// Signed well with an RSA key of 1024 bits, which is published then.
    ShortKey,
    /// These bytes; `alg` is `RS256` unless [`Fault::IdTokenHeader`] says otherwise.
    Bytes(Vec<u8>),
}

/// The faults that are in force.
#[derive(Debug)]
pub(crate) struct Faults {
    injected: Mutex<Vec<Fault>>,
    changes: watch::Sender<()>,
}

impl Faults {
    pub(crate) fn none() -> Self {
        Self {
            injected: Mutex::new(Vec::new()),
            changes: watch::Sender::new(()),
        }
    }

    pub(crate) fn inject(&self, fault: Fault) {
        lock(&self.injected).push(fault);
        self.changes.send_replace(());
    }

    pub(crate) fn heal(&self) {
        lock(&self.injected).clear();
        self.changes.send_replace(());
    }

    pub(crate) fn signature(&self) -> Option<SignatureFault> {
        self.last(|fault| match fault {
            Fault::IdTokenSignature(signature) => Some(signature.clone()),
            _ => None,
        })
    }

    pub(crate) fn key_among_four_kinds(&self) -> bool {
        self.has(|fault| matches!(fault, Fault::JwksOfFourKinds))
    }

    pub(crate) fn userinfo_is_signed(&self) -> bool {
        self.has(|fault| matches!(fault, Fault::UserinfoSigned))
    }

    pub(crate) fn userinfo_signature(&self) -> Option<SignatureFault> {
        self.last(|fault| match fault {
            Fault::UserinfoSignature(signature) => Some(signature.clone()),
            _ => None,
        })
    }

    pub(crate) fn id_token_raw(&self) -> Option<String> {
        self.last(|fault| match fault {
            Fault::IdTokenRaw(raw) => Some(raw.clone()),
            _ => None,
        })
    }

    pub(crate) fn header_text(&self) -> Vec<String> {
        self.every(|fault| match fault {
            Fault::IdTokenHeaderText(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(crate) fn claims_text(&self) -> Vec<String> {
        self.every(|fault| match fault {
            Fault::IdTokenClaimsText(text) => Some(text.clone()),
            _ => None,
        })
    }

    fn has(&self, is_wanted: impl Fn(&Fault) -> bool) -> bool {
        lock(&self.injected).iter().any(is_wanted)
    }

    fn last<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        lock(&self.injected).iter().rev().find_map(pick)
    }

    fn every<T>(&self, pick: impl Fn(&Fault) -> Option<T>) -> Vec<T> {
        lock(&self.injected).iter().filter_map(pick).collect()
    }
}
