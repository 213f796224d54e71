//! Once a session has ended, nothing of it comes back, in whatever order the steps happen.
//!
//! The tests draw steps at random: of a refresh, an activity update, logins, a logout and a back-channel logout. Each
//! step uses a value that was read before, so it may be late, and it may happen twice or never.

use super::{Subject, tokens, version};
use bff_session::store::{RefreshFinish, RefreshStart, SEALED, SealedTokens};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

/// One step. Its numbers choose the holder of the lease, and one of the values that were read before.
#[derive(Clone, Debug)]
enum Step {
    ReadTokens,
    ReadSession,
    Touch(usize),
    Begin(u8, usize),
    Renew(u8),
    Finish(u8, usize),
    Abandon(u8),
    End,
    BackChannelLogout,
    /// The provider signs the person in at another browser, and vouches for that with an ID Token.
    LoginVouched,
    /// The records of one of these logins are written.
    LoginWritten(usize),
    /// One of these logins is entered in the index. It ends at once if a logout has overtaken it.
    LoginEntered(usize),
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 1..4_u8;
    let which = 0..8_usize;
    prop_oneof![
        Just(Step::ReadTokens),
        Just(Step::ReadSession),
        which.clone().prop_map(Step::Touch),
        (who.clone(), which.clone()).prop_map(|(who, which)| Step::Begin(who, which)),
        who.clone().prop_map(Step::Renew),
        (who.clone(), which.clone()).prop_map(|(who, which)| Step::Finish(who, which)),
        who.prop_map(Step::Abandon),
        Just(Step::End),
        Just(Step::BackChannelLogout),
        Just(Step::LoginVouched),
        which.clone().prop_map(Step::LoginWritten),
        which.prop_map(Step::LoginEntered),
        (1..12_u8).prop_map(Step::Wait),
    ]
}

/// The values that were read so far, and the state that has to hold.
struct Run<'a> {
    subject: &'a Subject,
    place: Id,
    person: Id,
    sessions: Vec<Record>,
    tokens: Vec<SealedTokens>,
    /// The holders that got the right to refresh, and have neither finished nor abandoned it.
    refreshing: Vec<u8>,
    has_ended: bool,
    logins: Vec<Login>,
    /// The time at which the provider signed the person out. Every login that it vouched for until then is over.
    signed_out_at: Option<OffsetDateTime>,
}

/// A login in progress.
struct Login {
    vouched_at: OffsetDateTime,
    place: Option<Id>,
    is_entered: bool,
}

impl Run<'_> {
    async fn take(&mut self, step: &Step) {
        let (store, place) = (&self.subject.store, self.place);
        let until = self.subject.in_an_hour();
        match *step {
            Step::ReadTokens => self.tokens.extend(store.tokens(&place).await.expect("answers")),
            Step::ReadSession => self.sessions.extend(store.load(&place).await.expect("answers")),
            Step::Touch(which) => {
                let before = self.sessions[which % self.sessions.len()].clone();
                let seal = format!("seal {:?}", Id::default());
                let after = Record {
                    data: [(SEALED.to_owned(), seal.into())].into(),
                    ..before.clone()
                };
                let replaced = store.replace(&version(&before), &after, None).await.expect("answers");
                assert!(!(replaced && self.has_ended), "an activity update after the end");
            }
            Step::Begin(who, which) => {
                let before = self.tokens[which % self.tokens.len()].clone();
                let lease = self.subject.lease(who);
                let start = store.begin_refresh(&place, &before, lease).await.expect("answers");
                assert!(
                    !self.has_ended || start == RefreshStart::Gone,
                    "{start:?} after the end"
                );
                if start == RefreshStart::Begun {
                    assert!(self.refreshing.is_empty(), "RT-03: two at once");
                    self.refreshing.push(who);
                }
            }
            Step::Renew(who) => {
                let renewed = store
                    .renew_lease(&place, self.subject.lease(who))
                    .await
                    .expect("answers");
                assert!(!(renewed && self.has_ended));
            }
            Step::Finish(who, which) => {
                let before = self.tokens[which % self.tokens.len()].clone();
                let finish = store
                    .finish_refresh(&place, [who; 16], &before, &tokens())
                    .await
                    .expect("answers");
                assert_eq!(finish == RefreshFinish::Gone, self.has_ended, "RT-08: {finish:?}");
                if finish == RefreshFinish::Kept {
                    self.refreshing.clear();
                }
            }
            Step::Abandon(who) => {
                store.abandon_refresh(&place, [who; 16]).await.expect("answers");
                self.refreshing.retain(|holder| *holder != who);
            }
            Step::End => self.has_ended |= store.end(&place, "signed_out", until).await.expect("answers").is_some(),
            Step::BackChannelLogout => {
                store.retire(&self.person, self.now(), until).await.expect("answers");
                self.signed_out_at = Some(self.now());
                for member in store.members(&self.person).await.expect("answers") {
                    let ended = store.end(&member, "provider", until).await.expect("answers").is_some();
                    self.has_ended |= ended && member == place;
                }
            }
            Step::LoginVouched => self.logins.push(Login {
                vouched_at: self.now(),
                place: None,
                is_entered: false,
            }),
            Step::LoginWritten(which) => self.write_login(which).await,
            Step::LoginEntered(which) => self.enter_login(which).await,
            Step::Wait(seconds) => self
                .subject
                .clock
                .advance(std::time::Duration::from_secs(seconds.into())),
        }
        self.check().await;
    }

    /// The time in whole seconds, because Redis keeps no fractions.
    fn now(&self) -> OffsetDateTime {
        self.subject.now().replace_nanosecond(0).expect("a time")
    }

    async fn write_login(&mut self, which: usize) {
        let mut waiting = self.logins.iter_mut().filter(|login| login.place.is_none());
        if let Some(login) = waiting.nth(which) {
            login.place = Some(self.subject.session().await.0.id);
        }
    }

    /// Does what `Sessions::establish` does: it enters the login last, and ends it again if a logout came first.
    async fn enter_login(&mut self, which: usize) {
        let mut written = self.logins.iter_mut().filter(|login| !login.is_entered);
        let Some((login, place)) = written
            .nth(which)
            .and_then(|login| login.place.map(|place| (login, place)))
        else {
            return;
        };
        login.is_entered = true;
        let store = &self.subject.store;
        let until = self.subject.in_an_hour();
        let entered = store.enter(&self.person, &place, until).await.expect("answers");
        if entered.retired.is_some_and(|at| login.vouched_at <= at) {
            store.end(&place, "provider", until).await.expect("answers");
        }
    }

    /// Completes all logins. A login that the provider vouched for until it signed the person out must not live.
    async fn logins_are_over(&mut self) {
        for _ in 0..self.logins.len() {
            self.write_login(0).await;
            self.enter_login(0).await;
        }
        for login in &self.logins {
            let place = login.place.expect("written");
            let lives = self.subject.store.load(&place).await.expect("answers").is_some();
            let overtaken = self.signed_out_at.is_some_and(|at| login.vouched_at <= at);
            assert!(!(lives && overtaken), "LO-22");
            assert!(
                lives || self.signed_out_at.is_some(),
                "nothing but the provider's logout ends a login"
            );
        }
    }

    async fn check(&self) {
        let store = &self.subject.store;
        let session = store.load(&self.place).await.expect("answers");
        let tokens = store.tokens(&self.place).await.expect("answers");
        assert_eq!(session.is_none(), self.has_ended, "invariant 3");
        assert_eq!(tokens.is_none(), self.has_ended, "session and tokens end together");
    }
}

async fn run(subject: &Subject, steps: &[Step]) {
    let (session, first) = subject.session().await;
    let person = Id::default();
    let until = subject.in_an_hour() + Duration::HOUR;
    subject.store.enter(&person, &session.id, until).await.expect("answers");
    let mut run = Run {
        subject,
        place: session.id,
        person,
        sessions: vec![session],
        tokens: vec![first],
        refreshing: Vec::new(),
        has_ended: false,
        logins: Vec::new(),
        signed_out_at: None,
    };
    for step in steps {
        run.take(step).await;
    }
    run.logins_are_over().await;
}

fn hold(subject: &Subject, runtime: &tokio::runtime::Runtime, cases: u32) {
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    });
    let held = runner.run(&prop::collection::vec(step(), 1..24), |steps| {
        runtime.block_on(run(subject, &steps));
        Ok(())
    });
    held.unwrap_or_else(|broken| panic!("{broken}"));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

#[test]
fn an_ended_session_never_returns_in_memory() {
    hold(&Subject::memory(), &runtime(), 2000);
}

#[test]
fn an_ended_session_never_returns_in_redis() {
    let runtime = runtime();
    let subject = runtime.block_on(Subject::redis());
    hold(&subject, &runtime, 200);
}
