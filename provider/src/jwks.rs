//! The published keys (RFC 7517 §5).

use axum::{Json, extract::State};
use serde_json::{Map, Value};

use crate::{
    faults::{Document, edit, edit_keys},
    keys,
    signature::extra_key,
    state::Shared,
};

/// `GET /jwks`.
pub(crate) async fn jwks(State(provider): State<Shared>) -> Json<Value> {
    let extra = extra_key(provider.faults.signature().as_ref());
    let keys = provider.keys.published().into_iter().chain(extra);
    let mut keys: Vec<Value> = keys.map(|key| key.jwk()).collect();
    if provider.faults.key_among_four_kinds() {
        keys = keys::among_four_kinds(&provider.keys.current().jwk());
    }
    edit_keys(&provider.faults, &mut keys);
    let mut jwks = Map::from_iter([("keys".to_owned(), Value::Array(keys))]);
    edit(&provider.faults, Document::Jwks, &mut jwks);
    Json(Value::Object(jwks))
}
