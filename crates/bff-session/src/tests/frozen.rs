//! The forms that records have in Redis, as the first version wrote them. A later version reads them, and writes what the
//! first one reads: during an upgrade both run on one Redis (`tests/fixtures/README.md`).

use super::{LIFETIME, fixture};
use crate::index::IndexKey;
use crate::store::SealedTokens;
use crate::{
    AccountRecord, CodeFlow, IdTokenOfRefresh, Identity, LeftOut, SeenFrom, SessionId, Sessions, TokenRecord,
    TokenRefresh, UserSession, record,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};

/// The bytes from 0 to 31.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

const BROWSER: [u8; 32] = [7; 32];

/// Sealed and plain forms, in base64; ids and names as they stand in Redis and in the cookie.
#[derive(Deserialize, Serialize)]
struct Frozen {
    session_id: String,
    place: String,
    record: String,
    session: String,
    sealed_tokens: String,
    tokens: String,
    code_flow: String,
    listed_under: [String; 2],
    browser: String,
}

static FROZEN: LazyLock<Frozen> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/records-1.json");
    if !path.exists() && std::env::var_os("FREEZE").is_some() {
        let text = serde_json::to_string_pretty(&freeze()).expect("JSON");
        std::fs::write(&path, text + "\n").expect("written");
    }
    let text = std::fs::read_to_string(&path).expect("tests/fixtures/README.md says how the fixture is made");
    serde_json::from_str(&text).expect("a fixture")
});

fn freeze() -> Frozen {
    let sessions = fixture(KEY).sessions;
    let id = SessionId::new(&sessions.keys);
    let place = sessions.place(&id).expect("our own id");
    let session = session();
    let record = record::seal(&sessions.keys, place, &session, LIFETIME.kept_until(&session));
    let sealed = record::seal_tokens(&sessions.keys, place, &tokens(), Some(&code_flow()));
    Frozen {
        session_id: id.to_text().to_string(),
        place: place.to_string(),
        record: BASE64_STANDARD.encode(rmp_serde::to_vec(&record).expect("a record")),
        session: plain(&session),
        sealed_tokens: BASE64_STANDARD.encode(&sealed.0),
        tokens: plain(&tokens()),
        code_flow: listed(&code_flow()),
        listed_under: names(&sessions),
        browser: sessions.browser(&BROWSER).expect("a name").to_string(),
    }
}

fn plain<T: Serialize>(content: &T) -> String {
    BASE64_STANDARD.encode(rmp_serde::to_vec_named(content).expect("a struct"))
}

fn listed(code_flow: &CodeFlow) -> String {
    BASE64_STANDARD.encode(rmp_serde::to_vec(code_flow).expect("a struct"))
}

fn names(sessions: &Sessions) -> [String; 2] {
    let identity = session().identity;
    let keys = [
        IndexKey::person(&identity),
        IndexKey::provider_session(&identity, "op-session"),
    ];
    keys.map(|key| sessions.index_key(key).to_string())
}

fn time(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000 + seconds).expect("a time")
}

/// A session that has every member.
fn session() -> UserSession {
    UserSession {
        identity: Identity {
            issuer: "https://op.example".into(),
            subject: "ada".into(),
            provider_session: Some("op-session".into()),
        },
        claims: Map::from_iter([
            // In the order of the alphabet: a map may keep the order of insertion.
            ("groups".to_owned(), json!(["a", {"b": [1, true, null]}])),
            ("name".to_owned(), json!("Ada Lovelace")),
        ]),
        roles: vec!["admin".into(), "staff".into()],
        left_out: LeftOut {
            claims: vec!["picture".into()],
            roles: 3,
        },
        only_in_id_token: Some(vec!["groups".into()]),
        replaces: Some([1; 16]),
        replaced_by: Some([2; 16]),
        seen_from: SeenFrom {
            user_agent: "A browser".into(),
            address: Some([192, 0, 2, 7].into()),
        },
        earlier_provider_sessions: vec!["earlier".into()],
        vouched_at: time(0),
        signed_in_at: time(1),
        authenticated_at: Some(time(-60)),
        acr: Some("mfa".into()),
        account: Some(AccountRecord {
            roles: vec!["staff".into()],
            only_these: false,
            told_roles: vec!["admin".into()],
            data: Some("{\"theme\":\"dark\"}".into()),
        }),
        last_seen: time(90),
    }
}

/// Tokens that have every member.
fn tokens() -> TokenRecord {
    TokenRecord {
        access_token: SecretString::from("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"),
        id_token: SecretString::from("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"),
        refresh_token: Some(SecretString::from("an opaque refresh token")),
        obtained_at: time(1),
        expires_at: Some(time(301)),
        scope: "openid profile".into(),
        dpop_key: Some(SecretString::from("MIGH".repeat(46))),
        authenticated_at: Some(1_800_000_050),
    }
}

fn code_flow() -> CodeFlow {
    CodeFlow {
        begun_at: time(-5),
        took: Duration::from_millis(6_123),
        state_length: 300,
        at_provider: Duration::from_millis(5_900),
        code_length: 43,
        iss: true,
        client_authentication: "private_key_jwt".into(),
        token_request: Duration::from_millis(40),
        dpop: true,
        algorithm: "ES256".into(),
        at_hash: true,
        id_token_checks: Duration::from_millis(1),
        userinfo: Some(Duration::from_millis(20)),
        refreshes: vec![TokenRefresh {
            asked_at: time(300),
            took: Duration::from_millis(33),
            rotated: true,
            id_token: IdTokenOfRefresh::Verified,
        }],
    }
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).expect("base64")
}

/// SES-08
#[test]
fn records_of_the_first_version_are_found_and_read() {
    let sessions = fixture(KEY).sessions;
    let id = SessionId::parse(&FROZEN.session_id).expect("a session id");
    let place: Id = FROZEN.place.parse().expect("a place");
    assert_eq!(sessions.place(&id), Some(place));
    assert_eq!(names(&sessions), FROZEN.listed_under);
    let browser = sessions.browser(&BROWSER).expect("a name");
    assert_eq!(browser.to_string(), FROZEN.browser);

    let kept: Record = rmp_serde::from_slice(&bytes(&FROZEN.record)).expect("a record of the store");
    assert_eq!(kept.id, place);
    let live = record::open(&sessions.keys, &kept).expect("it opens");
    assert_eq!(*live, session());
    let sealed = SealedTokens(bytes(&FROZEN.sealed_tokens));
    let read = record::open_tokens(&sessions.keys, place, &sealed).expect("it opens");
    assert_eq!(plain(&read), plain(&tokens()));
    assert_eq!(
        record::open_code_flow(&sessions.keys, place, &sealed),
        Some(code_flow())
    );
}

/// A member of a later version is left out where it is empty, or comes behind a default. So a record without one is as before.
#[test]
fn records_are_written_in_the_form_that_the_first_version_reads() {
    assert_eq!(plain(&session()), FROZEN.session);
    assert_eq!(plain(&tokens()), FROZEN.tokens);
    assert_eq!(listed(&code_flow()), FROZEN.code_flow);
    let sessions = fixture(KEY).sessions;
    let id = SessionId::new(&sessions.keys);
    assert_eq!(id.to_text().len(), FROZEN.session_id.len());
    let place = sessions.place(&id).expect("our own id");
    let sealed = record::seal_tokens(&sessions.keys, place, &tokens(), Some(&code_flow()));
    assert_eq!(sealed.0[..5], bytes(&FROZEN.sealed_tokens)[..5], "version and key");
    assert_eq!(sealed.0.len(), bytes(&FROZEN.sealed_tokens).len());
}
