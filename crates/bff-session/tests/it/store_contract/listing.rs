//! The list of all sessions: in pages, swept of what is over, and ended by an administrator.

use super::{Subject, both};
use bff_session::key_ring::{KeyRing, Purpose};
use bff_session::store::{Listing, Rank, place};
use bff_session::{
    Cursor, Ending, EstablishError, Identity, IndexKey, Known, LeftOut, Lifetime, NewSession, Scope, SeenFrom,
    SessionId, Sessions, TokenRecord,
};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration as Wait;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

both!(
    entries_come_by_rank_and_those_that_are_over_go,
    all_sessions_come_in_pages_the_newest_first_and_none_twice,
    entries_that_lead_nowhere_are_swept_when_they_are_met,
    a_session_from_before_the_list_enters_it_with_its_next_write,
    sessions_of_an_earlier_key_are_listed_once,
    a_reader_without_the_newest_key_takes_no_entry_away,
    a_session_that_was_in_no_list_ends_with_its_next_write_after_the_end_of_all,
    an_administrator_ends_one_a_persons_and_all,
    a_login_under_way_does_not_outlive_the_end_of_all,
);

const ISSUER: &str = "https://op.example";

const LIFETIME: Lifetime = Lifetime {
    idle: Duration::minutes(30),
    absolute: Duration::hours(8),
};

fn sessions(subject: &Subject, keys: &str) -> Sessions {
    let keys = Arc::new(KeyRing::parse(keys).expect("keys"));
    Sessions::new(subject.store.clone(), keys, LIFETIME, Arc::new(subject.clock.clone()))
}

fn new_session(subject: &str, vouched_at: OffsetDateTime) -> NewSession {
    NewSession {
        identity: Identity {
            issuer: ISSUER.to_owned(),
            subject: subject.to_owned(),
            provider_session: Some(format!("sid of {subject}")),
        },
        claims: serde_json::Map::new(),
        roles: Vec::new(),
        account: None,
        left_out: LeftOut::default(),
        only_in_id_token: Vec::new(),
        browser: None,
        seen_from: SeenFrom::default(),
        vouched_at,
        authenticated_at: None,
        acr: None,
        code_flow: None,
    }
}

async fn sign_in(sessions: &Sessions, who: &str, at: OffsetDateTime) -> Result<SessionId, EstablishError> {
    let tokens = TokenRecord {
        access_token: "canary-access".into(),
        id_token: "canary-id".into(),
        refresh_token: None,
        obtained_at: at,
        expires_at: None,
        scope: "openid".to_owned(),
        dpop_key: None,
        authenticated_at: None,
    };
    sessions.establish(new_session(who, at), &tokens).await
}

async fn signed_in(subject: &Subject, sessions: &Sessions, who: &str) -> SessionId {
    let id = sign_in(sessions, who, subject.now()).await;
    id.expect("established")
}

/// The names on a page, and where the next one begins.
async fn page(sessions: &Sessions, after: Option<Cursor>, count: usize) -> (Vec<String>, Option<Cursor>) {
    let page = sessions.all(after, count).await.expect("answers");
    (page.sessions.into_iter().map(|(name, _)| name).collect(), page.next)
}

/// All entries of the list, as the store has them.
async fn entries(subject: &Subject, keys: &str) -> Vec<Listing> {
    let ring = KeyRing::parse(keys).expect("keys");
    let mut all = Vec::new();
    for part in 0..16 {
        let name = [b"all sessions".as_slice(), &[part]].concat();
        for list in ring.digests(Purpose::Index, &name).map(|digest| place(&digest)) {
            all.extend(subject.store.listed(&list, Rank::HIGHEST, 1000).await.expect("answers"));
        }
    }
    all
}

async fn entries_come_by_rank_and_those_that_are_over_go(subject: &Subject) {
    let (store, list, begun) = (&subject.store, Id::default(), subject.now());
    let until = subject.in_an_hour();
    let lowest = Rank::first_of(begun - Duration::DAY);
    let entry = |second: i64| {
        let member = Id(i128::from(second));
        let rank = Rank::of(begun + Duration::seconds(second), &member);
        Listing { rank, member }
    };
    for second in [2, 0, 4, 1, 3, 3] {
        let retired = store.list(&list, &entry(second), lowest, until).await;
        assert_eq!(retired.expect("answers"), None);
    }
    let listed = async |from: Rank, count: usize| store.listed(&list, from, count).await.expect("answers");
    let expected: Vec<Listing> = [4, 3, 2, 1, 0].map(entry).into();
    assert_eq!(listed(Rank::HIGHEST, 10).await, expected);
    assert_eq!(listed(entry(3).rank, 2).await, [entry(3), entry(2)]);
    store.unlist(&list, &[entry(3)]).await.expect("answers");
    store.unlist(&list, &[entry(3)]).await.expect("twice is fine");
    store.unlist(&list, &[]).await.expect("nothing is fine");
    let at = begun.replace_nanosecond(0).expect("a time");
    store.retire(&list, at, until).await.expect("answers");
    let over = Rank::first_of(begun + Duration::seconds(2));
    let retired = store.list(&list, &entry(5), over, until).await.expect("answers");
    assert_eq!(retired, Some(at), "LO-22");
    assert_eq!(listed(Rank::HIGHEST, 10).await, [entry(5), entry(4), entry(2)]);
    assert!(
        store
            .listed(&Id::default(), Rank::HIGHEST, 1)
            .await
            .expect("answers")
            .is_empty()
    );
}

async fn all_sessions_come_in_pages_the_newest_first_and_none_twice(subject: &Subject) {
    let sessions = sessions(subject, &KeyRing::new_key());
    for number in 0..25 {
        if number % 4 == 0 {
            subject.clock.advance(Wait::from_secs(1));
        }
        signed_in(subject, &sessions, &format!("person {number}")).await;
    }
    let (mut begun, mut names, mut after) = (Vec::new(), HashSet::new(), None);
    let mut pages = 0;
    loop {
        let page = sessions.all(after, 10).await.expect("answers");
        pages += 1;
        for (name, live) in page.sessions {
            begun.push(live.signed_in_at);
            assert!(names.insert(name), "a session is listed once");
        }
        let Some(next) = page.next else { break };
        assert_eq!(Cursor::parse(&next.to_text()), Some(next));
        after = Some(next);
    }
    assert_eq!((pages, names.len()), (3, 25));
    assert!(begun.is_sorted_by(|one, next| one >= next), "the newest first");
    assert_eq!(Cursor::parse("garbage"), None);
}

/// SES-11
async fn entries_that_lead_nowhere_are_swept_when_they_are_met(subject: &Subject) {
    let key = KeyRing::new_key();
    let sessions = sessions(subject, &key);
    let ended = signed_in(subject, &sessions, "ended").await;
    let expired = signed_in(subject, &sessions, "expired").await;
    let lives = signed_in(subject, &sessions, "lives").await;
    sessions.end(&ended, Ending::SignedOut).await.expect("answers");
    assert_eq!(entries(subject, &key).await.len(), 2, "an end removes the entry");
    // A record goes by itself like this, without a command of ours.
    let record = sessions.name(&expired).expect("ours").parse().expect("a place");
    subject.store.delete(&record).await.expect("deleted");
    let name = sessions.name(&lives).expect("ours");
    assert_eq!(page(&sessions, None, 10).await, (vec![name.clone()], None));
    assert_eq!(entries(subject, &key).await.len(), 1, "the entry was met and swept");
    // Nobody looks for so long that no session of that time lives, and somebody signs in.
    subject.clock.advance(Wait::from_hours(9));
    for number in 0..400 {
        signed_in(subject, &sessions, &format!("later {number}")).await;
    }
    let left = entries(subject, &key).await;
    assert!(
        !left.iter().any(|entry| entry.member.to_string() == name),
        "swept by its rank"
    );
}

async fn a_session_from_before_the_list_enters_it_with_its_next_write(subject: &Subject) {
    let key = KeyRing::new_key();
    let sessions = sessions(subject, &key);
    let id = signed_in(subject, &sessions, "early").await;
    unlist_all(subject, &key).await;
    assert_eq!(page(&sessions, None, 10).await.0.len(), 0);
    let person = IndexKey {
        issuer: ISSUER,
        scope: Scope::Person("early"),
    };
    assert_eq!(
        sessions.of_key(person).await.expect("answers").len(),
        1,
        "found by its subject"
    );
    subject.clock.advance(Wait::from_secs(61));
    let Known::Live(live) = sessions.load(&id).await.expect("answers") else {
        panic!("it lives")
    };
    sessions.touch(&live).await.expect("answers");
    assert_eq!(page(&sessions, None, 10).await.0, [sessions.name(&id).expect("ours")]);
}

async fn unlist_all(subject: &Subject, key: &str) {
    let ring = KeyRing::parse(key).expect("a key");
    for entry in entries(subject, key).await {
        let name = [b"all sessions".as_slice(), &[entry.member.0.to_le_bytes()[0] % 16]].concat();
        for digest in ring.digests(Purpose::Index, &name) {
            subject.store.unlist(&place(&digest), &[entry]).await.expect("answers");
        }
    }
}

/// LO-22
async fn a_session_that_was_in_no_list_ends_with_its_next_write_after_the_end_of_all(subject: &Subject) {
    let key = KeyRing::new_key();
    let sessions = sessions(subject, &key);
    let id = signed_in(subject, &sessions, "early").await;
    unlist_all(subject, &key).await;
    sessions.overtake_all(subject.now()).await.expect("answers");
    sessions.end_page(None, 10, |_| ()).await.expect("answers");
    subject.clock.advance(Wait::from_secs(61));
    let Known::Live(live) = sessions.load(&id).await.expect("answers") else {
        panic!("it was in no list")
    };
    sessions.touch(&live).await.expect("answers");
    let known = sessions.load(&id).await.expect("answers");
    assert!(matches!(known, Known::Ended(Ending::Administrator)), "{known:?}");
}

async fn a_reader_without_the_newest_key_takes_no_entry_away(subject: &Subject) {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let before = sessions(subject, &old);
    let id = signed_in(subject, &before, "early").await;
    let rotated = sessions(subject, &format!("{},{}", *new, *old));
    let Known::Live(live) = rotated.load(&id).await.expect("answers") else {
        panic!("it lives")
    };
    // The record is sealed with the new key from here on.
    rotated.touch(&live).await.expect("answers");
    let person = || IndexKey {
        issuer: ISSUER,
        scope: Scope::Person("early"),
    };
    assert_eq!(before.of_key(person()).await.expect("answers").len(), 0);
    assert_eq!(page(&before, None, 10).await.0.len(), 0);
    assert_eq!(rotated.of_key(person()).await.expect("answers").len(), 1);
    assert_eq!(page(&rotated, None, 10).await.0.len(), 1);
}

async fn sessions_of_an_earlier_key_are_listed_once(subject: &Subject) {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let before = sessions(subject, &old);
    let id = signed_in(subject, &before, "early").await;
    let rotated = sessions(subject, &format!("{},{}", *new, *old));
    signed_in(subject, &rotated, "late").await;
    assert_eq!(page(&rotated, None, 10).await.0.len(), 2);
    let Known::Live(live) = rotated.load(&id).await.expect("answers") else {
        panic!("it lives")
    };
    rotated.touch(&live).await.expect("answers");
    assert_eq!(
        page(&rotated, None, 10).await.0.len(),
        2,
        "under two keys, and once on the page"
    );
    rotated.end(&id, Ending::SignedOut).await.expect("answers");
    assert_eq!(entries(subject, &format!("{},{}", *new, *old)).await.len(), 1);
}

/// SES-11
async fn an_administrator_ends_one_a_persons_and_all(subject: &Subject) {
    let sessions = sessions(subject, &KeyRing::new_key());
    let known = async |id: &SessionId| sessions.load(id).await.expect("answers");
    let is_ended = |known: &Known| matches!(known, Known::Ended(Ending::Administrator));
    let of_ada = [
        signed_in(subject, &sessions, "ada").await,
        signed_in(subject, &sessions, "ada").await,
    ];
    let bob = signed_in(subject, &sessions, "bob").await;
    let eve = signed_in(subject, &sessions, "eve").await;
    let one = sessions.name(&bob).expect("ours");
    assert_eq!(
        sessions
            .named(&one)
            .await
            .expect("answers")
            .map(|live| live.identity.subject.clone()),
        Some("bob".to_owned())
    );
    let ended = sessions.end_by_name(&one).await.expect("answers").expect("it lived");
    assert!(ended.tokens.is_some(), "its tokens can be revoked");
    assert!(is_ended(&known(&bob).await));
    assert!(sessions.end_by_name(&one).await.expect("twice is fine").is_none());
    for name in ["", "garbage", "../.."] {
        assert!(sessions.end_by_name(name).await.expect("answers").is_none(), "{name}");
    }
    let sid = IndexKey {
        issuer: ISSUER,
        scope: Scope::Session("sid of ada"),
    };
    let mut tokens = 0;
    let count = sessions.end_for_administrator(sid, subject.now(), |ended| {
        tokens += usize::from(ended.tokens.is_some());
    });
    assert_eq!(count.await.expect("answers"), 2);
    assert_eq!(tokens, 2);
    for id in &of_ada {
        assert!(is_ended(&known(id).await));
    }
    assert!(matches!(known(&eve).await, Known::Live(_)));
    let (count, next) = sessions.end_page(None, 10, |_| ()).await.expect("answers");
    assert_eq!((count, next), (1, None));
    assert!(is_ended(&known(&eve).await));
}

/// LO-22
async fn a_login_under_way_does_not_outlive_the_end_of_all(subject: &Subject) {
    let sessions = sessions(subject, &KeyRing::new_key());
    // The provider's time of a login has whole seconds, and so has the mark.
    let at = subject.now().replace_nanosecond(0).expect("a time");
    sessions.overtake_all(at).await.expect("answers");
    let overtaken = sign_in(&sessions, "ada", at).await;
    assert!(
        matches!(overtaken, Err(EstablishError::EndedMeanwhile)),
        "{overtaken:?}"
    );
    sign_in(&sessions, "ada", at + Duration::SECOND)
        .await
        .expect("a later login");
    let (names, _) = page(&sessions, None, 10).await;
    assert_eq!(names.len(), 1);
}
