use super::*;
use crate::key_ring::KeyRing;
use crate::store::MemoryStore;
use bff_clock::ManualClock;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, json};
use std::time::Duration;
use time::OffsetDateTime;
use tower_sessions::session::Record;

mod frozen;

struct Fixture {
    sessions: Sessions,
    clock: ManualClock,
    store: MemoryStore,
}

const LIFETIME: Lifetime = Lifetime {
    idle: time::Duration::minutes(30),
    absolute: time::Duration::hours(8),
};

fn fixture(keys: &str) -> Fixture {
    let clock = ManualClock::new(OffsetDateTime::now_utc());
    let store = MemoryStore::new(Arc::new(clock.clone()));
    let keys = Arc::new(KeyRing::parse(keys).expect("keys"));
    let sessions = Sessions::new(Arc::new(store.clone()), keys, LIFETIME, Arc::new(clock.clone()));
    Fixture { sessions, clock, store }
}

impl Fixture {
    async fn establish(&self) -> SessionId {
        let identity = Identity {
            issuer: "https://op.example".into(),
            subject: "1".into(),
            provider_session: None,
        };
        let new = NewSession {
            identity,
            claims: Map::from_iter([("name".to_owned(), json!("Ada Lovelace"))]),
            roles: vec!["admin".into()],
            account: None,
            left_out: crate::LeftOut::default(),
            browser: None,
            only_in_id_token: Vec::new(),
            seen_from: SeenFrom::default(),
            vouched_at: self.clock.now(),
            acr: None,
            authenticated_at: None,
            code_flow: None,
        };
        self.sessions.establish(new, &self.tokens()).await.expect("established")
    }

    async fn known(&self, id: &SessionId) -> Known {
        self.sessions.load(id).await.expect("the store answers")
    }

    async fn load(&self, id: &SessionId) -> Option<LiveSession> {
        live(self.known(id).await)
    }

    fn tokens(&self) -> TokenRecord {
        TokenRecord {
            access_token: SecretString::from("canary-access"),
            id_token: SecretString::from("canary-id"),
            refresh_token: None,
            obtained_at: self.clock.now(),
            expires_at: None,
            scope: "openid".into(),
            dpop_key: None,
            authenticated_at: None,
        }
    }
}

fn live(known: Known) -> Option<LiveSession> {
    match known {
        Known::Live(live) => Some(live),
        Known::Ended(_) | Known::Nothing => None,
    }
}

/// SES-01
#[tokio::test]
async fn ids_are_new_random_and_opaque() {
    let fixture = fixture(&KeyRing::new_key());
    let (one, two) = (fixture.establish().await, fixture.establish().await);
    assert_ne!(*one.to_text(), *two.to_text());
    assert_eq!(one.to_text().len(), 48);
    assert!(!format!("{one:?}").contains(&one.to_text()[8..]), "Debug tells no id");
}

#[tokio::test]
async fn a_session_is_what_was_established() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;
    let session = fixture.load(&id).await.expect("lives");
    assert_eq!(session.claims["name"], "Ada Lovelace");
    assert_eq!(session.roles, ["admin"]);
    assert_eq!(session.identity.subject, "1");
    let kept = fixture.sessions.tokens(&id).await.expect("answers").expect("tokens");
    assert_eq!(kept.record.access_token.expose_secret(), "canary-access");
}

/// SES-03
#[tokio::test]
async fn an_unknown_or_malformed_id_is_no_session() {
    let fixture = fixture(&KeyRing::new_key());
    let foreign = SessionId::new(&KeyRing::parse(&KeyRing::new_key()).expect("a key"));
    assert!(fixture.load(&foreign).await.is_none());
    for text in [
        "",
        "x",
        &"A".repeat(32),
        &"A".repeat(47),
        &"A".repeat(49),
        &"!".repeat(48),
        &"é".repeat(24),
    ] {
        assert!(SessionId::parse(text).is_none(), "{text}");
    }
}

/// An id with any one character changed, and an id of another key ring, are recognised without asking the store.
#[tokio::test]
async fn an_id_that_is_not_ours_is_known_by_itself() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;
    let text = id.to_text();
    assert!(id.is_ours(&fixture.sessions.keys));
    for place in 0..text.len() {
        let other = if text.as_bytes()[place] == b'A' { "B" } else { "A" };
        let mut altered = text.to_string();
        altered.replace_range(place..=place, other);
        let altered = SessionId::parse(&altered).expect("the same form");
        assert!(!altered.is_ours(&fixture.sessions.keys), "{place}");
        assert!(fixture.sessions.place(&altered).is_none(), "{place}");
    }
    let foreign = SessionId::new(&KeyRing::parse(&KeyRing::new_key()).expect("a key"));
    assert!(!foreign.is_ours(&fixture.sessions.keys));
}

/// SES-05
#[tokio::test]
async fn idle_and_absolute_limits_hold_together() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;

    fixture.clock.advance(Duration::from_secs(30 * 60 - 2));
    assert!(fixture.load(&id).await.is_some(), "just before the idle limit");
    fixture.clock.advance(Duration::from_secs(2));
    assert!(fixture.load(&id).await.is_none(), "at the idle limit");

    let id = fixture.establish().await;
    for _ in 0..(8 * 60 / 20) - 1 {
        fixture.clock.advance(Duration::from_mins(20));
        let session = fixture.load(&id).await.expect("activity keeps it alive");
        fixture.sessions.touch(&session).await.expect("touched");
    }
    fixture.clock.advance(Duration::from_mins(20));
    assert!(
        fixture.load(&id).await.is_none(),
        "no activity goes beyond the absolute limit"
    );
}

#[tokio::test]
async fn activity_is_written_at_most_once_a_minute() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;
    let begun = fixture.load(&id).await.expect("lives").last_seen;
    for (seconds, is_written) in [(59, false), (1, true)] {
        fixture.clock.advance(Duration::from_secs(seconds));
        let session = fixture.load(&id).await.expect("lives");
        fixture.sessions.touch(&session).await.expect("touched");
        assert_eq!(fixture.load(&id).await.expect("lives").last_seen != begun, is_written);
    }
}

/// SES-14
#[tokio::test]
async fn a_late_write_does_not_bring_an_ended_session_back() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;
    let session = fixture.load(&id).await.expect("lives");
    let ended = fixture.sessions.end(&id, Ending::SignedOut).await.expect("answers");
    assert!(ended.expect("the session was live").tokens.is_some());
    let late = fixture.sessions.update(&session, |session| session.roles.clear()).await;
    assert!(late.expect("a late write is no error").is_none());
    assert!(fixture.load(&id).await.is_none());
    assert!(fixture.sessions.tokens(&id).await.expect("answers").is_none());
    assert!(
        fixture
            .sessions
            .end(&id, Ending::Provider)
            .await
            .expect("answers")
            .is_none(),
        "a second end is no error"
    );
    assert!(
        matches!(fixture.known(&id).await, Known::Ended(Ending::SignedOut)),
        "the first reason counts"
    );
}

/// SES-14
#[tokio::test]
async fn two_changes_of_one_record_are_both_there() {
    let fixture = fixture(&KeyRing::new_key());
    let id = fixture.establish().await;
    let seen_by_both = fixture.load(&id).await.expect("live");
    for role in ["one", "two"] {
        let changed = fixture
            .sessions
            .update(&seen_by_both, |session| session.roles.push(role.to_owned()));
        assert!(changed.await.expect("the store answers").is_some());
    }
    let kept = fixture.load(&id).await.expect("live");
    assert_eq!(
        kept.roles,
        ["admin", "one", "two"],
        "the second change found a newer record, and read it before it changed it"
    );
}

/// SES-06, SES-08
#[tokio::test]
async fn records_are_sealed_and_open_only_in_their_place() {
    use tower_sessions::SessionStore;
    let fixture = fixture(&KeyRing::new_key());
    let (one, two) = (fixture.establish().await, fixture.establish().await);
    let place = |id: &SessionId| fixture.sessions.place(id).expect("a place");
    let record = fixture
        .store
        .load(&place(&one))
        .await
        .expect("answers")
        .expect("a record");
    let stored = format!("{record:?}");
    assert!(!stored.contains("Lovelace") && !stored.contains("canary") && !stored.contains(&one.to_text()[8..]));

    let copied = Record {
        id: place(&two),
        ..record.clone()
    };
    fixture.store.save(&copied).await.expect("saved");
    assert!(
        fixture.load(&two).await.is_none(),
        "a record does not open in the place of another session"
    );

    let garbage = Record {
        data: [("s".to_owned(), json!("AAAA"))].into(),
        ..record
    };
    fixture.store.save(&garbage).await.expect("saved");
    assert!(
        fixture.load(&one).await.is_none(),
        "a record that cannot be opened is no session, and causes no panic"
    );
}

/// SEC-04
#[tokio::test]
async fn a_session_outlives_a_rotation_and_not_the_drop_of_its_key() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let fixture = fixture(&old);
    let id = fixture.establish().await;
    let with = |keys: String| {
        let keys = Arc::new(KeyRing::parse(&keys).expect("keys"));
        Sessions {
            keys,
            ..fixture.sessions.clone()
        }
    };
    let rotated = with(format!("{},{}", *new, *old));
    let session = live(rotated.load(&id).await.expect("answers")).expect("lives");
    rotated
        .touch(&session)
        .await
        .expect("the activity seals the record again, with the new key");
    let session = live(rotated.load(&id).await.expect("answers")).expect("lives");
    assert_eq!(session.sealed_with, rotated.keys.first());
    let without = live(with(new.to_string()).load(&id).await.expect("answers"));
    assert!(
        without.is_none(),
        "the place of the session was derived from the old key"
    );
}

/// CB-03
#[tokio::test]
async fn something_is_spent_once() {
    let fixture = fixture(&KeyRing::new_key());
    let until = fixture.clock.now() + time::Duration::MINUTE;
    assert!(fixture.sessions.spend([1; 16], until).await.expect("answers"));
    assert!(!fixture.sessions.spend([1; 16], until).await.expect("answers"));
    let keys = Arc::new(KeyRing::parse(&KeyRing::new_key()).expect("a key"));
    let rotated = Sessions {
        keys,
        ..fixture.sessions.clone()
    };
    assert!(
        !rotated.spend([1; 16], until).await.expect("answers"),
        "the same holds on a replica with a newer key"
    );
    assert!(fixture.sessions.spend([2; 16], until).await.expect("answers"));
}
