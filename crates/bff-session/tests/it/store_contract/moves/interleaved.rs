//! A move and a logout whose steps happen in any order, also after a move that was cut off.

use super::super::stepped::{Stepped, cut_off, in_turn};
use super::{PERSON, establish, keys, lives, log_out, move_to, sessions};
use bff_clock::{Clock, ManualClock};
use bff_session::{Ending, Known, Scope, SessionId, Sessions};
use futures::FutureExt;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use time::OffsetDateTime;

/// An event in the life of a session while it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    LogOutOld,
    LogOutNew,
    LogOutNewOfPerson,
    LogOutPerson,
    SignOut,
    Touch,
    /// Another replica makes the same move, because it believes that the move is its task.
    MoveAgain,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::LogOutOld),
        Just(Act::LogOutNew),
        Just(Act::LogOutNewOfPerson),
        Just(Act::LogOutPerson),
        Just(Act::SignOut),
        Just(Act::Touch),
        Just(Act::MoveAgain),
    ]
}

/// Runs the move and the acts step by step, in the order of `turns`. The move may be cut off after some steps. Then it
/// is made once more, as a replica does that got no answer.
fn run(acts: &[Act], turns: &[usize], cut_after: usize) {
    let clock = ManualClock::new(OffsetDateTime::now_utc());
    let stepped = Stepped::new(&clock);
    let sessions = sessions(Arc::new(stepped), &clock, &keys());
    let id = finished(establish(&sessions, "old", clock.now()));
    clock.advance(std::time::Duration::from_mins(2));
    let moving = cut_off(move_to(&sessions, &id, "new"), cut_after);
    let mut actors: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = vec![Box::pin(moving)];
    for act in acts {
        actors.push(Box::pin(take(*act, &sessions, &id, clock.now())));
    }
    in_turn(actors, turns);
    finished(move_to(&sessions, &id, "new"));
    let is_over = acts.iter().any(|act| !matches!(act, Act::Touch | Act::MoveAgain));
    assert_eq!(finished(lives(&sessions, &id)), !is_over, "LO-17, invariant 3");
    let has_tokens = finished(sessions.tokens(&id)).expect("answers").is_some();
    assert_eq!(has_tokens, !is_over, "session and tokens end together");
    let found = finished(log_out(&sessions, Scope::Session("new"), clock.now()));
    assert_eq!(
        found,
        usize::from(!is_over),
        "the index finds the session by its new sid"
    );
}

async fn take(act: Act, sessions: &Sessions, id: &SessionId, now: OffsetDateTime) {
    match act {
        Act::LogOutOld => drop(log_out(sessions, Scope::Session("old"), now).await),
        Act::LogOutNew => drop(log_out(sessions, Scope::Session("new"), now).await),
        Act::LogOutNewOfPerson => drop(log_out(sessions, Scope::SessionOfPerson("new", PERSON), now).await),
        Act::LogOutPerson => drop(log_out(sessions, Scope::Person(PERSON), now).await),
        Act::SignOut => drop(sessions.end(id, Ending::SignedOut).await.expect("answers")),
        Act::Touch => {
            if let Known::Live(live) = sessions.load(id).await.expect("answers") {
                sessions.touch(&live).await.expect("answers");
            }
        }
        Act::MoveAgain => move_to(sessions, id, "new").await,
    }
}

/// Runs all steps of one actor, alone.
fn finished<T>(actor: impl Future<Output = T>) -> T {
    let mut actor = std::pin::pin!(actor);
    loop {
        if let Some(outcome) = actor.as_mut().now_or_never() {
            return outcome;
        }
    }
}

#[test]
fn a_logout_by_the_new_name_is_not_missed_whoever_comes_in_between() {
    let drawn = (
        prop::collection::vec(act(), 0..4),
        prop::collection::vec(0..4_usize, 0..60),
        0..12_usize,
    );
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(1000)
    });
    let held = runner.run(&drawn, |(acts, turns, cut_after)| {
        run(&acts, &turns, cut_after);
        Ok(())
    });
    held.unwrap_or_else(|broken| panic!("{broken}"));
}
