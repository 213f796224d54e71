//! `exp`, `iat` and `nbf`, with a leeway of 60 seconds.

use super::*;

#[test]
fn idt_13_exp_is_there_and_in_the_future() {
    // The leeway is 60 seconds.
    all_give("accepted", "exp", [at(1), at(0), at(-59), json!(1e300)]);
    all_give(
        "id_token_expired",
        "exp",
        [at(-60), at(-61), at(-86_400), json!(0), json!(-1)],
    );
    all_give(
        "id_token_expired",
        "exp",
        [json!(at(300).to_string()), Value::Null, json!([at(300)]), json!(true)],
    );
    assert_eq!(verdict("exp", None), "id_token_expired");
}

#[test]
fn idt_13_without_leeway_exp_equal_to_now_has_expired() {
    let mut registration = registration(ISSUER);
    registration.leeway = std::time::Duration::ZERO;
    let mut claims = claims(ISSUER);
    for (exp, expected) in [
        (at(0), "id_token_expired"),
        (at(-1), "id_token_expired"),
        (at(1), "accepted"),
    ] {
        claims["exp"] = exp;
        assert_eq!(verdict_of(&registration, &claims), expected);
    }
}

#[test]
fn idt_14_iat_is_there_and_recent_and_nbf_is_honoured() {
    all_give("accepted", "iat", [at(0), at(60), at(-659), json!(1_800_000_000.5)]);
    all_give(
        "id_token_issued_at",
        "iat",
        [at(61), at(3600), at(-661), at(-7 * 86_400), json!(0)],
    );
    all_give(
        "id_token_issued_at",
        "iat",
        [json!(at(0).to_string()), Value::Null, json!(-1)],
    );
    assert_eq!(verdict("iat", None), "id_token_issued_at");
    all_give("accepted", "nbf", [at(0), at(60), at(-86_400), Value::Null, json!("")]);
    all_give("id_token_not_before", "nbf", [at(61), at(3600), json!("0")]);
}
