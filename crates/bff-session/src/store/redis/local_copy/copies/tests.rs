use super::*;
use crate::key_ring::KeyRing;
use crate::record;
use crate::{Identity, LeftOut, SeenFrom, UserSession};
use time::OffsetDateTime;

fn session(subject: &str) -> LiveSession {
    let keys = KeyRing::parse(&KeyRing::new_key()).expect("a key");
    let now = OffsetDateTime::UNIX_EPOCH;
    let session = UserSession {
        identity: Identity {
            issuer: "https://op.example".to_owned(),
            subject: subject.to_owned(),
            provider_session: None,
        },
        claims: serde_json::Map::new(),
        roles: Vec::new(),
        account: None,
        left_out: LeftOut::default(),
        only_in_id_token: None,
        replaces: None,
        replaced_by: None,
        seen_from: SeenFrom::default(),
        earlier_provider_sessions: Vec::new(),
        vouched_at: now,
        signed_in_at: now,
        acr: None,
        authenticated_at: None,
        last_seen: now,
    };
    record::open(&keys, &record::seal(&keys, Id::default(), &session, now)).expect("the record opens")
}

fn subject(found: Option<LiveSession>) -> Option<String> {
    found.map(|live| live.identity.subject.clone())
}

/// Copies that are trusted for an hour, and the moment at which the hour begins.
fn trusted() -> (Copies, Instant) {
    let (copies, now) = (Copies::default(), Instant::now());
    copies.trust(copies.era(), now + Duration::from_hours(1));
    (copies, now)
}

/// Reads a record, with no change between the request and the answer.
fn read(copies: &Copies, place: Id, subject: &str, now: Instant) {
    let ticket = copies.announce(place, now).expect("trusted");
    copies.keep(place, ticket, &session(subject), now);
}

#[test]
fn what_was_read_is_there_until_news_of_it() {
    let (copies, now) = trusted();
    let (one, other) = (Id::default(), Id::default());
    read(&copies, one, "one", now);
    read(&copies, other, "other", now);
    assert_eq!(subject(copies.get(&one, now)).as_deref(), Some("one"));
    copies.forget(&one);
    assert_eq!(subject(copies.get(&one, now)), None);
    assert_eq!(subject(copies.get(&other, now)).as_deref(), Some("other"));
}

#[test]
fn news_between_the_answer_and_the_keeping_of_it_voids_it() {
    let (copies, now) = trusted();
    let place = Id::default();
    let ticket = copies.announce(place, now).expect("trusted");
    // Redis has answered with the record. Then the record changes, and the message about the change arrives before the
    // answer is kept.
    copies.forget(&place);
    copies.keep(place, ticket, &session("before the change"), now);
    assert_eq!(subject(copies.get(&place, now)), None);
}

#[test]
fn a_late_answer_does_not_take_the_place_of_a_newer_reading() {
    let (copies, now) = trusted();
    let place = Id::default();
    let slow = copies.announce(place, now).expect("trusted");
    copies.forget(&place);
    let quick = copies.announce(place, now).expect("trusted");
    copies.keep(place, slow, &session("before the change"), now);
    assert_eq!(
        subject(copies.get(&place, now)),
        None,
        "the newer answer is not there yet"
    );
    copies.keep(place, quick, &session("after the change"), now);
    copies.keep(place, slow, &session("before the change"), now);
    assert_eq!(subject(copies.get(&place, now)).as_deref(), Some("after the change"));
}

#[test]
fn a_broken_connection_voids_readings_under_way() {
    let (copies, now) = trusted();
    let place = Id::default();
    let ticket = copies.announce(place, now).expect("trusted");
    let era = copies.forget_all();
    assert_eq!(
        copies.announce(place, now),
        None,
        "no record is copied until the copies are trusted again"
    );
    copies.trust(era, now + Duration::from_hours(1));
    copies.keep(place, ticket, &session("over the old connection"), now);
    assert_eq!(subject(copies.get(&place, now)), None);
}

#[test]
fn a_proof_counts_only_in_its_era_and_for_its_time() {
    let (copies, now) = trusted();
    let (place, second) = (Id::default(), Duration::from_secs(1));
    let era = copies.era();
    copies.trust(era, now + second);
    read(&copies, place, "one", now);
    assert!(copies.get(&place, now + second).is_none(), "the proof is over");
    copies.trust(era, now + 3 * second);
    assert!(
        copies.get(&place, now + second).is_some(),
        "the new proof also covers the copy from before it"
    );
    copies.forget_all();
    copies.trust(era, now + 9 * second);
    assert!(
        copies.announce(place, now).is_none(),
        "the proof is from before the break"
    );
}

#[test]
fn a_copy_is_read_again_after_a_minute() {
    let (copies, now) = trusted();
    let place = Id::default();
    read(&copies, place, "one", now);
    assert!(copies.get(&place, now + OLDEST / 2).is_some());
    assert!(copies.get(&place, now + OLDEST).is_none());
}

#[test]
fn there_are_never_more_than_two_generations_and_what_is_used_stays() {
    let (copies, now) = trusted();
    let used = Id::default();
    read(&copies, used, "used", now);
    for _ in 0..5 * GENERATION {
        read(&copies, Id::default(), "other", now);
        assert!(copies.get(&used, now).is_some());
    }
    let content = copies.content();
    assert!(content.young.len() + content.old.len() <= 2 * GENERATION);
}
