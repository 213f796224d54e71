use super::*;

/// TOK-02
#[test]
fn basic_credentials_are_form_encoded_first() {
    for (id, secret, joined) in [
        ("client", "secret", "client:secret"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("a+b", "100%", "a%2Bb:100%25"),
        ("a b", "ä€", "a+b:%C3%A4%E2%82%AC"),
        ("-._*", "~!'()", "-._*:%7E%21%27%28%29"),
    ] {
        let value = basic(id, secret).expect("a header's value");
        assert_eq!(
            value.to_str().expect("ASCII"),
            format!("Basic {}", BASE64_STANDARD.encode(joined))
        );
        assert!(value.is_sensitive());
    }
}
