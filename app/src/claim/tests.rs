use super::{Claim, ClaimKind, Shown};
use serde_json::{Value, json};

#[test]
fn a_standard_claim_has_the_kind_of_its_name() {
    let table = [
        ("sub", json!("a1"), ClaimKind::Identifier),
        ("email", json!("alice@example.org"), ClaimKind::EmailAddress),
        ("phone_number", json!("+31 20"), ClaimKind::PhoneNumber),
        ("picture", json!("https://example.org/a.png"), ClaimKind::WebAddress),
        ("birthdate", json!("1990-01-01"), ClaimKind::Date),
        ("updated_at", json!(1_700_000_000), ClaimKind::Time),
        ("locale", json!("nl-NL"), ClaimKind::Language),
        ("zoneinfo", json!("Europe/Amsterdam"), ClaimKind::TimeZone),
        ("email_verified", json!(true), ClaimKind::YesOrNo),
        ("address", json!({"country": "NL"}), ClaimKind::Structure),
        ("groups", json!(["a"]), ClaimKind::List),
        ("level", json!(3), ClaimKind::Number),
        ("name", json!("Alice"), ClaimKind::Text),
        ("nickname", Value::Null, ClaimKind::Nothing),
    ];
    for (name, value, kind) in table {
        assert_eq!(ClaimKind::of(name, &value), kind, "{name}");
    }
}

#[test]
fn a_standard_name_with_a_foreign_type_has_the_kind_of_its_type() {
    assert_eq!(ClaimKind::of("email", &json!(["a@example.org"])), ClaimKind::List);
    assert_eq!(ClaimKind::of("updated_at", &json!("yesterday")), ClaimKind::Text);
    assert_eq!(ClaimKind::of("sub", &json!(7)), ClaimKind::Number);
}

#[test]
fn a_value_is_shown_for_people_and_copied_as_it_came() {
    let time = Claim::new("updated_at", &json!(1_700_000_000));
    assert_eq!(time.shown, Shown::Line("14 November 2023, 22:13 UTC".to_owned()));
    assert_eq!(time.value, "1700000000");

    let verified = Claim::new("email_verified", &json!(false));
    assert_eq!(verified.shown, Shown::Line("no".to_owned()));
    assert_eq!(verified.value, "false");

    let list = Claim::new("roles", &json!(["admin", 2]));
    assert_eq!(list.shown, Shown::Items(vec!["admin".to_owned(), "2".to_owned()]));
    assert_eq!(list.value, r#"["admin",2]"#);

    let nested = Claim::new("address", &json!({"country": "NL"}));
    assert_eq!(nested.shown, Shown::Json("{\n  \"country\": \"NL\"\n}".to_owned()));
}

#[test]
fn a_time_outside_of_the_calendar_is_shown_as_its_number() {
    let claim = Claim::new("updated_at", &json!(1e300));
    assert_eq!(claim.shown, Shown::Line("1e+300".to_owned()));
}

#[test]
fn markup_in_a_value_stays_text() {
    let claim = Claim::new("name", &json!("</script><b>"));
    assert_eq!(claim.shown, Shown::Line("</script><b>".to_owned()));
}

#[test]
fn the_filter_looks_at_name_value_and_kind_in_any_case() {
    let claim = Claim::new("email", &json!("Alice@Example.org"));
    for text in ["", "  ", "EMAIL", "alice@", " example ", "address"] {
        assert!(claim.matches(text), "{text:?} should find it");
    }
    for text in ["bob", "phone"] {
        assert!(!claim.matches(text), "{text:?} should not find it");
    }
}
