use super::*;
use proptest::prelude::*;

const BASES: [&str; 3] = [
    "https://api.example.com",
    "https://api.example.com:8443/v1",
    "http://127.0.0.1:9/a/b",
];

fn joined(base: &str, path: &str) -> Option<Url> {
    let uri: Uri = path.parse().ok()?;
    join(&Url::parse(base).expect("a URL"), &target(&uri).ok()?.below).ok()
}

/// PRX-02
#[test]
fn a_path_that_two_servers_may_read_differently_is_refused() {
    for path in [
        "/api/x/..",
        "/api/x/../y",
        "/api/x/./y",
        "/api/x/.",
        "/api/../x/y",
        "/api/x/%2e%2e/y",
        "/api/x/%2E./y",
        "/api/x/.%2e",
        "/api/x/%2e",
        "/api/x/%252e%252e/y",
        "/api/x/%25252e%25252e/y",
        "/api/x/a%2fb",
        "/api/x/a%2Fb",
        "/api/x/a%252fb",
        "/api/x/a%5cb",
        "/api/x/a%255Cb",
        "/api/x/a\\b",
        "/api/x/..\\b",
        "/api/x/a;b",
        "/api/x/..;/b",
        "/api/x/a%3bb",
        "/api/x/a%253bb",
        "/api/x//y",
        "/api//x/y",
        "/api/x/y//",
        "/api/x//",
        "/api/x/%00",
        "/api/x/%2500",
        "/api/x/a%0d%0ab",
        "/api/x/%7f",
        "/api/x/%c2%85",
        "/api/x/%c0%af",
        "/api/x/%ff",
        "/api/x/%",
        "/api/x/%2",
        "/api/x/%zz",
        "/api/x/...",
        "/api/x/..%20",
        "/api/x/%20",
        "/api/x/a|b",
        "/api/x/[a]",
        "/api/x/%2525252541",
        "http://evil.example/api/x/y",
        "//evil.example/api/x/y",
        "/apix/y",
    ] {
        for base in BASES {
            assert_eq!(joined(base, path), None, "{path}");
        }
    }
    assert_eq!(joined(BASES[0], &format!("/api/x/{}", "a".repeat(PATH_LIMIT))), None);
    assert_eq!(
        joined(BASES[0], &format!("/api/x/y?{}", "a".repeat(QUERY_LIMIT + 1))),
        None
    );
}

#[test]
fn a_plain_path_passes_as_it_was_sent() {
    for (base, path, expected) in [
        (BASES[0], "/api/x", "https://api.example.com/"),
        (BASES[0], "/api/x/", "https://api.example.com/"),
        (BASES[1], "/api/x", "https://api.example.com:8443/v1"),
        (BASES[1], "/api/x/", "https://api.example.com:8443/v1/"),
        (BASES[1], "/api/x/a/b/", "https://api.example.com:8443/v1/a/b/"),
        (
            BASES[1],
            "/api/x/a.b/..c/c..",
            "https://api.example.com:8443/v1/a.b/..c/c..",
        ),
        (
            BASES[1],
            "/api/x/a%20b/100%25",
            "https://api.example.com:8443/v1/a%20b/100%25",
        ),
        (
            BASES[1],
            "/api/x/%C3%A4@:!$&'()*+,=",
            "https://api.example.com:8443/v1/%C3%A4@:!$&'()*+,=",
        ),
        (
            BASES[1],
            "/api/x/@evil.example",
            "https://api.example.com:8443/v1/@evil.example",
        ),
        (
            BASES[1],
            "/api/x/a%3Fb%23c",
            "https://api.example.com:8443/v1/a%3Fb%23c",
        ),
        (
            BASES[1],
            "/api/x/y?url=http://evil.example/../..&a=%2f;b",
            "https://api.example.com:8443/v1/y?url=http://evil.example/../..&a=%2f;b",
        ),
        (BASES[1], "/api/x/y?", "https://api.example.com:8443/v1/y?"),
    ] {
        assert_eq!(joined(base, path).as_ref().map(Url::as_str), Some(expected), "{path}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("/".to_owned()),
        Just("//".to_owned()),
        Just("\\".to_owned()),
        Just("%2e".to_owned()),
        Just("%2F".to_owned()),
        Just("%25".to_owned()),
        Just("2e".to_owned()),
        Just("@".to_owned()),
        Just(":".to_owned()),
        Just("?".to_owned()),
        Just("%5c".to_owned()),
        Just(";".to_owned()),
        Just("evil.example".to_owned()),
        "[ -~]{0,3}",
        "\\PC{0,2}",
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// PRX-01, PRX-02
    ///
    /// A path that passes stays at its API and below the API's prefix, however often somebody decodes it.
    #[test]
    fn nothing_in_a_path_leads_elsewhere(rest in hostile(), base in proptest::sample::select(&BASES)) {
        let base = Url::parse(base).expect("a URL");
        let Some(url) = joined(base.as_str(), &format!("/api/x/{rest}")) else { return Ok(()) };
        prop_assert_eq!(url.origin(), base.origin());
        let mut path = url.path().to_owned();
        for _ in 0..6 {
            let read = base.join(&path).expect("a path");
            prop_assert_eq!(read.origin(), base.origin());
            prop_assert!(read.path().starts_with(base.path().trim_end_matches('/')), "{}", read);
            prop_assert!(!path.split(['/', '\\']).any(|segment| segment == ".." || segment == "."));
            let Ok(decoded) = percent_decode_str(&path).decode_utf8() else { break };
            path = decoded.into_owned();
        }
        let again = Url::parse(url.as_str()).expect("a URL");
        prop_assert_eq!(again, url);
    }
}
