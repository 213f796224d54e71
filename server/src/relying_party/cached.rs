//! What was read from the provider and is kept: its metadata, its keys.
//!
//! One task reads at a time, however many ask. What is due is read again behind the requests, which go on with what is
//! there. After a failure the next attempt waits, twice as long each time; what was read before stays in use meanwhile,
//! because a provider that is away for a moment has not changed its endpoints.

use std::{
    fmt::Debug,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use crate::clock::Clock;

/// How long a value is used before it is read again.
const FRESH: Duration = Duration::HOUR;

/// How old a value may be that requests go on with while it is read again. Over that somebody waits for the reading: nobody
/// has asked for so long that a key may have been withdrawn long ago.
const USABLE: Duration = Duration::hours(2);

/// The longest wait after a failure; the first one is a second.
const BACK_OFF_LIMIT: Duration = Duration::MINUTE;

/// The least time between two readings that somebody demanded although the value is fresh. What demands them is a token,
/// and tokens can be made up, so this bounds what a stranger can make us ask of the provider.
const RENEWAL_INTERVAL: Duration = Duration::seconds(10);

#[derive(Debug)]
pub(super) struct Cached<T, E> {
    clock: Arc<dyn Clock>,
    state: RwLock<State<T, E>>,
    reading: Mutex<()>,
}

#[derive(Debug)]
struct State<T, E> {
    value: Option<(Arc<T>, OffsetDateTime)>,
    failure: Option<Failure<E>>,
    renewed_at: Option<OffsetDateTime>,
}

#[derive(Debug)]
struct Failure<E> {
    error: E,
    at: OffsetDateTime,
    consecutive: u32,
}

impl<T, E: Clone> Cached<T, E> {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = State {
            value: None,
            failure: None,
            renewed_at: None,
        };
        Self {
            clock,
            state: RwLock::new(state),
            reading: Mutex::new(()),
        }
    }

    /// The value that is there, however old. Never reads.
    pub(super) fn peek(&self) -> Option<Arc<T>> {
        self.state().value.as_ref().map(|(value, _)| Arc::clone(value))
    }

    /// The value: the kept one while it is usable, else what `read` gives, else the old one, else the error.
    pub(super) async fn get<F, R>(&self, read: F) -> Result<Arc<T>, E>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        if let Some(settled) = self.settled() {
            return settled;
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            Err(_) => match self.peek() {
                // Another task is reading; what is there is good enough meanwhile.
                Some(stale) => return Ok(stale),
                None => self.reading.lock().await,
            },
        };
        if let Some(settled) = self.settled() {
            return settled;
        }
        match self.keep(read().await) {
            Ok(value) => Ok(value),
            Err(error) => self.peek().ok_or(error),
        }
    }

    /// Whether there is a value that should be read again, and nobody does so or has failed to a moment ago.
    pub(super) fn is_due(&self) -> bool {
        self.is_past_its_time() && self.reading.try_lock().is_ok()
    }

    /// Reads a value again that is due. Whoever asks for the value meanwhile gets the old one.
    pub(super) async fn renew_due<F, R>(&self, read: F)
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        let Ok(_reading) = self.reading.try_lock() else {
            return;
        };
        if self.is_past_its_time() {
            // What came of it is kept, a failure too.
            let _ = self.keep(read().await);
        }
    }

    fn is_past_its_time(&self) -> bool {
        let now = self.clock.now();
        let state = self.state();
        let is_old = |(_, read_at): &(Arc<T>, OffsetDateTime)| !within(FRESH, *read_at, now);
        let holds_back = |failure: &Failure<E>| within(failure.back_off(), failure.at, now);
        state.value.as_ref().is_some_and(is_old) && !state.failure.as_ref().is_some_and(holds_back)
    }

    /// Reads again although the value is fresh, because `seen` turned out not to do. `None`: it was read again a moment
    /// ago, so that a further reading is refused for now. If that reading failed, its error: nobody knows then whether a
    /// newer value would do.
    pub(super) async fn renew<F, R>(&self, seen: &Arc<T>, read: F) -> Result<Option<Arc<T>>, E>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        let _reading = self.reading.lock().await;
        if let Some(current) = self.peek().filter(|current| !Arc::ptr_eq(current, seen)) {
            return Ok(Some(current));
        }
        let now = self.clock.now();
        let held_back = {
            let state = self.state();
            let renewed = state.renewed_at.is_some_and(|at| within(RENEWAL_INTERVAL, at, now));
            renewed.then(|| state.failure.as_ref().map(|failure| failure.error.clone()))
        };
        if let Some(failure) = held_back {
            return failure.map_or(Ok(None), Err);
        }
        // Noted before the reading, so that a failed one counts as well.
        self.state_mut().renewed_at = Some(now);
        self.keep(read().await).map(Some)
    }

    /// What can be answered without reading: a usable value, or the last outcome while we hold back after a failure.
    fn settled(&self) -> Option<Result<Arc<T>, E>> {
        let now = self.clock.now();
        let state = self.state();
        let value = state.value.as_ref();
        if let Some((usable, _)) = value.filter(|(_, read_at)| within(USABLE, *read_at, now)) {
            return Some(Ok(Arc::clone(usable)));
        }
        let failure = state
            .failure
            .as_ref()
            .filter(|failure| within(failure.back_off(), failure.at, now))?;
        Some(
            value
                .map(|(stale, _)| Arc::clone(stale))
                .ok_or_else(|| failure.error.clone()),
        )
    }

    fn keep(&self, outcome: Result<T, E>) -> Result<Arc<T>, E> {
        let now = self.clock.now();
        let mut state = self.state_mut();
        match outcome {
            Ok(value) => {
                let value = Arc::new(value);
                state.value = Some((Arc::clone(&value), now));
                state.failure = None;
                Ok(value)
            }
            Err(error) => {
                let consecutive = state
                    .failure
                    .as_ref()
                    .map_or(0, |failure| failure.consecutive)
                    .saturating_add(1);
                state.failure = Some(Failure {
                    error: error.clone(),
                    at: now,
                    consecutive,
                });
                Err(error)
            }
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State<T, E>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State<T, E>> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E> Failure<E> {
    fn back_off(&self) -> Duration {
        let doubled = Duration::SECOND * 2_i32.pow(self.consecutive.saturating_sub(1).min(10));
        doubled.min(BACK_OFF_LIMIT)
    }
}

/// Whether `now` lies within `span` after `since`. A clock that was set back counts as "no", so that nothing waits for it.
fn within(span: Duration, since: OffsetDateTime, now: OffsetDateTime) -> bool {
    let elapsed = now - since;
    !elapsed.is_negative() && elapsed < span
}

#[cfg(test)]
mod tests;
