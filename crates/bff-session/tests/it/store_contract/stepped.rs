//! A store in memory that stops before each of its steps, so that a test decides who takes the next one.

use async_trait::async_trait;
use bff_clock::ManualClock;
use bff_session::store::{
    Change, Entered, Lease, Left, Listing, MemoryStore, Rank, RefreshFinish, RefreshStart, Remains, SealedTokens,
    SessionEvents, SessionIndex, Store, StoreError, TokenStore, Version,
};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};

#[derive(Clone, Debug)]
pub(super) struct Stepped {
    inner: MemoryStore,
}

impl Stepped {
    pub(super) fn new(clock: &ManualClock) -> Self {
        Self {
            inner: MemoryStore::new(Arc::new(clock.clone())),
        }
    }
}

/// Runs the steps of all actors in the order that was drawn. Each number chooses the next actor among those that are
/// not done.
pub(super) fn in_turn(mut actors: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>, turns: &[usize]) {
    let mut context = Context::from_waker(Waker::noop());
    let mut turns = turns.iter().copied().chain(std::iter::repeat(0));
    while !actors.is_empty() {
        let next = turns.next().unwrap_or_default() % actors.len();
        if actors[next].as_mut().poll(&mut context).is_ready() {
            drop(actors.swap_remove(next));
        }
    }
}

/// Runs at most this many steps of the actor.
pub(super) async fn cut_off(actor: impl Future<Output = ()>, mut steps: usize) {
    let mut actor = pin!(actor);
    std::future::poll_fn(|context| {
        if steps == 0 {
            return Poll::Ready(());
        }
        steps -= 1;
        actor.as_mut().poll(context)
    })
    .await;
}

async fn step() {
    let mut has_stopped = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut has_stopped, true) {
            Poll::Ready(())
        } else {
            // An actor may run several futures at once, and then only those that wake it are polled again.
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// Implements the trait with the inner store. Each call waits for one turn first.
macro_rules! stepped {
    ($contract:ident { $(fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+ } $($rest:tt)*) => {
        #[async_trait]
        impl $contract for Stepped {
            $(async fn $name(&self, $($argument: $kind),*) -> $answer {
                step().await;
                self.inner.$name($($argument),*).await
            })+
            $($rest)*
        }
    };
}

stepped! {
    SessionStore {
        fn create(record: &mut Record) -> session_store::Result<()>;
        fn save(record: &Record) -> session_store::Result<()>;
        fn load(id: &Id) -> session_store::Result<Option<Record>>;
        fn delete(id: &Id) -> session_store::Result<()>;
    }
}

stepped! {
    Store {
        fn replace(before: &Version, after: &Record, change: Option<Change>) -> Result<bool, StoreError>;
        fn end(place: &Id, reason: &str, until: OffsetDateTime) -> Result<Option<Left>, StoreError>;
        fn remains(place: &Id) -> Result<Remains, StoreError>;
        fn forget_end(place: &Id) -> Result<(), StoreError>;
        fn spend(place: &Id, until: OffsetDateTime) -> Result<bool, StoreError>;
        fn is_spent(place: &Id) -> Result<bool, StoreError>;
        fn readiness() -> Result<(), StoreError>;
        fn hold(browser: &Id, session: &Id, until: OffsetDateTime) -> Result<Option<Id>, StoreError>;
    }

    fn events(&self) -> &SessionEvents {
        self.inner.events()
    }
}

stepped! {
    TokenStore {
        fn create_tokens(place: &Id, tokens: &SealedTokens, until: OffsetDateTime) -> Result<(), StoreError>;
        fn tokens(place: &Id) -> Result<Option<SealedTokens>, StoreError>;
        fn begin_refresh(place: &Id, tokens: &SealedTokens, lease: Lease) -> Result<RefreshStart, StoreError>;
        fn renew_lease(place: &Id, lease: Lease) -> Result<bool, StoreError>;
        fn finish_refresh(
            place: &Id, holder: [u8; 16], before: &SealedTokens, after: &SealedTokens
        ) -> Result<RefreshFinish, StoreError>;
        fn abandon_refresh(place: &Id, holder: [u8; 16]) -> Result<(), StoreError>;
    }
}

stepped! {
    SessionIndex {
        fn enter(key: &Id, member: &Id, until: OffsetDateTime) -> Result<Entered, StoreError>;
        fn retired(key: &Id) -> Result<Option<OffsetDateTime>, StoreError>;
        fn members(key: &Id) -> Result<Vec<Id>, StoreError>;
        fn retire(key: &Id, at: OffsetDateTime, until: OffsetDateTime) -> Result<(), StoreError>;
        fn leave(key: &Id, members: &[Id]) -> Result<(), StoreError>;
        fn list(
            list: &Id, entry: &Listing, over: Rank, until: OffsetDateTime
        ) -> Result<Option<OffsetDateTime>, StoreError>;
        fn listed(list: &Id, from: Rank, count: usize) -> Result<Vec<Listing>, StoreError>;
        fn unlist(list: &Id, entries: &[Listing]) -> Result<(), StoreError>;
    }
}
