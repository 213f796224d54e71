use serde_json::json;

use super::*;
use crate::tests::provider::now;

/// The request had no DPoP proof, so a bearer token is expected.
fn bearer() -> Binding<'static> {
    Binding {
        key: None,
        required: false,
    }
}

fn read(document: &Value) -> Result<TokenResponse, TokenRequestError> {
    let document = json::document(document.to_string().as_bytes()).expect("an object");
    TokenResponse::read(&document, "asked for", now(), bearer())
}

/// TOK-08
#[test]
fn an_odd_lifetime_gives_a_conservative_expiry() {
    const DAY: i64 = 24 * 60 * 60;
    for (expires_in, seconds) in [
        (json!(300), Some(300)),
        (json!("300"), Some(300)),
        (json!(300.5), Some(300)),
        (json!(DAY), Some(DAY)),
        (json!(DAY + 1), Some(DAY)),
        (json!(1e300), Some(DAY)),
        (json!(u64::MAX), Some(DAY)),
        (json!("1e999"), Some(DAY)),
        (json!(0), Some(0)),
        (json!(-1), Some(0)),
        (json!(i64::MIN), Some(0)),
        (json!("soon"), Some(0)),
        (json!("NaN"), Some(0)),
        (json!("-inf"), Some(0)),
        (json!(true), Some(0)),
        (json!([300]), Some(0)),
        (Value::Null, None),
        (json!(""), None),
    ] {
        let document = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": expires_in });
        let expiry = read(&document).expect("tokens").expires_at;
        let expiry = expiry.map(|at| (at - now()).whole_seconds());
        assert_eq!(expiry, seconds, "{expires_in}");
    }
}

/// TOK-08
#[test]
fn a_response_without_a_lifetime_is_accepted() {
    let document = json!({ "access_token": "a", "token_type": "Bearer", "id_token": "i" });
    assert_eq!(read(&document).expect("tokens").expires_at, None);
}

/// TOK-05
#[test]
fn null_and_empty_members_are_absent_and_a_scope_may_be_a_list() {
    for said_nothing in [Value::Null, json!("")] {
        let document = json!({
            "access_token": "a", "token_type": "Bearer", "id_token": said_nothing, "refresh_token": said_nothing,
            "scope": said_nothing,
        });
        let tokens = read(&document).expect("tokens");
        assert!(
            tokens.id_token.is_none() && tokens.refresh_token.is_none(),
            "{said_nothing}"
        );
        assert_eq!(tokens.scope, "asked for");
    }
    for (scope, granted) in [
        (json!("openid email"), Some("openid email")),
        (json!(["openid", "email"]), Some("openid email")),
        (json!([]), Some("asked for")),
        (json!(["openid", 7]), None),
        (json!({ "openid": true }), None),
    ] {
        let document = json!({ "access_token": "a", "token_type": "Bearer", "scope": scope });
        let found = read(&document).ok().map(|tokens| tokens.scope);
        assert_eq!(found.as_deref(), granted, "{scope}");
    }
}
