//! Faults of the JSON documents that the provider makes.

use serde_json::{Map, Value};

use super::{Fault, Faults};
use crate::lock::lock;

/// The document that a change applies to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Document {
    Metadata,
    Jwks,
    Token,
    Userinfo,
    IdTokenHeader,
    IdTokenClaims,
}

enum Change<'a> {
    Set(&'a Value),
    Append(&'a str),
    Remove,
}

/// Changes the members of a document as the injected faults say.
pub(crate) fn edit(faults: &Faults, document: Document, members: &mut Map<String, Value>) {
    for fault in lock(&faults.injected).iter() {
        if let Some((of, name, change)) = change(fault)
            && of == document
        {
            apply(members, name, &change);
        }
    }
}

/// Changes the entries of the JWK Set.
pub(crate) fn edit_keys(faults: &Faults, keys: &mut Vec<Value>) {
    let mut extra = Vec::new();
    for fault in lock(&faults.injected).iter() {
        let (name, change) = match fault {
            Fault::JwksExtraKey(key) => {
                extra.push(key.clone());
                continue;
            }
            Fault::JwksKeyMember(name, value) => (name, Change::Set(value)),
            Fault::JwksKeyWithoutMember(name) => (name, Change::Remove),
            _ => continue,
        };
        for key in keys.iter_mut().filter_map(Value::as_object_mut) {
            apply(key, name, &change);
        }
    }
    keys.splice(0..0, extra);
}

fn change(fault: &Fault) -> Option<(Document, &'static str, Change<'_>)> {
    Some(match fault {
        Fault::IdTokenClaim(name, value) => (Document::IdTokenClaims, name, Change::Set(value)),
        Fault::IdTokenClaimSuffix(name, suffix) => (Document::IdTokenClaims, name, Change::Append(suffix)),
        Fault::IdTokenWithoutClaim(name) => (Document::IdTokenClaims, name, Change::Remove),
        Fault::IdTokenHeader(name, value) => (Document::IdTokenHeader, name, Change::Set(value)),
        Fault::IdTokenWithoutHeader(name) => (Document::IdTokenHeader, name, Change::Remove),
        Fault::TokenMember(name, value) => (Document::Token, name, Change::Set(value)),
        Fault::TokenWithoutMember(name) => (Document::Token, name, Change::Remove),
        Fault::UserinfoClaim(name, value) => (Document::Userinfo, name, Change::Set(value)),
        Fault::UserinfoWithoutClaim(name) => (Document::Userinfo, name, Change::Remove),
        Fault::MetadataMember(name, value) => (Document::Metadata, name, Change::Set(value)),
        Fault::MetadataWithoutMember(name) => (Document::Metadata, name, Change::Remove),
        Fault::JwksMember(name, value) => (Document::Jwks, name, Change::Set(value)),
        _ => return None,
    })
}

fn apply(members: &mut Map<String, Value>, name: &str, change: &Change<'_>) {
    match change {
        Change::Set(value) => {
            members.insert(name.to_owned(), (*value).clone());
        }
        Change::Append(suffix) => {
            if let Some(Value::String(text)) = members.get_mut(name) {
                text.push_str(suffix);
            }
        }
        Change::Remove => {
            members.remove(name);
        }
    }
}
