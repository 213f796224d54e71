use super::*;
use secrecy::ExposeSecret;
use std::collections::HashSet;

mod frozen;

fn ring() -> KeyRing {
    KeyRing::parse(&KeyRing::new_key()).expect("a key")
}

fn begin(keys: &KeyRing, binding: &LoginBinding, now: OffsetDateTime) -> (LoginTransaction, String) {
    let wanted = AuthenticationWanted {
        max_age: Some(300),
        acr_values: vec!["mfa".to_owned()],
    };
    let login = Login {
        return_to: ReturnTo::judge("/profile"),
        wanted,
        prompted: false,
        restarted: false,
        expected: Some(PersonDigest::of("https://op.example", "alice")),
    };
    LoginTransaction::begin(keys, binding, ("https://op.example", login), None, now)
}

/// AUTHZ-11, CB-01
#[test]
fn a_login_opens_in_the_browser_that_began_it() {
    let (keys, binding, now) = (ring(), LoginBinding::new(), OffsetDateTime::now_utc());
    let (begun, state) = begin(&keys, &binding, now);
    let opened = LoginTransaction::open(&keys, &binding, &state).expect("opens");
    assert_eq!(opened.nonce.expose_secret(), begun.nonce.expose_secret());
    assert_eq!(
        opened.code_verifier.expose_secret(),
        begun.code_verifier.expose_secret()
    );
    assert_eq!(opened.login.return_to.as_str(), "/profile");
    assert_eq!(opened.issuer, "https://op.example");
    assert_eq!(opened.login.wanted, begun.login.wanted, "AUTHZ-11");
    assert_eq!(opened.login.wanted.max_age, Some(300));
    assert_eq!(opened.login.wanted.acr_values, ["mfa"]);
    assert_eq!(opened.id, begun.id);
    let alice = PersonDigest::of("https://op.example", "alice");
    assert_eq!(opened.login.expected, Some(alice));
    assert_ne!(
        PersonDigest::of("https://op.examplea", "lice"),
        alice,
        "the digest separates issuer and subject"
    );
}

/// TOK-13
#[test]
fn a_key_waits_in_state_sealed_and_only_where_there_is_one() {
    let (keys, binding, now) = (ring(), LoginBinding::new(), OffsetDateTime::now_utc());
    let dpop_key = DpopKey::generate();
    let key = dpop_key.secret().clone();
    let login = Login {
        return_to: ReturnTo::judge("/"),
        wanted: AuthenticationWanted::default(),
        prompted: false,
        restarted: false,
        expected: None,
    };
    let (begun, state) = LoginTransaction::begin(&keys, &binding, ("https://op.example", login), Some(dpop_key), now);
    let opened = LoginTransaction::open(&keys, &binding, &state).expect("opens");
    let kept = opened.dpop_key.expect("the key");
    assert_eq!(kept.secret().expose_secret(), key.expose_secret());
    let sealed = URL_SAFE_NO_PAD.decode(&state).expect("base64url");
    let canary = key.expose_secret().as_bytes();
    assert!(!sealed.windows(canary.len()).any(|bytes| bytes == canary), "sealed");
    assert!(!format!("{begun:?}").contains(key.expose_secret()));
    let (begun, state) = begin(&keys, &binding, now);
    let opened = LoginTransaction::open(&keys, &binding, &state).expect("opens");
    assert!(begun.dpop_key.is_none() && opened.dpop_key.is_none());
}

/// CB-02
#[test]
fn it_opens_in_no_other_browser_and_not_altered() {
    let (keys, binding, now) = (ring(), LoginBinding::new(), OffsetDateTime::now_utc());
    let (_, state) = begin(&keys, &binding, now);
    let unknown = LoginTransactionError::Unknown;
    let open = |keys: &KeyRing, binding: &LoginBinding, state: &str| LoginTransaction::open(keys, binding, state).err();

    assert_eq!(
        open(&keys, &LoginBinding::new(), &state),
        Some(unknown),
        "the login does not open in another browser"
    );
    assert_eq!(
        open(&ring(), &binding, &state),
        Some(unknown),
        "another server has another key"
    );
    assert_eq!(open(&keys, &binding, ""), Some(unknown));
    assert_eq!(open(&keys, &binding, &state[1..]), Some(unknown));
    let altered = state.replacen(|c: char| c.is_ascii_lowercase(), "Q", 1);
    assert_eq!(open(&keys, &binding, &altered), Some(unknown));
}

/// AUTHZ-03, AUTHZ-04
#[test]
fn every_login_has_its_own_secrets_and_state_holds_none() {
    let (keys, binding, now) = (ring(), LoginBinding::new(), OffsetDateTime::now_utc());
    let mut seen = HashSet::new();
    for _ in 0..1_000 {
        let (login, state) = begin(&keys, &binding, now);
        let sealed = URL_SAFE_NO_PAD.decode(&state).expect("base64");
        for secret in [&login.nonce, &login.code_verifier] {
            let secret = secret.expose_secret();
            assert_eq!(secret.len(), 43, "43 characters of base64url are 256 bits");
            assert!(!String::from_utf8_lossy(&sealed).contains(secret));
            assert!(seen.insert(secret.to_owned()), "repeated");
        }
        assert!(seen.insert(state));
    }
}

#[test]
fn a_login_tells_when_it_began_to_the_millisecond() {
    let (keys, binding) = (ring(), LoginBinding::new());
    let now = OffsetDateTime::from_unix_timestamp_nanos(1_800_000_000_987_654_321).expect("a time");
    let (begun, state) = begin(&keys, &binding, now);
    let opened = LoginTransaction::open(&keys, &binding, &state).expect("opens");
    let milliseconds = OffsetDateTime::from_unix_timestamp_nanos(1_800_000_000_987_000_000).expect("a time");
    assert_eq!((begun.started_at, opened.started_at), (milliseconds, milliseconds));
    assert_eq!((begun.state_length, opened.state_length), (state.len(), state.len()));
}

/// A replica of an earlier version writes whole seconds.
#[test]
fn a_login_that_an_earlier_version_began_opens() {
    let pending = serde_json::json!({
        "id": vec![0; 16], "issuer": "https://op.example", "return_to": "/", "started_at": 1_800_000_000,
    });
    let (keys, binding) = (ring(), LoginBinding::new());
    let sealed = keys.seal(Purpose::Login, binding.secret(), pending.to_string().as_bytes());
    let opened = LoginTransaction::open(&keys, &binding, &URL_SAFE_NO_PAD.encode(sealed)).expect("opens");
    assert_eq!(opened.started_at.unix_timestamp(), 1_800_000_000);
    assert_eq!(opened.started_at.millisecond(), 0);
}

/// AUTHZ-07
#[test]
fn a_login_expires() {
    let (keys, binding, now) = (ring(), LoginBinding::new(), OffsetDateTime::now_utc());
    let (_, state) = begin(&keys, &binding, now);
    let transaction = LoginTransaction::open(&keys, &binding, &state).expect("opens");
    assert_eq!(transaction.in_time(now + LIFETIME - Duration::SECOND * 2), Ok(()));
    assert_eq!(transaction.in_time(now + LIFETIME), Err(LoginTransactionError::Expired));
}
