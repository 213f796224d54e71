//! A JWS by itself. Tokens that are none, and headers that are refused, stand in `id_token/tests/faults.rs`.

use serde_json::json;

use super::*;
use crate::tests::signing_key::{RSA, jws};

fn part(text: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn the_kind_of_token_is_read_without_case_and_prefix() {
    for (typ, kind) in [
        ("JWT", "jwt"),
        ("application/AT+jwt", "at+jwt"),
        ("logout+jwt", "logout+jwt"),
    ] {
        let compact = jws(&*RSA, &json!({ "alg": "RS256", "typ": typ }), &json!({}));
        assert_eq!(Jws::parse(&compact).expect("a JWS").kind(), Ok(Some(kind.to_owned())));
    }
    let compact = jws(&*RSA, &json!({ "alg": "RS256", "typ": 7 }), &json!({}));
    assert_eq!(Jws::parse(&compact).expect("a JWS").kind(), Err(JwsError::Malformed));
}

proptest::proptest! {
    /// IDT-01
    #[test]
    fn no_text_and_no_header_makes_the_parser_panic(text: String, header: String, payload: Vec<u8>) {
        let _ = Jws::parse(&text);
        if let Ok(jws) = Jws::parse(&format!("{}.{}.{}", part(header.as_bytes()), part(&payload), part(b"s"))) {
            let _ = (jws.algorithm(), jws.key_id(), jws.kind(), jws.claims());
        }
    }
}
