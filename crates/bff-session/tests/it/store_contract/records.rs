//! Session records. They are created once, changed only if they have not changed meanwhile, and ended in one step.

use super::{Subject, both, tokens, version};
use bff_clock::Clock;
use bff_session::store::{Remains, SEALED};
use time::Duration;
use tower_sessions::session::{Id, Record};

both!(
    create_never_overwrites,
    a_change_names_what_it_changes,
    an_end_is_one_step_and_leaves_why,
    the_reason_of_an_end_is_forgotten_and_nothing_else,
    an_expired_record_is_not_there,
    something_is_spent_once,
    a_browser_has_one_session_after_the_other,
);

async fn create_never_overwrites(subject: &Subject) {
    let store = &subject.store;
    let mut first = subject.record("first");
    store.create(&mut first).await.expect("created");
    let mut second = Record {
        id: first.id,
        ..subject.record("second")
    };
    store.create(&mut second).await.expect("created");
    assert_ne!(second.id, first.id, "the second record gets another id");
    assert_eq!(subject.content(&first.id).await.as_deref(), Some("first"));
    let until = subject.in_an_hour();
    store.create_tokens(&first.id, &tokens(), until).await.expect("created");
    store
        .create_tokens(&first.id, &tokens(), until)
        .await
        .expect_err("tokens do not overwrite tokens");
    store.readiness().await.expect("it lives");
}

/// SES-14
async fn a_change_names_what_it_changes(subject: &Subject) {
    let store = &subject.store;
    let mut first = subject.record("first");
    store.create(&mut first).await.expect("created");
    let to = |content: &str| Record {
        id: first.id,
        data: [(SEALED.to_owned(), content.into())].into(),
        ..first.clone()
    };
    assert!(
        store
            .replace(&version(&first), &to("second"), None)
            .await
            .expect("answers")
    );
    assert!(
        !store
            .replace(&version(&first), &to("third"), None)
            .await
            .expect("answers"),
        "SES-14: the record has changed meanwhile"
    );
    assert_eq!(subject.content(&first.id).await.as_deref(), Some("second"));

    let races = (0..8).map(|number| {
        let (before, after) = (to("second"), to(&format!("by {number}")));
        async move { store.replace(&version(&before), &after, None).await.expect("answers") }
    });
    let won = futures::future::join_all(races).await;
    assert_eq!(
        won.iter().filter(|won| **won).count(),
        1,
        "only one of many at once succeeds"
    );

    assert!(
        store
            .end(&first.id, "signed_out", subject.in_an_hour())
            .await
            .expect("answers")
            .is_some()
    );
    let kept = subject.content(&first.id).await;
    assert_eq!(kept, None);
    for before in ["first", "second", "by 0"] {
        assert!(
            !store
                .replace(&version(&to(before)), &to("back"), None)
                .await
                .expect("answers")
        );
        store.save(&to("back")).await.expect("a late write is no error");
    }
    assert_eq!(
        subject.content(&first.id).await,
        None,
        "invariant 3: a late write brings nothing back"
    );
}

/// LO-09
async fn an_end_is_one_step_and_leaves_why(subject: &Subject) {
    let store = &subject.store;
    let (session, tokens) = subject.session().await;
    let place = &session.id;
    let until = subject.in_an_hour();
    assert_eq!(store.tokens(place).await.expect("answers").as_ref(), Some(&tokens));
    let left = store.end(place, "provider", until).await.expect("answers");
    assert_eq!(
        left.expect("it lived").tokens,
        Some(tokens),
        "the end returns the tokens once"
    );
    assert_eq!(store.tokens(place).await.expect("answers"), None);
    assert_eq!(subject.content(place).await, None);
    assert!(
        store.end(place, "idle", until).await.expect("answers").is_none(),
        "LO-09: twice is fine"
    );
    let remains = store.remains(place).await.expect("answers");
    assert_eq!(remains, Remains::Ended("provider".into()), "the first reason counts");

    let (session, _) = subject.session().await;
    store.delete(&session.id).await.expect("deleted");
    assert_eq!(store.remains(&session.id).await.expect("answers"), Remains::Tokens);
    assert!(store.end(&session.id, "idle", until).await.expect("answers").is_some());
    assert_eq!(
        store.remains(&session.id).await.expect("answers"),
        Remains::Ended("idle".into())
    );

    let nobody = Id::default();
    assert!(store.end(&nobody, "idle", until).await.expect("answers").is_none());
    assert_eq!(
        store.remains(&nobody).await.expect("answers"),
        Remains::Nothing,
        "nothing is written for a session that never existed"
    );
}

async fn the_reason_of_an_end_is_forgotten_and_nothing_else(subject: &Subject) {
    let store = &subject.store;
    let until = subject.in_an_hour();
    let (session, tokens) = subject.session().await;
    let (ended, _) = subject.session().await;
    store.end(&ended.id, "idle", until).await.expect("answers");
    for place in [&ended.id, &session.id, &Id::default()] {
        store.forget_end(place).await.expect("answers");
        store.forget_end(place).await.expect("twice is fine");
    }
    assert_eq!(store.remains(&ended.id).await.expect("answers"), Remains::Nothing);
    assert!(subject.content(&session.id).await.is_some(), "a live session goes on");
    assert_eq!(store.tokens(&session.id).await.expect("answers"), Some(tokens));
    assert!(
        store
            .end(&ended.id, "provider", until)
            .await
            .expect("answers")
            .is_none(),
        "a late end brings no reason back"
    );
    assert_eq!(store.remains(&ended.id).await.expect("answers"), Remains::Nothing);
}

async fn an_expired_record_is_not_there(subject: &Subject) {
    let store = &subject.store;
    let past = subject.now() - time::Duration::SECOND;
    let mut over = Record {
        expiry_date: past,
        ..subject.record("over")
    };
    store.create(&mut over).await.expect("created");
    let _ = store.create_tokens(&over.id, &tokens(), past).await;
    assert_eq!(subject.content(&over.id).await, None);
    assert_eq!(store.tokens(&over.id).await.expect("answers"), None);
    assert_eq!(store.remains(&over.id).await.expect("answers"), Remains::Nothing);
    assert!(
        store
            .end(&over.id, "idle", subject.in_an_hour())
            .await
            .expect("answers")
            .is_none()
    );
}

async fn something_is_spent_once(subject: &Subject) {
    let store = &subject.store;
    let (place, until) = (Id::default(), subject.in_an_hour());
    assert!(!store.is_spent(&place).await.expect("answers"));
    assert!(store.spend(&place, until).await.expect("answers"), "the first use");
    assert!(!store.spend(&place, until).await.expect("answers"), "no second use");
    assert!(store.is_spent(&place).await.expect("answers"));
    let other = Id::default();
    let spend = || store.spend(&other, until);
    let (one, two, three, four) = tokio::join!(spend(), spend(), spend(), spend());
    let firsts = [one, two, three, four]
        .into_iter()
        .filter(|answer| matches!(answer, Ok(true)));
    assert_eq!(firsts.count(), 1, "only one of many at once succeeds");
}

async fn a_browser_has_one_session_after_the_other(subject: &Subject) {
    let store = &subject.store;
    let [browser, other, first, second] = std::array::from_fn(|number| Id(number as i128 + 1));
    let until = subject.in_an_hour();
    for (browser, session, before) in [
        (browser, first, None),
        (other, first, None),
        (browser, second, Some(first)),
        (browser, first, Some(second)),
    ] {
        let had = store.hold(&browser, &session, until).await.expect("answers");
        assert_eq!(had, before);
    }
    let past = subject.clock.now() - Duration::SECOND;
    store.hold(&browser, &second, past).await.expect("answers");
    let had = store.hold(&browser, &first, until).await.expect("answers");
    assert_eq!(had, None, "the entry of the browser has expired");
}
