use super::*;
use std::collections::BTreeMap;

fn of(settings: &[(&str, &str)]) -> Result<Question, HealthError> {
    let environment: BTreeMap<_, _> = settings.iter().copied().collect();
    own(Source::collect(environment, None), LIVE)
}

fn question(target: Target) -> Question {
    Question {
        target,
        is_tls: false,
        host: "localhost".to_owned(),
        path: LIVE.to_owned(),
    }
}

fn address(text: &str) -> Target {
    Target::Tcp(text.parse().expect("an address"))
}

#[test]
fn the_listener_of_the_settings_is_asked_and_no_other_setting_is_needed() {
    for (listen, target) in [
        ("127.0.0.1:3000", address("127.0.0.1:3000")),
        ("0.0.0.0:80", address("127.0.0.1:80")),
        ("[::]:80", address("[::1]:80")),
        ("10.0.0.7:80", address("10.0.0.7:80")),
    ] {
        assert_eq!(of(&[("BFF_LISTEN", listen)]).expect(listen), question(target));
    }
    assert_eq!(of(&[]).expect("a default"), question(address("127.0.0.1:3000")));
    let unreadable = [
        ("BFF_CLIENT_SECRET_FILE", "/nowhere"),
        ("BFF_SESSION_KEY_FILE", "/nowhere"),
        ("BFF_TLS_CERTIFICATE_FILE", "/nowhere"),
        ("BFF_TLS_KEY_FILE", "/nowhere"),
    ];
    assert!(of(&unreadable).expect("they are not read").is_tls);
    let wrong = of(&[("BFF_LISTEN", "nowhere"), ("BFF_NOTHING", "x")]).expect_err("no address");
    let said = wrong.to_string();
    assert!(said.contains("BFF_LISTEN") && !said.contains("BFF_NOTHING"), "{said}");
}

#[cfg(unix)]
#[test]
fn the_unix_socket_of_the_settings_is_asked() {
    let asked = of(&[("BFF_LISTEN", "unix:/run/bff/bff.sock")]).expect("a socket");
    assert_eq!(asked, question(Target::Socket("/run/bff/bff.sock".into())));
}

#[test]
fn an_address_is_asked_below_its_path() {
    let asked = at("https://app.example.com/shop/", READY).expect("an address");
    assert_eq!(asked.target, Target::Name("app.example.com".to_owned(), 443));
    assert_eq!((asked.path.as_str(), asked.is_tls), ("/shop/readyz", true));
    let asked = at("http://[::1]:3000", LIVE).expect("an address");
    assert_eq!((asked.target, asked.path.as_str()), (address("[::1]:3000"), "/livez"));
    for wrong in ["", "127.0.0.1:3000", "unix:/run/bff.sock", "ftp://x"] {
        assert!(matches!(at(wrong, LIVE), Err(HealthError::Url)), "{wrong}");
    }
}
