//! Every replica learns of the end of a session, and of the changes that concern other replicas.

use super::{Subject, both, connect, tokens, version};
use bff_session::store::{
    Change, Heard, Listener, RedisStore, RefreshFinish, RefreshStart, SEALED, SessionEvent, SessionEvents, Store,
};
use futures::FutureExt;
use std::time::Duration;
use tower_sessions::session::{Id, Record};

both!(
    an_end_is_heard_of,
    a_change_is_heard_of_with_its_word,
    changes_that_others_need_not_know_are_not_told,
    a_refresh_is_heard_of_once,
    another_list_of_sessions_is_heard_of_and_the_same_one_is_not,
);

/// The listening side: another replica with Redis, or the same store in memory.
struct Elsewhere {
    events: SessionEvents,
    store: Option<RedisStore>,
}

impl Elsewhere {
    async fn start(subject: &Subject) -> Self {
        let Some((_, redis)) = &subject.redis else {
            let events = subject.store.events().clone();
            return Self { events, store: None };
        };
        let store = connect(&redis.url(), subject.clock.clone()).await;
        let events = store.events().clone();
        let mut waiting = events.of(Id::default());
        let begun = std::time::Instant::now();
        while ["session-ended", "session-changed"]
            .iter()
            .any(|channel| redis.subscribers(channel) < 2)
        {
            assert!(begun.elapsed() < Duration::from_secs(10), "both replicas listen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        // When a replica begins to listen, every waiting listener gets one notice to look. This takes that notice.
        let _ = tokio::time::timeout(Duration::from_millis(200), waiting.events()).await;
        let store = Some(store);
        Self { events, store }
    }

    async fn close(self) {
        if let Some(store) = self.store {
            store.close().await;
        }
    }
}

async fn heard(listener: &mut Listener) -> Heard {
    let heard = tokio::time::timeout(Duration::from_secs(10), listener.events()).await;
    heard.expect("the notice comes")
}

/// Notices come in the order in which they are published. The end is the first notice here, so nothing was published
/// before it.
async fn assert_nothing_before_the_end(subject: &Subject, session: Id, listener: &mut Listener) {
    let ended = subject.store.end(&session, "signed_out", subject.in_an_hour()).await;
    assert!(ended.expect("answers").is_some());
    let heard = heard(listener).await;
    assert!(heard.has(SessionEvent::Ended));
    for change in Change::ALL {
        assert!(!heard.has(SessionEvent::Changed(change)), "{change:?}");
    }
}

fn another(record: &Record) -> Record {
    let seal = format!("another {:?}", Id::default());
    Record {
        data: [(SEALED.to_owned(), seal.into())].into(),
        ..record.clone()
    }
}

async fn an_end_is_heard_of(subject: &Subject) {
    let (session, _) = subject.session().await;
    let (other, _) = subject.session().await;
    let elsewhere = Elsewhere::start(subject).await;
    let (mut listener, mut not_meant) = (elsewhere.events.of(session.id), elsewhere.events.of(other.id));
    assert_nothing_before_the_end(subject, session.id, &mut listener).await;
    assert!(
        not_meant.events().now_or_never().is_none(),
        "nothing happened to the other session"
    );
    elsewhere.close().await;
}

async fn a_change_is_heard_of_with_its_word(subject: &Subject) {
    let (mut session, _) = subject.session().await;
    let elsewhere = Elsewhere::start(subject).await;
    let mut listener = elsewhere.events.of(session.id);
    for change in Change::ALL {
        let after = another(&session);
        let replaced = subject.store.replace(&version(&session), &after, Some(change)).await;
        assert!(replaced.expect("answers"));
        let heard = heard(&mut listener).await;
        for other in Change::ALL {
            assert_eq!(heard.has(SessionEvent::Changed(other)), other == change, "{change:?}");
        }
        assert!(
            !heard.has(SessionEvent::Ended) && !heard.has(SessionEvent::Missed),
            "{change:?}"
        );
        session = after;
    }
    elsewhere.close().await;
}

async fn changes_that_others_need_not_know_are_not_told(subject: &Subject) {
    let (session, _) = subject.session().await;
    let elsewhere = Elsewhere::start(subject).await;
    let mut listener = elsewhere.events.of(session.id);
    let stale = another(&session);
    let replaced = subject
        .store
        .replace(&version(&stale), &stale, Some(Change::Claims))
        .await;
    assert!(!replaced.expect("answers"), "the change was not made");
    let replaced = subject
        .store
        .replace(&version(&session), &another(&session), None)
        .await;
    assert!(replaced.expect("answers"), "an update of the activity only");
    assert_nothing_before_the_end(subject, session.id, &mut listener).await;
    elsewhere.close().await;
}

async fn another_list_of_sessions_is_heard_of_and_the_same_one_is_not(subject: &Subject) {
    let elsewhere = Elsewhere::start(subject).await;
    let (key, member, stranger) = (Id::default(), Id::default(), Id::default());
    let (mut listener, mut other) = (elsewhere.events.of(key), elsewhere.events.of(Id::default()));
    let store = &subject.store;
    let listed = SessionEvent::Changed(Change::Listed);
    store.enter(&key, &member, subject.in_an_hour()).await.expect("answers");
    assert!(heard(&mut listener).await.has(listed), "a session was entered");
    store.leave(&key, &[stranger]).await.expect("answers");
    store.leave(&key, &[]).await.expect("answers");
    // Notices come in the order in which they are published: the next one is of another key.
    let mut next = elsewhere.events.of(member);
    store.enter(&member, &key, subject.in_an_hour()).await.expect("answers");
    assert!(heard(&mut next).await.has(listed));
    assert!(listener.events().now_or_never().is_none(), "nothing has left");
    store.leave(&key, &[stranger, member]).await.expect("answers");
    assert!(heard(&mut listener).await.has(listed), "a session has left");
    assert!(
        other.events().now_or_never().is_none(),
        "the list of another key is as it was"
    );
    elsewhere.close().await;
}

async fn a_refresh_is_heard_of_once(subject: &Subject) {
    let (session, before) = subject.session().await;
    let elsewhere = Elsewhere::start(subject).await;
    let mut listener = elsewhere.events.of(session.id);
    let store = &subject.store;
    let begun = store.begin_refresh(&session.id, &before, subject.lease(1)).await;
    assert_eq!(begun.expect("answers"), RefreshStart::Begun);
    let after = tokens();
    let finish = || store.finish_refresh(&session.id, [1; 16], &before, &after);
    assert_eq!(finish().await.expect("answers"), RefreshFinish::Kept);
    let refreshed = heard(&mut listener).await;
    assert!(refreshed.has(SessionEvent::Changed(Change::Refreshed)) && !refreshed.has(SessionEvent::Missed));
    assert_eq!(
        finish().await.expect("answers"),
        RefreshFinish::Kept,
        "the same tokens are offered again"
    );
    let late = store.finish_refresh(&session.id, [2; 16], &before, &tokens()).await;
    assert_eq!(late.expect("answers"), RefreshFinish::Overtaken);
    assert_nothing_before_the_end(subject, session.id, &mut listener).await;
    let gone = store.finish_refresh(&session.id, [1; 16], &after, &tokens()).await;
    assert_eq!(gone.expect("answers"), RefreshFinish::Gone);
    elsewhere.close().await;
}

/// An operator may have set up the Redis user for a version that published ends only.
#[tokio::test]
async fn a_user_who_may_not_publish_changes_makes_them_all_the_same() {
    let subject = Subject::redis().await;
    let (session, _) = subject.session().await;
    let Some((_, redis)) = &subject.redis else {
        unreachable!("a subject in Redis")
    };
    redis.restrict_channels(&["session-ended"]);
    let replaced = subject
        .store
        .replace(&version(&session), &another(&session), Some(Change::Claims))
        .await;
    assert!(replaced.expect("no error"));
    let elsewhere = connect(&redis.url(), subject.clock.clone()).await;
    let mut listener = elsewhere.events().of(session.id);
    let begun = std::time::Instant::now();
    // Both replicas listen: the first one lost its connection when it lost the right to hear of changes, and connects
    // again for ends only.
    while redis.subscribers("session-ended") < 2 {
        assert!(begun.elapsed() < Duration::from_secs(10), "both replicas listen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ended = subject.store.end(&session.id, "signed_out", subject.in_an_hour()).await;
    assert!(ended.expect("answers").is_some());
    while !heard(&mut listener).await.has(SessionEvent::Ended) {}
    elsewhere.close().await;
}
