//! The index: the sessions that belong to a key, such as a person, and the time until which the logins of a key are
//! over.

use super::{Subject, both};
use std::collections::HashSet;
use time::Duration;
use tower_sessions::session::Id;

both!(
    members_are_found_until_they_leave_or_expire,
    a_session_that_is_over_stays_over,
    of_a_login_and_a_logout_one_sees_the_other,
);

async fn members_are_found_until_they_leave_or_expire(subject: &Subject) {
    let store = &subject.store;
    let (key, one, two, over) = (Id::default(), Id::default(), Id::default(), Id::default());
    let until = subject.in_an_hour();
    store.enter(&key, &one, until).await.expect("answers");
    store
        .enter(&key, &two, until + Duration::MINUTE)
        .await
        .expect("answers");
    let again = store.enter(&key, &two, until + Duration::MINUTE).await;
    assert_eq!(again.expect("twice is fine").count, 2, "the member counts once");
    let past = subject.now() - Duration::SECOND;
    store.enter(&key, &over, past).await.expect("answers");
    let members = async || -> HashSet<Id> { store.members(&key).await.expect("answers").into_iter().collect() };
    assert_eq!(members().await, HashSet::from([one, two]));
    store.leave(&key, &[one]).await.expect("answers");
    store.leave(&key, &[one]).await.expect("twice is fine");
    assert_eq!(members().await, HashSet::from([two]));
    assert!(store.members(&Id::default()).await.expect("answers").is_empty());
}

async fn a_session_that_is_over_stays_over(subject: &Subject) {
    let store = &subject.store;
    let key = Id::default();
    let at = subject.now().replace_nanosecond(0).expect("a time");
    let until = subject.in_an_hour();
    assert_eq!(store.retired(&key).await.expect("answers"), None);
    store.retire(&key, at, until).await.expect("answers");
    assert_eq!(store.retired(&key).await.expect("answers"), Some(at));
    store.retire(&key, at - Duration::MINUTE, until).await.expect("answers");
    assert_eq!(
        store.retired(&key).await.expect("answers"),
        Some(at),
        "an earlier time changes nothing"
    );
    store.retire(&key, at + Duration::MINUTE, until).await.expect("answers");
    assert_eq!(
        store.enter(&key, &Id::default(), until).await.expect("answers").retired,
        Some(at + Duration::MINUTE)
    );
}

/// LO-22
async fn of_a_login_and_a_logout_one_sees_the_other(subject: &Subject) {
    let store = &subject.store;
    for _ in 0..32 {
        let (key, member) = (Id::default(), Id::default());
        let (at, until) = (subject.now(), subject.in_an_hour());
        let login = async {
            store
                .enter(&key, &member, until)
                .await
                .expect("answers")
                .retired
                .is_some()
        };
        let logout = async {
            store.retire(&key, at, until).await.expect("answers");
            store.members(&key).await.expect("answers").contains(&member)
        };
        let (login_sees, logout_sees) = tokio::join!(login, logout);
        assert!(login_sees || logout_sees, "LO-22");
    }
}
