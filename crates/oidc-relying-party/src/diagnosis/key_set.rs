//! The provider's keys that can be used.

use serde_json::Value;

use crate::{
    DocumentError, IdTokenAlgorithm, Inner, KeysError, ProviderMetadata, json,
    keys::{self, Entry},
};

/// The provider's keys, counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeySetSummary {
    /// Entries in the set.
    pub published: usize,
    /// Those that can verify a signature.
    pub usable: usize,
    /// Those that are meant for signatures and cannot be read.
    pub unreadable: usize,
    /// How many of the usable ones fit each algorithm that an ID Token may be signed with.
    pub fitting: Vec<(IdTokenAlgorithm, usize)>,
    /// The algorithms that the settings could take and do not, each with a key that fits no accepted algorithm: an ID Token
    /// by such a key is refused.
    pub refused: Vec<IdTokenAlgorithm>,
}

pub(super) async fn read(inner: &Inner, metadata: &ProviderMetadata) -> Result<KeySetSummary, KeysError> {
    let document = keys::document(&inner.http, &metadata.jwks_uri).await?;
    let entries = document
        .get("keys")
        .and_then(Value::as_array)
        .ok_or(DocumentError::NotAnObject)?;
    Ok(summary(entries, &metadata.id_token_algorithms))
}

fn summary(entries: &[Value], algorithms: &[IdTokenAlgorithm]) -> KeySetSummary {
    let read = entries.iter().map(|entry| (entry, Entry::read(entry)));
    let (mut usable, mut unreadable) = (Vec::new(), 0);
    for (entry, read) in read {
        match read {
            Entry::Usable(_) => usable.push(entry),
            Entry::Unreadable(_) => unreadable += 1,
            Entry::NotForUs => {}
        }
    }
    let count = |algorithm: IdTokenAlgorithm| usable.iter().filter(|entry| fits(entry, algorithm)).count();
    let is_for = |algorithms: &[IdTokenAlgorithm], entry: &Value| algorithms.iter().any(|one| fits(entry, *one));
    let unaccepted = usable.iter().filter(|entry| !is_for(algorithms, entry));
    let unaccepted: Vec<&&Value> = unaccepted.collect();
    KeySetSummary {
        refused: IdTokenAlgorithm::ALL
            .into_iter()
            .filter(|algorithm| unaccepted.iter().any(|entry| fits(entry, *algorithm)))
            .collect(),
        published: entries.len(),
        usable: usable.len(),
        unreadable,
        fitting: algorithms
            .iter()
            .map(|algorithm| (*algorithm, count(*algorithm)))
            .collect(),
    }
}

/// Whether a key is of the kind that the algorithm needs (RFC 7518 §3.1, RFC 8037 §3.1) and is not meant for something else.
fn fits(entry: &Value, algorithm: IdTokenAlgorithm) -> bool {
    let said = |name: &str| entry.get(name).filter(|value| json::says_something(value));
    let member = |name: &str| said(name).and_then(Value::as_str);
    let is_of_kind = match algorithm {
        IdTokenAlgorithm::Es256 => member("crv") == Some("P-256"),
        IdTokenAlgorithm::Es384 => member("crv") == Some("P-384"),
        IdTokenAlgorithm::EdDsa => member("crv") == Some("Ed25519"),
        _ => member("kty") == Some("RSA"),
    };
    is_of_kind
        && member("use").is_none_or(|purpose| purpose == "sig")
        && member("alg").is_none_or(|name| name == algorithm.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::json;

    /// DISC-12, DISC-13
    #[test]
    fn keys_are_counted_by_what_they_can_verify() {
        let modulus = |bytes: usize| BASE64_URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
        let entries = [
            json!({"kty": "RSA", "n": modulus(256), "e": "AQAB"}),
            json!({"kty": "RSA", "n": modulus(256), "e": "AQAB", "use": "enc"}),
            json!({"kty": "RSA", "n": modulus(256), "e": "AQAB", "alg": "RS512"}),
            json!({"kty": "RSA", "n": modulus(128), "e": "AQAB"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
            json!({"kty": "RSA", "n": "%", "e": "AQAB"}),
            json!({"kty": "oct", "k": "AAAA"}),
        ];
        let found = summary(
            &entries,
            &[
                IdTokenAlgorithm::Rs256,
                IdTokenAlgorithm::Es256,
                IdTokenAlgorithm::EdDsa,
            ],
        );
        assert_eq!((found.published, found.usable, found.unreadable), (7, 4, 1));
        let counts: Vec<usize> = found.fitting.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [1, 0, 1]);
        assert_eq!(found.refused, [IdTokenAlgorithm::Rs512]);
    }
}
