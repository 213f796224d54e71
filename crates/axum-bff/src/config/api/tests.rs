use super::super::{Config, SettingError};
use super::*;
use bff_session::key_ring::KeyRing;
use oidc_relying_party::Usage;
use std::io::Write;
use std::time::Duration;

fn environment(further: &[(&str, &str)]) -> Vec<(String, String)> {
    let key = KeyRing::new_key();
    let usual = [
        ("BFF_PUBLIC_URL", "https://app.example.com"),
        ("BFF_ISSUER", "https://op.example.com"),
        ("BFF_CLIENT_ID", "client"),
        ("BFF_CLIENT_SECRET", "secret"),
        ("BFF_REDIS_URL", "memory:"),
        ("BFF_SESSION_KEY", key.as_str()),
    ];
    let all = usual.iter().chain(further);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn apis(further: &[(&str, &str)]) -> Vec<ApiSettings> {
    let config = Config::read(Source::collect(environment(further), None));
    config.expect("settings").apis
}

fn wrong(further: &[(&str, &str)]) -> Vec<String> {
    let errors = Config::read(Source::collect(environment(further), None)).expect_err("something is wrong");
    errors.into_iter().map(|error: SettingError| error.name).collect()
}

fn from_file(text: &str, further: &[(&str, &str)]) -> Result<Vec<ApiSettings>, Vec<SettingError>> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("written");
    Config::read(Source::collect(environment(further), Some(file.path()))).map(|config| config.apis)
}

/// The setting for DPoP (RFC 9449) that results from these variables.
fn dpop(further: &[(&str, &str)]) -> Usage {
    let config = Config::read(Source::collect(environment(further), None));
    config.expect("settings").registration.dpop
}

/// TOK-13
#[test]
fn tokens_are_bound_where_every_api_that_gets_the_persons_takes_them() {
    let stock = ("BFF_API_STOCK_LEVELS", "https://stock.example.com");
    let (takes, open) = (
        ("BFF_API_STOCK_LEVELS_DPOP", "on"),
        ("BFF_API_STOCK_LEVELS_TOKEN", "none"),
    );
    let own = ("BFF_API_STOCK_LEVELS_TOKEN", "client");
    let required = ("BFF_DPOP", "required");
    assert_eq!(dpop(&[]), Usage::Auto);
    assert_eq!(dpop(&[stock]), Usage::Off);
    assert_eq!(dpop(&[stock, takes]), Usage::Auto);
    assert_eq!(dpop(&[stock, open]), Usage::Auto);
    assert_eq!(dpop(&[stock, own]), Usage::Auto, "each API has its own client token");
    assert_eq!(dpop(&[stock, takes, ("BFF_DPOP", "off")]), Usage::Off);
    assert_eq!(dpop(&[stock, takes, required]), Usage::Required);
    assert_eq!(dpop(&[stock, open, required]), Usage::Required);
    assert_eq!(wrong(&[stock, required]), ["BFF_API_STOCK_LEVELS_DPOP"]);
    assert_eq!(wrong(&[stock, own, required]), ["BFF_API_STOCK_LEVELS_DPOP"]);
    assert_eq!(wrong(&[("BFF_DPOP", "on"), ("BFF_PAR", "on")]), ["BFF_PAR", "BFF_DPOP"]);
}

#[test]
fn a_url_suffices_and_defaults_fill_the_rest() {
    let [api] = &apis(&[("BFF_API_STOCK_LEVELS", "https://stock.example.com/v1/")])[..] else {
        panic!("one API");
    };
    assert_eq!(
        (api.name.as_str(), api.url.as_str()),
        ("stock-levels", "https://stock.example.com/v1")
    );
    assert_eq!(
        (api.token, api.timeout, api.body_limit),
        (ApiToken::Person, Duration::from_secs(30), 1 << 20)
    );
    assert_eq!(api.methods.len(), 6);
    assert_eq!((api.requests, api.requests_each), (256, 32));
    assert_eq!((api.streams, api.streams_each), (1024, 32));
    assert!(apis(&[]).is_empty());
}

#[test]
fn every_key_is_read_for_its_own_api() {
    let apis = apis(&[
        ("BFF_API_A", "https://a.example"),
        ("BFF_API_B", "https://b.example"),
        ("BFF_API_B_TOKEN", "client"),
        ("BFF_API_B_SCOPE", "b.read"),
        ("BFF_API_B_METHODS", "GET, HEAD"),
        ("BFF_API_B_HEADERS", "x-tenant"),
        ("BFF_API_B_TIMEOUT", "5s"),
        ("BFF_API_B_BODY_LIMIT", "2KiB"),
        ("BFF_API_B_REQUESTS", "2"),
        ("BFF_API_B_REQUESTS_EACH", "1"),
        ("BFF_API_B_STREAMS", "3"),
        ("BFF_API_B_STREAMS_EACH", "2"),
    ]);
    assert_eq!(apis[0].token, ApiToken::Person);
    let b = &apis[1];
    assert_eq!((b.token, b.scope.as_deref()), (ApiToken::Client, Some("b.read")));
    assert_eq!(b.methods, [Method::GET, Method::HEAD]);
    assert_eq!(b.headers, ["x-tenant"]);
    assert_eq!((b.timeout, b.body_limit), (Duration::from_secs(5), 2048));
    assert_eq!((b.requests, b.requests_each), (2, 1));
    assert_eq!((b.streams, b.streams_each), (3, 2));
}

#[test]
fn a_wrong_setting_of_an_api_is_named() {
    let a = ("BFF_API_A", "https://a.example");
    for (name, value) in [
        ("BFF_API_A_TOKEN", "mine"),
        ("BFF_API_A_SCOPE", "for a person's token"),
        ("BFF_API_A_METHODS", "GET TRACE"),
        ("BFF_API_A_METHODS", "get"),
        ("BFF_API_A_HEADERS", "cookie"),
        ("BFF_API_A_HEADERS", "X-Forwarded-For"),
        ("BFF_API_A_HEADERS", "traceparent"),
        ("BFF_API_A_HEADERS", "baggage"),
        ("BFF_API_A_HEADERS", "a b:"),
        ("BFF_API_A_TIMEOUT", "0s"),
        ("BFF_API_A_BODY_LIMIT", "1 potato"),
        ("BFF_API_A_BODY_LIMIT", "99999999999GiB"),
        ("BFF_API_A_REQUESTS", "0"),
        ("BFF_API_A_REQUESTS_EACH", "0"),
        ("BFF_API_A_STREAMS", "-1"),
        ("BFF_API_A_STREAMS_EACH", "many"),
        ("BFF_API_A_CA_FILE", "/nowhere/ca.pem"),
        ("BFF_API_A_CA_FILE", "/dev/null"),
        ("BFF_API_A_TIMOUT", "3s"),
        ("BFF_API_", "https://a.example"),
        ("BFF_API_a", "https://a.example"),
        ("BFF_API_<NAME>", "https://a.example"),
        ("BFF_API_A__B", "https://a.example"),
    ] {
        assert_eq!(wrong(&[a, (name, value)]), [name], "{name}={value}");
    }
    for url in [
        "a.example",
        "ftp://a.example",
        "https://u:p@a.example",
        "https://a.example/?x",
        "https://a.example/#x",
        "https://a.example/a%2fb",
        "https://a.example/a;b",
        "http://a.example",
        "http://127.0.0.1:1",
    ] {
        assert_eq!(wrong(&[("BFF_API_A", url)]), ["BFF_API_A"], "{url}");
    }
    assert_eq!(
        wrong(&[("BFF_API_A_TOKEN", "none")]),
        ["BFF_API_A"],
        "a setting without the URL of its API"
    );
    assert_eq!(
        wrong(&[
            a,
            ("BFF_API_A_TOKEN", "mine"),
            ("BFF_API_B", "b"),
            ("BFF_API_B_TIMEOUT", "soon")
        ]),
        ["BFF_API_A_TOKEN", "BFF_API_B", "BFF_API_B_TIMEOUT"],
        "all errors are listed at once"
    );
}

#[test]
fn plain_http_is_said_outright() {
    assert_eq!(
        apis(&[("BFF_API_A", "http://10.0.0.1"), ("BFF_API_A_HTTP", "on")]).len(),
        1
    );
    assert_eq!(
        apis(&[("BFF_API_A", "http://localhost:1"), ("BFF_HTTP_LOOPBACK", "on")]).len(),
        1
    );
    assert_eq!(
        wrong(&[("BFF_API_A", "http://10.0.0.1"), ("BFF_HTTP_LOOPBACK", "on")]),
        ["BFF_API_A"]
    );
}

#[test]
fn an_authority_is_for_https() {
    let plain = [("BFF_API_A", "http://localhost:1"), ("BFF_HTTP_LOOPBACK", "on")];
    let file = ("BFF_API_A_CA_FILE", "/dev/null");
    let settings = environment(&[&plain[..], &[file]].concat());
    let errors = Config::read(Source::collect(settings, None)).expect_err("http");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].problem.contains("https"), "{errors:?}");
}

#[test]
fn a_certificate_is_shown_to_the_api_that_says_so() {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(["client".to_owned()]).expect("a name");
    let (chain, key) = (params.self_signed(&key).expect("signed").pem(), key.serialize_pem());
    let own = [
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key),
    ];
    let (a, b) = (("BFF_API_A", "https://a.example"), ("BFF_API_B", "https://b.example"));
    let on = ("BFF_API_A_CERTIFICATE", "on");
    let apis = apis(&[own[0], own[1], a, on, b]);
    assert!(apis[0].certificate.is_some() && apis[1].certificate.is_none());
    assert_eq!(wrong(&[a, on]), ["BFF_API_A_CERTIFICATE"], "no certificate is set");
    let http = [("BFF_API_A", "http://10.0.0.1"), ("BFF_API_A_HTTP", "on")];
    assert_eq!(
        wrong(&[own[0], own[1], http[0], http[1], on]),
        ["BFF_API_A_CERTIFICATE"]
    );
    let broken = [("BFF_CLIENT_CERTIFICATE", "canary"), own[1]];
    assert_eq!(
        wrong(&[broken[0], broken[1], a, on]),
        ["BFF_CLIENT_CERTIFICATE"],
        "the error is listed once"
    );
}

#[test]
fn a_toml_file_has_a_table_for_each() {
    let text =
        "[api.stock-levels]\nurl = \"https://s.example\"\ntoken = \"none\"\nmethods = [\"GET\"]\ntimeout = \"3s\"\n";
    let apis = from_file(text, &[("BFF_API_STOCK_LEVELS_TIMEOUT", "4s")]).expect("settings");
    assert_eq!(apis[0].name, "stock-levels");
    assert_eq!(
        (apis[0].token, apis[0].timeout),
        (ApiToken::None, Duration::from_secs(4))
    );
    for (text, name) in [
        (
            "[api.a]\nurl = \"https://a.example\"\ntokn = \"none\"\n",
            "BFF_API_A_TOKN",
        ),
        ("[api.a_token]\nurl = \"https://a.example\"\n", "BFF_API_A_TOKEN"),
        ("[api]\na = \"https://a.example\"\n", "BFF_API_A"),
        (
            "[api.a-b]\nurl = \"https://a.example\"\n[api.a_b]\nurl = \"https://b.example\"\n",
            "BFF_API_A_B",
        ),
    ] {
        let errors = from_file(text, &[]).expect_err("something is wrong");
        let names: Vec<&str> = errors.iter().map(|error| error.name.as_str()).collect();
        assert_eq!(names, [name], "{text}");
    }
}
