//! The claims about the authentication: `acr` and `auth_time`.

use super::*;

/// IDT-16
#[test]
fn acr_is_one_of_those_that_were_asked_for() {
    let wanted = AuthenticationWanted {
        acr_values: vec!["mfa".to_owned(), "phr".to_owned()],
        ..AuthenticationWanted::default()
    };
    for (acr, expected) in [
        (json!("phr"), "accepted"),
        (json!("mfa"), "accepted"),
        (json!("mfa phr"), "id_token_acr"),
        (json!("Mfa"), "id_token_acr"),
        (json!(""), "id_token_acr"),
        (json!(["mfa"]), "id_token_acr"),
        (Value::Null, "id_token_acr"),
    ] {
        let mut claims = claims(ISSUER);
        claims["acr"] = acr.clone();
        assert_eq!(
            verdict_wanted(&wanted, &registration(ISSUER), &claims),
            expected,
            "{acr}"
        );
    }
    assert_eq!(
        verdict_wanted(&wanted, &registration(ISSUER), &claims(ISSUER)),
        "id_token_acr",
        "missing"
    );
}

/// IDT-16
#[test]
fn auth_time_is_there_and_within_max_age_where_that_was_asked_for() {
    let verdict = |max_age: Option<u64>, auth_time: Option<Value>| {
        let mut claims = claims(ISSUER);
        match auth_time {
            Some(value) => claims["auth_time"] = value,
            None => drop(claims.as_object_mut().expect("an object").remove("auth_time")),
        }
        verdict_within(max_age, &registration(ISSUER), &claims)
    };
    let (missing, old) = ("id_token_auth_time", "id_token_authentication_too_old");
    let float = json!((now() - OffsetDateTime::UNIX_EPOCH).as_seconds_f64() - 1.5);
    // The leeway is 60 seconds.
    for (auth_time, expected) in [
        (Some(at(0)), "accepted"),
        (Some(float), "accepted"),
        (Some(at(-360)), "accepted"),
        (Some(at(-361)), old),
        (Some(json!(0)), old),
        (Some(at(60)), "accepted"),
        (Some(at(61)), missing),
        (Some(json!(1e300)), missing),
        (Some(json!(at(0).to_string())), missing),
        (Some(json!([at(0)])), missing),
        (Some(json!(-1)), missing),
        (Some(Value::Null), missing),
        (None, missing),
    ] {
        assert_eq!(verdict(Some(300), auth_time.clone()), expected, "{auth_time:?}");
        assert_eq!(
            verdict(None, auth_time.clone()),
            "accepted",
            "auth_time was not requested: {auth_time:?}"
        );
    }
    assert_eq!(verdict(Some(0), Some(at(-60))), "accepted");
    assert_eq!(verdict(Some(0), Some(at(-61))), old);
    assert_eq!(verdict(Some(u64::MAX), Some(json!(0))), "accepted");
}
