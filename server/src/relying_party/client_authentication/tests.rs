use super::*;
use crate::relying_party::tests::provider::registration;

fn with_credentials(id: &str, secret: &str) -> Registration {
    let mut registration = registration("https://op.example");
    registration.client_id = id.to_owned();
    registration.client_secret = secret.into();
    registration
}

#[test]
fn tok_02_basic_credentials_are_form_encoded_first() {
    for (id, secret, joined) in [
        ("client", "secret", "client:secret"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("a+b", "100%", "a%2Bb:100%25"),
        ("a b", "ä€", "a+b:%C3%A4%E2%82%AC"),
        ("-._*", "~!'()", "-._*:%7E%21%27%28%29"),
    ] {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let value = ClientAuthentication::ClientSecretBasic
            .apply(&with_credentials(id, secret), &mut form)
            .expect("a header's value")
            .expect("a header");
        assert_eq!(
            value.to_str().expect("ASCII"),
            format!("Basic {}", BASE64_STANDARD.encode(joined))
        );
        assert!(value.is_sensitive());
        assert_eq!(form.finish(), "", "nothing in the body");
    }
}

#[test]
fn tok_02_post_credentials_stand_in_the_form_only() {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let header = ClientAuthentication::ClientSecretPost
        .apply(&with_credentials("a b", "c&d=e"), &mut form)
        .expect("no header to go wrong");
    assert!(header.is_none());
    assert_eq!(form.finish(), "client_id=a+b&client_secret=c%26d%3De");
}
