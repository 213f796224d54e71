//! A `state` and a login cookie as the first version made them. During an upgrade a login may begin at one version and come
//! back to another (`tests/fixtures/README.md`).

use super::*;
use crate::cookies::CookieNames;
use axum::http::{HeaderMap, HeaderValue, header};
use std::path::Path;
use std::sync::LazyLock;

/// The bytes from 0 to 31.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

#[derive(Deserialize, Serialize)]
struct Frozen {
    /// The pair in the header `Cookie`.
    cookie: String,
    state: String,
    nonce: String,
    code_verifier: String,
    /// What is sealed in `state`, without the part that differs each time.
    pending: serde_json::Value,
}

static FROZEN: LazyLock<Frozen> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/login-1.json");
    if !path.exists() && std::env::var_os("FREEZE").is_some() {
        let text = serde_json::to_string_pretty(&freeze()).expect("JSON");
        std::fs::write(&path, text + "\n").expect("written");
    }
    let text = std::fs::read_to_string(&path).expect("tests/fixtures/README.md says how the fixture is made");
    serde_json::from_str(&text).expect("a fixture")
});

fn keys() -> KeyRing {
    KeyRing::parse(KEY).expect("a key")
}

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a time")
}

fn pair(cookie: &HeaderValue) -> String {
    let cookie = cookie.to_str().expect("text");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn names() -> CookieNames {
    CookieNames::below("").expect("names")
}

/// The sealed content of `state`, without the random id.
fn pending(keys: &KeyRing, binding: &LoginBinding, state: &str) -> serde_json::Value {
    let sealed = URL_SAFE_NO_PAD.decode(state).expect("base64url");
    let opened = keys.open(Purpose::Login, binding.secret(), &sealed).expect("it opens");
    let mut pending: serde_json::Value = serde_json::from_slice(&opened.plaintext).expect("JSON");
    pending["id"] = serde_json::Value::Null;
    pending
}

fn freeze() -> Frozen {
    let (keys, binding) = (keys(), LoginBinding::new());
    let (begun, state) = begin(&keys, &binding, now());
    Frozen {
        cookie: pair(&binding.set_cookie(&names())),
        pending: pending(&keys, &binding, &state),
        state,
        nonce: begun.nonce.expose_secret().to_owned(),
        code_verifier: begun.code_verifier.expose_secret().to_owned(),
    }
}

fn binding() -> LoginBinding {
    let cookie = HeaderValue::from_str(&FROZEN.cookie).expect("a cookie");
    let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
    LoginBinding::read(&headers, &names()).expect("a login cookie")
}

/// CB-01
#[test]
fn a_login_of_the_first_version_is_finished_here() {
    let opened = LoginTransaction::open(&keys(), &binding(), &FROZEN.state).expect("it opens");
    assert_eq!(opened.nonce.expose_secret(), FROZEN.nonce);
    assert_eq!(opened.code_verifier.expose_secret(), FROZEN.code_verifier);
    assert_eq!(opened.issuer, "https://op.example");
    assert_eq!(opened.login.return_to.as_str(), "/profile");
    assert_eq!(opened.login.wanted.max_age, Some(300));
    let alice = PersonDigest::of("https://op.example", "alice");
    assert_eq!(opened.login.expected, Some(alice));
    opened.in_time(now()).expect("it can still be finished");
}

/// CB-01
#[test]
fn a_login_that_begins_here_has_the_form_that_the_first_version_reads() {
    let (keys, binding) = (keys(), binding());
    let (_, state) = begin(&keys, &binding, now());
    assert_eq!(pending(&keys, &binding, &state), FROZEN.pending);
    let cookie = pair(&LoginBinding::new().set_cookie(&names()));
    assert_eq!(cookie.len(), FROZEN.cookie.len());
}
