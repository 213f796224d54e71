use serde_json::json;

use super::*;
use crate::tests::signing_key::{RSA, jws, jws_of_text, rs256};

fn code(compact: &str) -> &'static str {
    Jws::parse(compact).map_or_else(JwsError::code, |_| "accepted")
}

fn part(text: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn idt_01_idt_21_anything_but_a_compact_jws_is_refused() {
    let (header, payload, signature) = (part(b"{}"), part(b"{}"), part(b"s"));
    for (compact, expected) in [
        (format!("{header}.{payload}.{signature}"), "accepted"),
        (String::new(), "token_malformed"),
        ("..".to_owned(), "token_malformed"),
        (header.clone(), "token_malformed"),
        (format!("{header}.{payload}"), "token_malformed"),
        (format!("{header}.{payload}.{signature}.{signature}"), "token_malformed"),
        (
            format!("{header}.{payload}.{payload}.{payload}.{signature}"),
            "token_malformed",
        ),
        (format!("{header}=.{payload}.{signature}"), "token_malformed"),
        (format!("{header}.{payload}.{signature}=="), "token_malformed"),
        (format!(" {header}.{payload}.{signature}"), "token_malformed"),
        (format!("{header}.{payload}.{signature}\n"), "token_malformed"),
        (format!("{header}.{payload}.+/"), "token_malformed"),
        (format!("{}.{payload}.{signature}", part(b"[]")), "token_malformed"),
        (format!("{}.{payload}.{signature}", part(b"\xff")), "token_malformed"),
        (
            format!("{}.{payload}.{signature}", part(b"{\"alg\":\"RS256\"")),
            "token_malformed",
        ),
        (
            format!("{header}.{}.{signature}", "A".repeat(1024 * 1024)),
            "token_too_large",
        ),
    ] {
        assert_eq!(code(&compact), expected, "{compact:.80}");
    }
}

#[test]
fn idt_01_a_payload_that_is_not_an_object_is_refused() {
    for payload in ["[]", "\"a\"", "7", "null", "", "{", "{\"exp\":1e400}"] {
        let compact = jws_of_text(&*RSA, &rs256().to_string(), payload);
        let jws = Jws::parse(&compact).expect("a JWS");
        assert_eq!(jws.claims(), Err(JwsError::Malformed), "{payload}");
    }
    let compact = jws_of_text(&*RSA, &rs256().to_string(), r#"{"sub":"a","sub":"b"}"#);
    assert_eq!(
        Jws::parse(&compact).expect("a JWS").claims(),
        Err(JwsError::DuplicateMember),
        "IDT-20"
    );
}

#[test]
fn idt_07_headers_that_demand_or_confuse_are_refused() {
    let long = "k".repeat(10 * 1024);
    for (header, expected) in [
        (json!({ "alg": "RS256", "kid": "../../etc/passwd" }), "accepted"),
        (json!({ "alg": "RS256", "unknown": { "a": [1] } }), "accepted"),
        (json!({ "alg": "RS256", "b64": true }), "accepted"),
        (json!({ "alg": "RS256", "crit": ["exp"] }), "token_extension"),
        (json!({ "alg": "RS256", "crit": [] }), "token_extension"),
        (
            json!({ "alg": "RS256", "crit": ["b64"], "b64": false }),
            "token_extension",
        ),
        (json!({ "alg": "RS256", "b64": false }), "token_extension"),
        (json!({ "alg": "RS256", "cty": "JWT" }), "token_extension"),
        (json!({ "alg": "RS256", "kid": long }), "token_malformed"),
        (json!({ "alg": "RS256", "kid": 7 }), "token_malformed"),
        (json!({ "alg": "RS256", "kid": null }), "accepted"),
        (json!({ "alg": "RS256", "kid": "" }), "accepted"),
        (json!({ "alg": "RS256", "crit": null }), "token_extension"),
        (json!({ "alg": "RS256", "cty": "" }), "token_extension"),
    ] {
        assert_eq!(code(&jws(&*RSA, &header, &json!({}))), expected, "{header:.80}");
    }
    let twice = jws_of_text(&*RSA, r#"{"alg":"RS256","kid":"1","kid":"2"}"#, "{}");
    assert_eq!(code(&twice), "token_duplicate_member");
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
    #[test]
    fn idt_01_no_text_and_no_header_makes_the_parser_panic(text: String, header: String, payload: Vec<u8>) {
        let _ = Jws::parse(&text);
        if let Ok(jws) = Jws::parse(&format!("{}.{}.{}", part(header.as_bytes()), part(&payload), part(b"s"))) {
            let _ = (jws.algorithm(), jws.key_id(), jws.kind(), jws.claims());
        }
    }
}
