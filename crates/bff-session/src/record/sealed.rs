//! The sealed form of all records.
//!
//! Inside the seal is `MessagePack`, with names of one letter: a replica that knows one member more than another still
//! reads the records of that one, and a million sessions cost a few hundred megabytes less than with long ones.

use super::{LiveSession, UserSession};
use crate::key_ring::{KeyId, KeyRing, Purpose};
use crate::store::{self, SEALED, SealedTokens, Version};
use crate::{CodeFlow, TokenRecord};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use zeroize::Zeroizing;

/// Seals a session for its place in the store. The place is part of the seal, so that a record
/// copied to another place does not open there.
pub(crate) fn seal(keys: &KeyRing, place: Id, session: &UserSession, expiry_date: OffsetDateTime) -> Record {
    let sealed = STANDARD_NO_PAD.encode(seal_bytes(keys, Purpose::Session, place, session));
    Record {
        id: place,
        data: HashMap::from([(SEALED.to_owned(), Value::String(sealed))]),
        expiry_date,
    }
}

/// Opens a record of [`seal`]. `None` for anything else.
pub(crate) fn open(keys: &KeyRing, record: &Record) -> Option<LiveSession> {
    open_seal(keys, &record.id, store::seal_of(record)?)
}

/// Opens the seal of a record that stands at this place.
pub(crate) fn open_seal(keys: &KeyRing, place: &Id, seal: &str) -> Option<LiveSession> {
    let sealed = STANDARD_NO_PAD.decode(seal).ok()?;
    let (session, sealed_with) = open_bytes(keys, Purpose::Session, *place, sealed)?;
    Some(LiveSession {
        session: Arc::new(session),
        version: Version::of_seal(*place, seal),
        sealed_with,
    })
}

/// Seals tokens, and behind them in the same seal the code flow. A reader of the tokens stops at their end.
pub(crate) fn seal_tokens(
    keys: &KeyRing,
    place: Id,
    tokens: &TokenRecord,
    code_flow: Option<&CodeFlow>,
) -> SealedTokens {
    let Some(code_flow) = code_flow else {
        return SealedTokens(seal_bytes(keys, Purpose::Tokens, place, tokens));
    };
    let tokens = Zeroizing::new(rmp_serde::to_vec_named(tokens).expect("records are structs with string keys"));
    // A list, without the names of its members, is half as long.
    let code_flow = rmp_serde::to_vec(code_flow).expect("a struct of numbers and texts");
    let plaintext = Zeroizing::new([&tokens[..], &code_flow[..]].concat());
    SealedTokens(keys.seal(Purpose::Tokens, &place.0.to_le_bytes(), &plaintext))
}

pub(crate) fn open_tokens(keys: &KeyRing, place: Id, sealed: &SealedTokens) -> Option<TokenRecord> {
    open_bytes(keys, Purpose::Tokens, place, sealed.0.clone()).map(|(tokens, _)| tokens)
}

/// Opens the code flow behind the tokens. The tokens are passed over, and no text is made of one.
pub(crate) fn open_code_flow(keys: &KeyRing, place: Id, sealed: &SealedTokens) -> Option<CodeFlow> {
    let opened = keys.open(Purpose::Tokens, &place.0.to_le_bytes(), &sealed.0).ok()?;
    let mut both = rmp_serde::Deserializer::from_read_ref(&*opened.plaintext);
    IgnoredAny::deserialize(&mut both).ok()?;
    CodeFlow::deserialize(&mut both).ok()
}

fn seal_bytes<T: Serialize>(keys: &KeyRing, purpose: Purpose, place: Id, content: &T) -> Vec<u8> {
    let plaintext = Zeroizing::new(rmp_serde::to_vec_named(content).expect("records are structs with string keys"));
    keys.seal(purpose, &place.0.to_le_bytes(), &plaintext)
}

fn open_bytes<T: DeserializeOwned>(keys: &KeyRing, purpose: Purpose, place: Id, sealed: Vec<u8>) -> Option<(T, KeyId)> {
    let opened = keys.open_in_place(purpose, &place.0.to_le_bytes(), sealed).ok()?;
    Some((rmp_serde::from_slice(&opened.plaintext).ok()?, opened.key))
}
