use serde_json::json;

use super::*;
use crate::relying_party::tests::provider::now;

/// No proof went with the request.
fn bearer() -> Binding<'static> {
    Binding {
        key: None,
        required: false,
    }
}

#[test]
fn tok_08_an_odd_lifetime_gives_a_conservative_expiry() {
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
    ] {
        let expiry = expires_at(&expires_in, now()).map(|at| (at - now()).whole_seconds());
        assert_eq!(expiry, seconds, "{expires_in}");
    }
}

#[test]
fn tok_08_a_response_without_a_lifetime_is_accepted() {
    let document = json!({ "access_token": "a", "token_type": "Bearer", "id_token": "i" });
    let tokens =
        TokenResponse::read(document.as_object().expect("an object"), "openid", now(), bearer()).expect("tokens");
    assert_eq!(tokens.expires_at, None);
}
