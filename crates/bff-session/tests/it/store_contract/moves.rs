//! A move: the provider's session gets another `sid`. A logout by the new `sid` ends the session, and so does a logout
//! by an earlier one.

mod interleaved;

use super::{Subject, both};
use bff_clock::ManualClock;
use bff_session::key_ring::KeyRing;
use bff_session::store::Store;
use bff_session::{
    Ending, Identity, IndexKey, Known, Lifetime, NewSession, Scope, SeenFrom, SessionId, Sessions, TokenRecord,
};
use secrecy::SecretString;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

const ISSUER: &str = "https://op.example.com";
const PERSON: &str = "alice";

both!(
    a_session_ends_by_each_name_that_it_was_given,
    of_a_move_and_a_logout_one_sees_the_other,
    an_ended_session_moves_nowhere,
    a_logout_from_before_the_sign_in_is_not_about_it,
    of_the_earlier_names_the_last_ones_count,
);

fn sessions(store: Arc<dyn Store>, clock: &ManualClock, keys: &Arc<KeyRing>) -> Sessions {
    let lifetime = Lifetime {
        idle: Duration::minutes(30),
        absolute: Duration::HOUR,
    };
    Sessions::new(store, keys.clone(), lifetime, Arc::new(clock.clone()))
}

fn keys() -> Arc<KeyRing> {
    Arc::new(KeyRing::parse(&KeyRing::new_key()).expect("a key"))
}

fn of(subject: &Subject) -> Sessions {
    sessions(subject.store.clone(), &subject.clock, &keys())
}

async fn establish(sessions: &Sessions, provider_session: &str, now: OffsetDateTime) -> SessionId {
    let identity = Identity {
        issuer: ISSUER.to_owned(),
        subject: PERSON.to_owned(),
        provider_session: Some(provider_session.to_owned()),
    };
    let new = NewSession {
        identity,
        claims: serde_json::Map::new(),
        roles: Vec::new(),
        account: None,
        left_out: bff_session::LeftOut::default(),
        browser: None,
        only_in_id_token: Vec::new(),
        seen_from: SeenFrom::default(),
        vouched_at: now,
        acr: None,
        authenticated_at: None,
        code_flow: None,
    };
    let tokens = TokenRecord {
        access_token: SecretString::from("access"),
        id_token: SecretString::from("id"),
        refresh_token: None,
        obtained_at: now,
        expires_at: None,
        scope: "openid".to_owned(),
        dpop_key: None,
        authenticated_at: None,
    };
    sessions.establish(new, &tokens).await.expect("established")
}

async fn move_to(sessions: &Sessions, id: &SessionId, name: &str) {
    let moved = sessions.amend(id, |session| session.is_now_in(name)).await;
    moved.expect("the store answers");
}

async fn log_out(sessions: &Sessions, scope: Scope<'_>, at: OffsetDateTime) -> usize {
    let key = IndexKey { issuer: ISSUER, scope };
    sessions.end_all(key, at, drop).await.expect("the store answers")
}

async fn lives(sessions: &Sessions, id: &SessionId) -> bool {
    matches!(sessions.load(id).await.expect("the store answers"), Known::Live(_))
}

async fn a_session_ends_by_each_name_that_it_was_given(subject: &Subject) {
    let sessions = of(subject);
    for scope in [
        Scope::Session("old"),
        Scope::Session("new"),
        Scope::SessionOfPerson("old", PERSON),
        Scope::SessionOfPerson("new", PERSON),
    ] {
        let id = establish(&sessions, "old", subject.now()).await;
        move_to(&sessions, &id, "new").await;
        let others = [Scope::Session("other"), Scope::SessionOfPerson("new", "bob")];
        for other in others {
            assert_eq!(log_out(&sessions, other, subject.now()).await, 0, "{other:?}");
        }
        assert!(lives(&sessions, &id).await);
        assert_eq!(log_out(&sessions, scope, subject.now()).await, 1, "{scope:?}");
        assert!(!lives(&sessions, &id).await);
        assert!(sessions.tokens(&id).await.expect("answers").is_none());
        // The logouts do not apply to the sessions that begin from now on.
        subject.clock.advance(std::time::Duration::from_secs(2));
    }
}

/// LO-22
async fn of_a_move_and_a_logout_one_sees_the_other(subject: &Subject) {
    let sessions = of(subject);
    for round in 0..32 {
        let name = format!("new {round}");
        let id = establish(&sessions, "old", subject.now()).await;
        let scope = if round % 2 == 0 {
            Scope::Session(&name)
        } else {
            Scope::SessionOfPerson(&name, PERSON)
        };
        tokio::join!(move_to(&sessions, &id, &name), log_out(&sessions, scope, subject.now()));
        assert!(!lives(&sessions, &id).await, "LO-22: {scope:?}");
    }
}

async fn an_ended_session_moves_nowhere(subject: &Subject) {
    let sessions = of(subject);
    let id = establish(&sessions, "old", subject.now()).await;
    sessions.end(&id, Ending::SignedOut).await.expect("answers");
    move_to(&sessions, &id, "new").await;
    assert!(!lives(&sessions, &id).await);
    assert_eq!(log_out(&sessions, Scope::Session("new"), subject.now()).await, 0);
}

async fn a_logout_from_before_the_sign_in_is_not_about_it(subject: &Subject) {
    let sessions = of(subject);
    log_out(&sessions, Scope::Session("new"), subject.now()).await;
    subject.clock.advance(std::time::Duration::from_secs(2));
    let id = establish(&sessions, "old", subject.now()).await;
    move_to(&sessions, &id, "new").await;
    assert!(lives(&sessions, &id).await);
}

async fn of_the_earlier_names_the_last_ones_count(subject: &Subject) {
    let sessions = of(subject);
    let names = ["1", "2", "3", "4", "5", "6"];
    for (name, counts) in names.iter().zip([false, false, true, true, true, true]) {
        let id = establish(&sessions, names[0], subject.now()).await;
        for name in names.iter().chain(&["5", "6"]) {
            move_to(&sessions, &id, name).await;
        }
        let ended = log_out(&sessions, Scope::Session(name), subject.now()).await;
        assert_eq!(ended, usize::from(counts), "{name}");
        assert_eq!(lives(&sessions, &id).await, !counts, "{name}");
        sessions.end(&id, Ending::SignedOut).await.expect("answers");
        subject.clock.advance(std::time::Duration::from_secs(2));
    }
}
