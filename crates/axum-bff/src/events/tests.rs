use super::*;
use bff_clock::ManualClock;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Events with a hook that waits for a permit before each event, the permits, and the events that the hook has got.
fn slow() -> (Events, Arc<Semaphore>, Arc<Mutex<Vec<EventKind>>>) {
    let (permits, heard) = (Arc::new(Semaphore::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (go, ear) = (permits.clone(), heard.clone());
    let hook = EventHook::new(move |event: Event| {
        let (go, ear) = (go.clone(), ear.clone());
        async move {
            go.acquire().await.expect("the semaphore is open").forget();
            ear.lock().unwrap_or_else(PoisonError::into_inner).push(event.kind);
        }
    });
    let clock = Arc::new(ManualClock::new(OffsetDateTime::UNIX_EPOCH));
    (Events::new(Some(hook), clock), permits, heard)
}

#[tokio::test]
async fn a_slow_hook_holds_nobody_up_and_is_told_how_many_events_it_has_missed() {
    let (events, permits, heard) = slow();
    // The hook has the first event. The others wait in the queue.
    events.tell(EventKind::SignedIn, EventContext::default());
    tokio::task::yield_now().await;
    for _ in 0..WAITING + 7 {
        let context = EventContext {
            session: Some("a session".to_owned()),
            ..EventContext::default()
        };
        events.tell(EventKind::Refreshed, context);
    }
    permits.add_permits(WAITING + 100);
    events.done().await;
    events.tell(EventKind::ClaimsChanged, EventContext::default());
    events.done().await;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    let lost: Vec<_> = heard
        .iter()
        .filter(|kind| matches!(kind, EventKind::Lost { .. }))
        .collect();
    assert_eq!(lost, [&EventKind::Lost { count: 7 }]);
    assert_eq!(heard.len(), 1 + WAITING + 1 + 1);
    assert_eq!(heard.last(), Some(&EventKind::ClaimsChanged));
}

#[tokio::test]
async fn strangers_cannot_take_the_room_for_events_of_people() {
    let (events, permits, heard) = slow();
    for _ in 0..3 * WAITING {
        let code = "login_unknown".to_owned();
        events.tell(EventKind::SignInRefused { code }, EventContext::default());
    }
    let context = EventContext {
        session: Some("a session".to_owned()),
        ..EventContext::default()
    };
    events.tell(EventKind::SignedIn, context);
    permits.add_permits(WAITING + 100);
    events.done().await;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(heard.last(), Some(&EventKind::SignedIn));
    assert!(heard.len() < WAITING, "{}", heard.len());
}

#[tokio::test]
async fn a_hook_that_panics_over_one_event_hears_of_the_next() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = heard.clone();
    let hook = EventHook::new(move |event: Event| {
        let ear = ear.clone();
        async move {
            assert_ne!(event.kind, EventKind::SignedIn, "on purpose");
            ear.lock().unwrap_or_else(PoisonError::into_inner).push(event.kind);
        }
    });
    let events = Events::new(Some(hook), Arc::new(ManualClock::new(OffsetDateTime::UNIX_EPOCH)));
    events.tell(EventKind::SignedIn, EventContext::default());
    events.tell(EventKind::Refreshed, EventContext::default());
    events.done().await;
    assert_eq!(
        *heard.lock().unwrap_or_else(PoisonError::into_inner),
        [EventKind::Refreshed]
    );
}

#[tokio::test]
async fn an_event_that_nobody_listens_to_does_not_wait() {
    let events = Events::new(None, Arc::new(ManualClock::new(OffsetDateTime::UNIX_EPOCH)));
    events.tell(EventKind::SignedIn, EventContext::default());
    events.done().await;
    assert!(!events.are_heard());
}

#[tokio::test]
async fn the_cause_goes_along_into_a_task_of_its_own() {
    let cause = Arc::new(Cause {
        request_id: "1".to_owned(),
        trace_id: "2".to_owned(),
        route: None,
        from: SeenFrom::default(),
    });
    let work = async { tokio::spawn(carried(async { cause::current() })).await };
    let seen = within(Some(cause.clone()), work).await.expect("the task ends");
    assert_eq!(seen, Some(cause));
    assert_eq!(cause::current(), None);
}

#[test]
fn refusals_of_anybody_may_be_dropped_and_acts_of_an_administration_not() {
    let event = |kind, subject: Option<&str>| Event {
        kind,
        person: subject.map(|subject| Person {
            issuer: "https://op.example".to_owned(),
            subject: subject.to_owned(),
        }),
        ..Event::lost(0, OffsetDateTime::UNIX_EPOCH)
    };
    let administered = |act| EventKind::Administered { act };
    assert!(event(administered(AdministrativeAct::Refused), Some("1")).is_caused_at_will());
    assert!(event(EventKind::Refreshed, None).is_caused_at_will());
    assert!(!event(administered(AdministrativeAct::Ended), None).is_caused_at_will());
    assert!(!event(EventKind::SignedIn, Some("1")).is_caused_at_will());
}
