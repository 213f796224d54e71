//! The lease for a refresh. Only one holder has it at a time, a dead holder is told from a slow one, and the lease is
//! worth nothing after the session has ended.

use super::{Subject, both, tokens};
use bff_session::store::{RefreshFinish, RefreshStart};
use std::time::Duration;

both!(
    one_refreshes_and_the_others_wait,
    a_result_replaces_what_it_was_made_from,
    a_holder_who_died_is_told_from_one_who_is_slow,
    a_refresh_does_not_outlive_the_session,
);

/// RT-03, RT-06
async fn one_refreshes_and_the_others_wait(subject: &Subject) {
    let store = &subject.store;
    let (session, old) = subject.session().await;
    let place = &session.id;
    let (one, two, three) = tokio::join!(
        subject.begin_refresh(place, &old, 1),
        subject.begin_refresh(place, &old, 2),
        subject.begin_refresh(place, &old, 3)
    );
    let starts = [one, two, three];
    assert_eq!(
        starts.iter().filter(|start| **start == RefreshStart::Begun).count(),
        1,
        "RT-03: {starts:?}"
    );
    assert_eq!(starts.iter().filter(|start| **start == RefreshStart::Busy).count(), 2);
    let holder = [1, 2, 3][starts
        .iter()
        .position(|start| *start == RefreshStart::Begun)
        .expect("one")];

    store.abandon_refresh(place, [9; 16]).await.expect("answers");
    assert_eq!(
        subject.begin_refresh(place, &old, 4).await,
        RefreshStart::Busy,
        "only the holder can give the lease back"
    );
    store.abandon_refresh(place, [holder; 16]).await.expect("answers");
    assert_eq!(
        subject.begin_refresh(place, &old, 4).await,
        RefreshStart::Begun,
        "RT-06: a refresh that came to nothing can be tried again"
    );
}

async fn a_result_replaces_what_it_was_made_from(subject: &Subject) {
    let store = &subject.store;
    let (session, old) = subject.session().await;
    let (place, new) = (&session.id, tokens());
    assert_eq!(subject.begin_refresh(place, &tokens(), 1).await, RefreshStart::Changed);
    assert_eq!(subject.begin_refresh(place, &old, 1).await, RefreshStart::Begun);
    let finish = async |holder: u8| {
        store
            .finish_refresh(place, [holder; 16], &old, &new)
            .await
            .expect("answers")
    };
    assert_eq!(
        finish(2).await,
        RefreshFinish::Overtaken,
        "another holder has the lease"
    );
    assert_eq!(finish(1).await, RefreshFinish::Kept);
    assert_eq!(store.tokens(place).await.expect("answers").as_ref(), Some(&new));
    assert_eq!(
        finish(1).await,
        RefreshFinish::Kept,
        "the result is offered again, since the answer may be lost"
    );
    let another = store.finish_refresh(place, [1; 16], &old, &tokens()).await;
    assert_eq!(
        another.expect("answers"),
        RefreshFinish::Overtaken,
        "the tokens have changed meanwhile"
    );
    assert_eq!(store.tokens(place).await.expect("answers").as_ref(), Some(&new));
    assert_eq!(subject.begin_refresh(place, &old, 1).await, RefreshStart::Changed);
    assert_eq!(
        subject.begin_refresh(place, &new, 2).await,
        RefreshStart::Begun,
        "the next refresh begins with the new tokens"
    );
}

async fn a_holder_who_died_is_told_from_one_who_is_slow(subject: &Subject) {
    let store = &subject.store;
    let (session, old) = subject.session().await;
    let place = &session.id;
    assert_eq!(subject.begin_refresh(place, &old, 1).await, RefreshStart::Begun);
    for _ in 0..3 {
        subject.clock.advance(Duration::from_secs(3));
        assert_eq!(
            subject.begin_refresh(place, &old, 2).await,
            RefreshStart::Busy,
            "the lease has not run out"
        );
    }
    assert!(store.renew_lease(place, subject.lease(1)).await.expect("answers"));
    assert!(
        !store.renew_lease(place, subject.lease(2)).await.expect("answers"),
        "only the holder can renew the lease"
    );

    subject.clock.advance(Duration::from_mins(10));
    assert_eq!(
        subject.begin_refresh(place, &old, 2).await,
        RefreshStart::Busy,
        "the lease has run out: the holder is asked for a sign of life"
    );
    subject.clock.advance(Duration::from_secs(4));
    assert!(
        store.renew_lease(place, subject.lease(1)).await.expect("answers"),
        "the holder renews the lease"
    );
    subject.clock.advance(Duration::from_secs(11));
    assert_eq!(
        subject.begin_refresh(place, &old, 2).await,
        RefreshStart::Busy,
        "the wait for a sign of life begins again"
    );
    subject.clock.advance(Duration::from_secs(4));
    assert_eq!(subject.begin_refresh(place, &old, 3).await, RefreshStart::Busy);
    subject.clock.advance(Duration::from_secs(1));
    assert_eq!(
        subject.begin_refresh(place, &old, 3).await,
        RefreshStart::BrokenOff,
        "the result of the refresh is unknown"
    );
    let finish = store
        .finish_refresh(place, [1; 16], &old, &tokens())
        .await
        .expect("answers");
    assert_eq!(
        finish,
        RefreshFinish::Kept,
        "the result still counts until the session is ended"
    );
}

/// RT-08
async fn a_refresh_does_not_outlive_the_session(subject: &Subject) {
    let store = &subject.store;
    let (session, old) = subject.session().await;
    let place = &session.id;
    let lease = subject.lease(1);
    assert_eq!(subject.begin_refresh(place, &old, 1).await, RefreshStart::Begun);
    assert!(
        store
            .end(place, "signed_out", subject.in_an_hour())
            .await
            .expect("answers")
            .is_some()
    );
    let finish = store
        .finish_refresh(place, lease.holder, &old, &tokens())
        .await
        .expect("answers");
    assert_eq!(finish, RefreshFinish::Gone, "RT-08");
    assert_eq!(store.tokens(place).await.expect("answers"), None);
    assert!(!store.renew_lease(place, lease).await.expect("answers"));
    store.abandon_refresh(place, lease.holder).await.expect("answers");
    assert_eq!(subject.begin_refresh(place, &old, 1).await, RefreshStart::Gone);
}
