use super::*;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

fn ring(keys: &[&str]) -> KeyRing {
    KeyRing::parse(&keys.join(",")).expect("keys")
}

/// SES-06
#[test]
fn a_sealed_record_opens_again_and_only_in_its_own_place() {
    let ring = ring(&[&KeyRing::new_key()]);
    let sealed = ring.seal(Purpose::Session, b"record 1", b"content");

    assert_eq!(
        *ring
            .open(Purpose::Session, b"record 1", &sealed)
            .expect("opens")
            .plaintext,
        b"content"
    );
    assert!(
        ring.open(Purpose::Session, b"record 2", &sealed).is_err(),
        "a sealed record does not open as another record"
    );
    assert!(
        ring.open(Purpose::Tokens, b"record 1", &sealed).is_err(),
        "a sealed record does not open for another purpose"
    );
    assert!(
        !sealed.windows(7).any(|window| window == b"content"),
        "the content is not readable"
    );
}

/// SES-08
#[test]
fn altered_or_truncated_bytes_do_not_open() {
    let ring = ring(&[&KeyRing::new_key()]);
    let sealed = ring.seal(Purpose::Login, b"", b"content");
    for length in 0..sealed.len() {
        assert!(
            ring.open(Purpose::Login, b"", &sealed[..length]).is_err(),
            "cut at {length}"
        );
    }
    for place in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[place] ^= 1;
        assert!(ring.open(Purpose::Login, b"", &altered).is_err(), "altered at {place}");
    }
}

/// SEC-04
#[test]
fn after_a_rotation_old_records_open_and_new_ones_use_the_first_key() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let before = ring(&[&old]);
    let sealed = before.seal(Purpose::Session, b"", b"content");
    let digest = before.digest(before.first(), Purpose::Session, b"id");

    let during = ring(&[&new, &old]);
    let opened = during.open(Purpose::Session, b"", &sealed).expect("opens");
    assert_eq!(opened.key, before.first());
    assert_eq!(
        during.digest(opened.key, Purpose::Session, b"id"),
        digest,
        "records keep their place"
    );
    assert_ne!(during.first(), before.first());
    assert!(
        before
            .open(Purpose::Session, b"", &during.seal(Purpose::Session, b"", b"x"))
            .is_err()
    );

    let after = ring(&[&new]);
    assert!(
        after.open(Purpose::Session, b"", &sealed).is_err(),
        "the dropped key opens nothing"
    );
    assert_eq!(after.digest(before.first(), Purpose::Session, b"id"), None);
}

/// SEC-02
#[test]
fn a_list_that_is_no_key_ring_is_refused_by_place() {
    let key = KeyRing::new_key();
    assert_eq!(KeyRing::parse(" , ").unwrap_err(), KeyRingError::Empty);
    assert_eq!(KeyRing::parse("c2hvcnQ=").unwrap_err(), KeyRingError::NotAKey(1));
    assert_eq!(
        KeyRing::parse(&format!("{},?", *key)).unwrap_err(),
        KeyRingError::NotAKey(2)
    );
    assert_eq!(
        KeyRing::parse(&format!("{0},{0}", *key)).unwrap_err(),
        KeyRingError::Repeated(2)
    );
}

/// SEC-01
#[test]
fn debug_shows_ids_and_no_key() {
    let key = KeyRing::new_key();
    let shown = format!("{:?}", ring(&[&key]));
    assert!(shown.contains("KeyId"));
    assert!(!shown.contains(&*key));
}

#[test]
fn a_key_that_somebody_has_thought_up_is_named_by_its_place() {
    let drawn = KeyRing::new_key();
    let written = BASE64_URL_SAFE_NO_PAD.encode("correct horse battery staple, 32");
    let zeros = BASE64_URL_SAFE_NO_PAD.encode([0; 32]);
    let ring = KeyRing::parse(&format!("{} {written} {zeros}", *drawn)).expect("a ring");
    assert_eq!((ring.count(), ring.weak()), (3, vec![2, 3]));
    for _ in 0..1_000 {
        let ring = KeyRing::parse(&KeyRing::new_key()).expect("a ring");
        assert_eq!(ring.weak(), [0; 0]);
    }
}

/// SEC-04
#[test]
fn a_ring_in_use_takes_other_keys_and_opens_what_the_kept_ones_sealed() {
    let (old, new) = (KeyRing::new_key(), KeyRing::new_key());
    let in_use = ring(&[&old]);
    let (before, snapshot) = (in_use.seal(Purpose::Session, b"", b"content"), in_use.snapshot());
    let replaced = in_use.replace(ring(&[&new, &old]));
    let (removed, seals_with_unknown) = (0, true);
    assert_eq!(
        replaced,
        ReplacedKeys {
            removed,
            seals_with_unknown
        }
    );
    assert_eq!(in_use.first(), ring(&[&new]).first());
    assert!(in_use.open(Purpose::Session, b"", &before).is_ok());
    assert_eq!(in_use.digests(Purpose::Index, b"data").count(), 2);
    assert_eq!(snapshot.first(), ring(&[&old]).first(), "a snapshot stays as it is");
}

#[test]
fn a_ring_says_how_many_keys_it_has_lost() {
    let (old, other, new) = (KeyRing::new_key(), KeyRing::new_key(), KeyRing::new_key());
    let in_use = ring(&[&old, &other, &new]);
    let before = in_use.seal(Purpose::Session, b"", b"content");
    let replaced = in_use.replace(ring(&[&new]));
    assert_eq!((replaced.removed, replaced.seals_with_unknown), (2, false));
    assert!(in_use.open(Purpose::Session, b"", &before).is_err());
}
