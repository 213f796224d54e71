//! Settings that the profile forbids: the server does not start, and names all of them.

use axum_bff::config::{Config, Source};
use bff_session::key_ring::KeyRing;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};

/// Reads complete settings of the profile with these changes. Gives the names of all wrong settings, and all messages.
fn refused(further: &[(&str, &str)]) -> (Vec<String>, String) {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let (key, ring) = (key.serialize_pem(), KeyRing::new_key());
    let mut settings = vec![
        ("BFF_PROFILE", "fapi2"),
        ("BFF_PUBLIC_URL", "https://app.example.com"),
        ("BFF_ISSUER", "https://op.example.com"),
        ("BFF_CLIENT_ID", "bff"),
        ("BFF_CLIENT_KEY", &*key),
        ("BFF_REDIS_URL", "memory:"),
        ("BFF_SESSION_KEY", ring.as_str()),
    ];
    for (name, value) in further {
        settings.retain(|(set, _)| set != name);
        settings.push((name, value));
    }
    let settings = settings
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let errors = match Config::read(Source::collect(settings, None)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors,
    };
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    (errors.into_iter().map(|error| error.name).collect(), said.join("\n"))
}

const API: (&str, &str) = ("BFF_API_STOCK_LEVELS", "https://stock.example.com");
const TAKES_DPOP: (&str, &str) = ("BFF_API_STOCK_LEVELS_DPOP", "on");

#[test]
fn settings_of_the_profile_are_enough() {
    assert_eq!(refused(&[]).0, [""; 0]);
    assert_eq!(refused(&[API, TAKES_DPOP]).0, [""; 0]);
    let open = [API, ("BFF_API_STOCK_LEVELS_TOKEN", "none")];
    assert_eq!(refused(&open).0, [""; 0], "an API without a token needs no binding");
}

/// DISC-04, SEC-02
///
/// §5.2.1 of the profile demands TLS.
#[test]
fn nothing_of_the_profile_travels_in_the_clear() {
    assert_eq!(
        refused(&[("BFF_PUBLIC_URL", "http://app.example.com")]).0,
        ["BFF_PUBLIC_URL"]
    );
    assert_eq!(refused(&[("BFF_ISSUER", "http://op.example.com")]).0, ["BFF_ISSUER"]);
    let loopback = [
        ("BFF_HTTP_LOOPBACK", "on"),
        ("BFF_PUBLIC_URL", "http://localhost:3000"),
        ("BFF_ISSUER", "http://localhost:4000"),
    ];
    let (names, said) = refused(&loopback);
    assert_eq!(names, ["BFF_PROFILE"]);
    assert!(
        said.contains("https everywhere") && said.contains("BFF_HTTP_LOOPBACK"),
        "{said}"
    );
    let http = ("BFF_API_STOCK_LEVELS_HTTP", "on");
    for url in ["http://stock.internal", "http://127.0.0.1:8080"] {
        let api = [("BFF_API_STOCK_LEVELS", url), http, TAKES_DPOP];
        let (names, said) = refused(&api);
        assert_eq!(names, ["BFF_API_STOCK_LEVELS"], "{url}");
        assert!(said.contains("https everywhere"), "{said}");
        let own = [&api[..], &[("BFF_API_STOCK_LEVELS_TOKEN", "client")]].concat();
        assert_eq!(refused(&own).0, ["BFF_API_STOCK_LEVELS"], "{url}");
        let open = [&api[..], &[("BFF_API_STOCK_LEVELS_TOKEN", "none")]].concat();
        assert_eq!(refused(&open).0, [""; 0], "{url}");
    }
}

/// SEC-02
///
/// §5.3.3.1: an API that cannot tell the sender of a token from its owner would take a stolen token.
#[test]
fn every_recipient_of_a_token_of_the_profile_can_tell_whose_it_is() {
    for token in ["person", "client"] {
        let (names, said) = refused(&[API, ("BFF_API_STOCK_LEVELS_TOKEN", token)]);
        assert_eq!(names, ["BFF_API_STOCK_LEVELS_DPOP"], "{token}");
        assert!(said.contains("_CERTIFICATE"), "{said}");
    }
    let shown = [API, ("BFF_API_STOCK_LEVELS_CERTIFICATE", "on")];
    let (names, said) = refused(&shown);
    assert_eq!(
        names,
        ["BFF_API_STOCK_LEVELS_CERTIFICATE", "BFF_API_STOCK_LEVELS_DPOP"],
        "{said}"
    );
}

/// SEC-02
///
/// §5.3.3.1: the addresses of the provider come from its metadata alone.
#[test]
fn no_address_of_the_provider_is_from_the_settings() {
    for setting in [("BFF_END_SESSION_ENDPOINT", "/logout"), ("BFF_PROVIDER", "auth0")] {
        let (names, said) = refused(&[setting]);
        assert_eq!(names, ["BFF_PROFILE"], "{setting:?}");
        assert!(
            said.contains("from its metadata") && said.contains("BFF_END_SESSION_ENDPOINT"),
            "{said}"
        );
    }
}
