//! Environment variables that are not UTF-8, and variables that a platform sets for its services.
#![cfg(unix)]

use super::*;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

fn bytes(text: &[u8]) -> OsString {
    OsString::from_vec(text.to_vec())
}

fn os(environment: Vec<(String, String)>) -> Vec<(OsString, OsString)> {
    environment
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

#[test]
fn variables_of_other_programs_may_be_any_bytes() {
    let mut environment = os(complete());
    environment.push((bytes(b"PS1"), bytes(b"\xff\xfe")));
    environment.push((bytes(b"\xff_NAME"), bytes(b"value")));
    assert!(Config::read(Source::collect(environment, None)).is_ok());
}

#[test]
fn a_setting_that_is_not_utf_8_is_refused_by_name_and_its_value_is_not_shown() {
    for (name, listed) in [
        (&b"BFF_CLIENT_SECRET"[..], "BFF_CLIENT_SECRET"),
        (b"BFF_SESSION_KEY", "BFF_SESSION_KEY"),
        (b"BFF_LISTEN", "BFF_LISTEN"),
        (b"BFF_\xff", "BFF_\u{fffd}"),
    ] {
        let mut environment = os(complete());
        environment.retain(|(set, _)| set.as_encoded_bytes() != name);
        environment.push((bytes(name), bytes(b"canary-value\xff")));
        let errors = Config::read(Source::collect(environment, None)).expect_err("not UTF-8");
        let named: Vec<&str> = errors.iter().map(|error| error.name.as_str()).collect();
        assert_eq!(named, [listed]);
        assert!(!format!("{errors:?}").contains("canary"), "{errors:?}");
    }
}

#[test]
fn service_links_of_a_platform_are_said_once_and_keep_nobody_from_starting() {
    let links = [
        ("BFF_SERVICE_HOST", "10.0.0.7"),
        ("BFF_SERVICE_PORT", "80"),
        ("BFF_PORT", "tcp://10.0.0.7:80"),
        ("BFF_PORT_80_TCP_ADDR", "10.0.0.7"),
        ("BFF_API_X_SERVICE_HOST", "10.0.0.8"),
        ("BFF_API_X_SERVICE_PORT", "80"),
        ("BFF_API_X_PORT", "tcp://10.0.0.8:80"),
    ];
    let config = with(&links).expect("the settings are accepted");
    assert!(config.apis.is_empty(), "a link is no API");
    let said: Vec<&str> = config.warnings.iter().map(|warning| warning.name.as_str()).collect();
    assert_eq!(said, ["BFF_SERVICE_HOST", "BFF_API_X_SERVICE_HOST"]);
}
