//! Documents of the provider that are kept in memory: its metadata, its keys.
//!
//! One task reads at a time, however many ask. A due document is read again behind the requests, which go on with the kept
//! one. After a failure the next attempt waits, twice as long each time; the kept document stays in use meanwhile,
//! because a provider that is away for a moment has not changed its endpoints.

use std::{
    fmt::Debug,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

use bff_clock::Clock;

/// How long a value is used before it is read again.
const FRESH: Duration = Duration::HOUR;

/// The greatest age of a value that requests use while it is read again. Beyond it a request waits for the reading: nothing
/// has asked for so long that the provider may have withdrawn a key long ago.
const USABLE: Duration = Duration::hours(2);

/// The longest wait after a failure; the first one is a second.
const BACK_OFF_LIMIT: Duration = Duration::MINUTE;

/// The least time between two readings that posted tokens demand although the value is fresh. Anybody can make up such a
/// token, so this bounds the requests that strangers make us send to the provider.
const POSTED_INTERVAL: Duration = Duration::seconds(10);

/// The same for tokens that the provider itself has just given us. Strangers cannot make these up, and a person or a session
/// waits for each, so the interval is short.
const ISSUED_INTERVAL: Duration = Duration::seconds(2);

#[derive(Debug)]
pub(super) struct Cached<T, E> {
    clock: Arc<dyn Clock>,
    state: RwLock<State<T, E>>,
    reading: Mutex<()>,
}

#[derive(Debug)]
struct State<T, E> {
    value: Option<Kept<T>>,
    failure: Option<Failure<E>>,
    /// How many readings have begun. Each has its number from here.
    begun: u64,
    /// When a posted token last demanded a reading.
    posted: Option<OffsetDateTime>,
    /// When a token of the provider's last demanded a reading, and how that ended.
    issued: Option<(OffsetDateTime, Result<(), E>)>,
}

#[derive(Debug)]
struct Kept<T> {
    value: Arc<T>,
    read_at: OffsetDateTime,
    /// The number of its reading.
    reading: u64,
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
            begun: 0,
            posted: None,
            issued: None,
        };
        Self {
            clock,
            state: RwLock::new(state),
            reading: Mutex::new(()),
        }
    }

    /// A document that has been read already. One that `is_due` is in use until it has been read again.
    pub(super) fn holding(clock: Arc<dyn Clock>, value: Arc<T>, is_due: bool) -> Self {
        let now = clock.now();
        let cached = Self::new(clock);
        {
            let mut state = cached.state_mut();
            state.begun = 1;
            state.value = Some(Kept {
                value,
                read_at: if is_due { now - FRESH } else { now },
                reading: 1,
            });
        }
        cached
    }

    /// The value that is there, however old. Never reads.
    pub(super) fn peek(&self) -> Option<Arc<T>> {
        self.state().value.as_ref().map(|kept| Arc::clone(&kept.value))
    }

    /// When the value that is there was read.
    pub(super) fn read_at(&self) -> Option<OffsetDateTime> {
        self.state().value.as_ref().map(|kept| kept.read_at)
    }

    /// How many readings have begun so far: a moment that [`Self::renew_for_issued`] can refer to.
    pub(super) fn begun(&self) -> u64 {
        self.state().begun
    }

    /// The value: the kept one while it is usable, else the result of `read`, else the old one, else the error.
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
                // Another task is reading; the kept value serves meanwhile.
                Some(stale) => return Ok(stale),
                None => self.reading.lock().await,
            },
        };
        if let Some(settled) = self.settled() {
            return settled;
        }
        match self.read(read).await {
            Ok(value) => Ok(value),
            Err(error) => self.peek().ok_or(error),
        }
    }

    /// Whether there is a value that should be read again, and nobody does so or has failed to a moment ago.
    pub(super) fn is_due(&self) -> bool {
        self.is_past_its_time() && self.reading.try_lock().is_ok()
    }

    /// Reads a value again that is due. A caller of [`Self::get`] meanwhile gets the old one.
    pub(super) async fn renew_due<F, R>(&self, read: F)
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        let Ok(_reading) = self.reading.try_lock() else {
            return;
        };
        if self.is_past_its_time() {
            // The result is kept, a failure too.
            let _ = self.read(read).await;
        }
    }

    fn is_past_its_time(&self) -> bool {
        let now = self.clock.now();
        let state = self.state();
        let is_old = |kept: &Kept<T>| !within(FRESH, kept.read_at, now);
        let holds_back = |failure: &Failure<E>| within(failure.back_off(), failure.at, now);
        state.value.as_ref().is_some_and(is_old) && !state.failure.as_ref().is_some_and(holds_back)
    }

    /// Reads again although the value is fresh, because `seen` did not suffice for a posted token. `None`: another
    /// posted token had it read a moment ago, so a further reading is refused for now. If that reading failed, its error:
    /// nobody knows then whether a newer value would do.
    pub(super) async fn renew_for_posted<F, R>(&self, seen: &Arc<T>, read: F) -> Result<Option<Arc<T>>, E>
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
            let renewed = state.posted.is_some_and(|at| within(POSTED_INTERVAL, at, now));
            renewed.then(|| state.failure.as_ref().map(|failure| failure.error.clone()))
        };
        if let Some(failure) = held_back {
            return failure.map_or(Ok(None), Err);
        }
        // Noted before the reading, so that a failed one counts as well.
        self.state_mut().posted = Some(now);
        self.read(read).await.map(Some)
    }

    /// A value whose reading began after the first `begun` ones, for a token that the provider itself gave us. Waits
    /// for the next permitted reading, a few seconds at most. A reading that failed is not repeated at once: its error
    /// counts for every caller that waited.
    pub(super) async fn renew_for_issued<F, R>(&self, begun: u64, read: F) -> Result<Arc<T>, E>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        loop {
            let permitted_at = {
                let _reading = self.reading.lock().await;
                if let Some(newer) = self.state().value.as_ref().filter(|kept| kept.reading > begun) {
                    return Ok(Arc::clone(&newer.value));
                }
                let Some(permitted_at) = self.held_back_for_issued()? else {
                    let outcome = self.read(read).await;
                    // From its end: a caller that waited for a long reading which failed must not begin another.
                    let ended = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
                    self.state_mut().issued = Some((self.clock.now(), ended));
                    return outcome;
                };
                permitted_at
            };
            self.clock.sleep_until(permitted_at).await;
        }
    }

    /// When the next reading for a token of the provider's is permitted. `None`: now.
    fn held_back_for_issued(&self) -> Result<Option<OffsetDateTime>, E> {
        let now = self.clock.now();
        match &self.state().issued {
            Some((at, outcome)) if within(ISSUED_INTERVAL, *at, now) => {
                outcome.clone().map(|()| Some(*at + ISSUED_INTERVAL))
            }
            _ => Ok(None),
        }
    }

    /// Reads, and keeps the result. For the holder of `reading`.
    async fn read<F, R>(&self, read: F) -> Result<Arc<T>, E>
    where
        F: FnOnce() -> R,
        R: Future<Output = Result<T, E>>,
    {
        let reading = {
            let mut state = self.state_mut();
            state.begun += 1;
            state.begun
        };
        let outcome = read().await;
        self.keep(reading, outcome)
    }

    /// The answer without a reading: a usable value, or the last outcome while the next attempt waits after a failure.
    fn settled(&self) -> Option<Result<Arc<T>, E>> {
        let now = self.clock.now();
        let state = self.state();
        let value = state.value.as_ref();
        if let Some(usable) = value.filter(|kept| within(USABLE, kept.read_at, now)) {
            return Some(Ok(Arc::clone(&usable.value)));
        }
        let failure = state
            .failure
            .as_ref()
            .filter(|failure| within(failure.back_off(), failure.at, now))?;
        Some(
            value
                .map(|stale| Arc::clone(&stale.value))
                .ok_or_else(|| failure.error.clone()),
        )
    }

    fn keep(&self, reading: u64, outcome: Result<T, E>) -> Result<Arc<T>, E> {
        let now = self.clock.now();
        let mut state = self.state_mut();
        match outcome {
            Ok(value) => {
                let value = Arc::new(value);
                state.value = Some(Kept {
                    value: Arc::clone(&value),
                    read_at: now,
                    reading,
                });
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
