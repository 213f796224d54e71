//! When the key set is read again.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::tests::provider::now;
use bff_clock::ManualClock;

async fn readings(origin: TokenOrigin, token: &str, before: Value, after: Value) -> (bool, usize) {
    let cached = CachedKeys::new(Arc::new(ManualClock::new(now())));
    let count = AtomicUsize::new(0);
    let read = || async {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(keys(if first { &before } else { &after }))
    };
    let jws = Jws::parse(token).expect("a JWS");
    let verified = verify(&cached, &jws, IdTokenAlgorithm::Rs256, origin, read).await;
    (verified.is_ok(), count.load(Ordering::SeqCst))
}

/// DISC-10
#[tokio::test]
async fn the_key_set_is_read_once_more_for_a_key_that_is_not_there() {
    let ours = json!([jwk(&*RSA, json!({ "kid": "1" }))]);
    let others = json!([jwk(&*OTHER_RSA, json!({ "kid": "1" }))]);
    for origin in [TokenOrigin::Issued, TokenOrigin::Posted] {
        let cases = [
            ("known", named("1"), &ours, json!([]), (true, 1)),
            ("new", named("1"), &json!([]), ours.clone(), (true, 2)),
            ("made up", named("2"), &ours, ours.clone(), (false, 2)),
            ("known, and forged", named("1"), &others, others.clone(), (false, 2)),
            ("new under the same name", named("1"), &others, ours.clone(), (true, 2)),
            ("new, without a name", unnamed(), &others, ours.clone(), (true, 2)),
        ];
        for (name, token, before, after, expected) in cases {
            let found = readings(origin, &token, before.clone(), after).await;
            assert_eq!(found, expected, "{name}, {origin:?}");
        }
    }
}

/// DISC-11
#[tokio::test]
async fn forged_signatures_of_a_known_key_use_up_the_budget_of_their_origin_alone() {
    let clock = ManualClock::new(now());
    let cached = CachedKeys::new(Arc::new(clock.clone()));
    let (count, ours) = (AtomicUsize::new(0), json!([jwk(&*RSA, json!({ "kid": "1" }))]));
    let read = || async {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(keys(&ours))
    };
    let token = jws(&*OTHER_RSA, &json!({ "alg": "RS256", "kid": "1" }), &json!({}));
    let forged = Jws::parse(&token).expect("a JWS");
    let judged = |origin| verify(&cached, &forged, IdTokenAlgorithm::Rs256, origin, read);
    for _ in 0..20 {
        let verdict = judged(TokenOrigin::Posted).await;
        assert!(matches!(verdict, Err(VerificationError::Signature)), "{verdict:?}");
    }
    assert_eq!(
        count.load(Ordering::SeqCst),
        2,
        "the first reading, and one for strangers"
    );
    judged(TokenOrigin::Issued).await.expect_err("a forgery");
    assert_eq!(count.load(Ordering::SeqCst), 3, "strangers take none from the provider");
    let waiting = judged(TokenOrigin::Issued);
    tokio::pin!(waiting);
    assert!(futures::poll!(&mut waiting).is_pending());
    clock.advance(std::time::Duration::from_secs(2));
    waiting.await.expect_err("a forgery");
    assert_eq!(count.load(Ordering::SeqCst), 4);
}
