use serde_json::json;

use super::*;

fn merged(id_token: Value, userinfo: Value) -> Value {
    let (Value::Object(id_token), Value::Object(userinfo)) = (id_token, userinfo) else {
        panic!("objects")
    };
    Value::Object(merge(id_token, userinfo))
}

/// UI-04
#[test]
fn userinfo_adds_claims_and_replaces_none() {
    let id_token = json!({ "iss": "i", "sub": "a", "aud": "c", "exp": 1, "name": "Alice", "roles": ["reader"] });
    let userinfo = json!({
        "iss": "x", "sub": "a", "aud": "x", "exp": 9, "iat": 9, "nbf": 9, "auth_time": 9, "acr": "x", "amr": ["x"],
        "azp": "x", "sid": "x", "events": {}, "cnf": {}, "jti": "x", "nonce": "x",
        "name": "Mallory", "roles": ["admin"], "email": "a@example.org", "picture": "javascript:alert(1)",
    });
    let expected = json!({
        "iss": "i", "sub": "a", "aud": "c", "exp": 1, "name": "Alice", "roles": ["reader"],
        "email": "a@example.org", "picture": "javascript:alert(1)",
    });
    assert_eq!(merged(id_token, userinfo), expected);
}

#[test]
fn claims_about_nobody_are_not_kept() {
    let id_token = json!({
        "sub": "a", "nonce": "n", "at_hash": "h", "c_hash": "h", "s_hash": "h", "_claim_names": {}, "_claim_sources": {},
    });
    assert_eq!(merged(id_token, json!({ "_claim_sources": {} })), json!({ "sub": "a" }));
}
