use secrecy::ExposeSecret;

use super::*;

fn code(query: &str) -> &'static str {
    CallbackParams::parse(query).map_or_else(CallbackParamsError::code, |_| "accepted")
}

fn redeemable(query: &str) -> String {
    match CallbackParams::parse(query)
        .expect("an authorization response")
        .response
    {
        AuthorizationResponse::Code { code, .. } => code.expose_secret().to_owned(),
        AuthorizationResponse::Error { .. } => panic!("a code"),
    }
}

/// CB-04
#[test]
fn malformed_responses_are_refused_and_unknown_parameters_ignored() {
    for (query, expected) in [
        ("code=a&state=s", "accepted"),
        ("code=a&state=s&iss=https%3A%2F%2Fop.example", "accepted"),
        ("error=access_denied&state=s", "accepted"),
        (
            "code=a&state=s&session_state=x&session_state=y&foo=%FF&scope=openid",
            "accepted",
        ),
        ("", "callback_state_missing"),
        ("code=a", "callback_state_missing"),
        ("code=a&state=", "callback_state_missing"),
        ("error=access_denied", "callback_state_missing"),
        ("state=s", "callback_no_answer"),
        ("state=s&code=", "callback_no_answer"),
        ("state=s&error=", "callback_no_answer"),
        ("state=s&code=a&code=a", "callback_duplicate_parameter"),
        ("state=s&code=&code=a", "callback_duplicate_parameter"),
        ("state=s&state=s&code=a", "callback_duplicate_parameter"),
        ("state=s&code=a&iss=i&iss=i", "callback_duplicate_parameter"),
        ("state=s&error=a&%65rror=b", "callback_duplicate_parameter"),
        ("state=s&code=a&error=b", "callback_code_and_error"),
        ("state=s&code=a%00", "callback_parameter_character"),
        ("state=s&code=a%0d%0aSet-Cookie:b", "callback_parameter_character"),
        ("state=%C3%A4&code=a", "callback_parameter_character"),
        ("state=s&code=%FF", "callback_parameter_character"),
    ] {
        assert_eq!(code(query), expected, "{query}");
    }
}

/// CB-10
#[test]
fn tokens_in_a_response_are_refused() {
    for token in ["access_token", "id_token", "refresh_token", "response"] {
        assert_eq!(code(&format!("state=s&code=a&{token}=x")), "callback_token", "{token}");
    }
}

/// CB-16
#[test]
fn a_code_of_4_kb_works_and_one_of_64_kb_is_refused() {
    let long = "c".repeat(4096);
    assert_eq!(redeemable(&format!("state=s&code={long}")), long);
    assert_eq!(code(&format!("state=s&code={}", "c".repeat(8192))), "accepted");
    assert_eq!(
        code(&format!("state=s&code={}", "c".repeat(8193))),
        "callback_parameter_too_long"
    );
    assert_eq!(
        code(&format!("state=s&code={}", "c".repeat(65536))),
        "callback_parameter_too_long"
    );
    assert_eq!(code(&format!("code=a&state={}", "s".repeat(4096))), "accepted");
    assert_eq!(
        code(&format!("code=a&state={}", "s".repeat(4097))),
        "callback_parameter_too_long"
    );
    assert_eq!(
        code(&format!("code=a&state=s&iss={}", "i".repeat(2049))),
        "callback_parameter_too_long"
    );
}

#[test]
fn a_code_is_decoded_as_a_form_is() {
    assert_eq!(redeemable("state=s&code=a%2Bb%2Fc%3D+d"), "a+b/c= d");
}

/// CB-07, CB-08
#[test]
fn of_an_error_only_a_known_code_is_kept() {
    let long = format!("state=s&error={}", "e".repeat(60_000));
    for (query, expected) in [
        ("state=s&error=access_denied", "access_denied"),
        (
            "state=s&error=login_required&error_description=%3Cscript%3E&error_uri=javascript:alert(1)",
            "login_required",
        ),
        ("state=s&error=temporarily_unavailable", "temporarily_unavailable"),
        ("state=s&error=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "unknown_error"),
        ("state=s&error=ACCESS_DENIED", "unknown_error"),
        (&long, "unknown_error"),
    ] {
        let params = CallbackParams::parse(query).expect("an authorization response");
        let AuthorizationResponse::Error { error, .. } = &params.response else {
            panic!("an error")
        };
        assert_eq!(error.name(), expected);
        assert!(!format!("{params:?}").contains("script"));
    }
}

/// SES-13
#[test]
fn neither_state_nor_code_stand_in_debug_output() {
    let shown = format!(
        "{:?}",
        CallbackParams::parse("state=canary-a&code=canary-b&iss=canary-c")
    );
    assert!(!shown.contains("canary"), "{shown}");
}

proptest::proptest! {
    /// CB-04
    #[test]
    fn every_accepted_response_has_a_state_of_printable_characters(query in "[a-z=&%0-9A-F]*", text: String) {
        for query in [&format!("state=s&code={query}"), &format!("code=c&state={text}"), &query, &text] {
            if let Ok(params) = CallbackParams::parse(query) {
                let printable = params.state.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                proptest::prop_assert!(printable && !params.state.is_empty());
            }
        }
    }
}
