//! The open connections: how many there may be, and which one is closed when another needs its place.
//!
//! A connection without a request under way can be told to go at any time: the browser or the proxy asks again on
//! another one. So if all places are taken, the server closes the connection that has waited longest for its request.
//! Half a head and an idle connection cost their owner the connection, and cost nobody else anything. If every
//! connection has a request under way, a new one waits, first come first served.

use ::metrics::Gauge;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The first buffer of every connection for a head, in bytes.
const FIRST_BUFFER: usize = 8 * 1024;
/// The most that all unfinished heads may take together beyond these first buffers, in bytes.
const UNFINISHED_HEADS: usize = 32 * 1024 * 1024;
/// A new connection looks again after this whether another one can go.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The connections that are open.
#[derive(Clone, Debug)]
pub(super) struct OpenConnections(Arc<Connections>);

#[derive(Debug)]
struct Connections {
    started: Instant,
    permits: Arc<Semaphore>,
    /// Bytes of unfinished heads beyond the first buffers.
    unfinished: AtomicUsize,
    unfinished_limit: usize,
    /// How many there are, for the metrics.
    count: Gauge,
    all: Mutex<All>,
}

#[derive(Debug, Default)]
struct All {
    next: u64,
    by_number: HashMap<u64, Arc<Life>>,
}

/// The state of one connection.
#[derive(Debug)]
struct Life {
    /// Since when it waits for a request, in milliseconds of [`Connections::started`], plus 1. 0: it has one under way.
    waiting_since: AtomicU64,
    /// How many requests are under way: the rest of a refused body may come to its end after the next request has begun.
    under_way: Mutex<usize>,
    /// How many bytes of an unfinished head have been read.
    head: AtomicUsize,
    leave: Notify,
}

impl Life {
    fn under_way(&self) -> MutexGuard<'_, usize> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    open: OpenConnections,
    number: u64,
    life: Arc<Life>,
    _permit: OwnedSemaphorePermit,
}

/// One connection, for the task that serves it.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    open: OpenConnections,
    life: Arc<Life>,
}

/// A request that is under way, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay(Visitor);

impl OpenConnections {
    /// Places for this many connections.
    pub(super) fn new(connections: usize) -> Self {
        Self::counted(connections, Gauge::noop())
    }

    /// The same, and this gauge counts the open connections.
    pub(super) fn counted(connections: usize, count: Gauge) -> Self {
        Self::with_heads(connections, UNFINISHED_HEADS, count)
    }

    fn with_heads(connections: usize, unfinished_limit: usize, count: Gauge) -> Self {
        Self(Arc::new(Connections {
            started: Instant::now(),
            permits: Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS))),
            unfinished: AtomicUsize::new(0),
            unfinished_limit,
            count,
            all: Mutex::default(),
        }))
    }

    /// A place for one more. If there is none, the connection that has waited longest for a request is closed.
    pub(super) async fn place(&self) -> Place {
        loop {
            let permits = self.0.permits.clone();
            if let Ok(permit) = permits.clone().try_acquire_owned() {
                return self.placed(permit);
            }
            self.let_longest_waiting_go();
            // The closed connection gives its place back at once; a request that ends lets the next look choose
            // another.
            if let Ok(Ok(permit)) = tokio::time::timeout(LOOK_AGAIN, permits.acquire_owned()).await {
                return self.placed(permit);
            }
        }
    }

    /// Tells the connection that has waited longest for a request to go. Says whether there was one.
    pub(super) fn let_longest_waiting_go(&self) -> bool {
        let longest = {
            let all = self.all();
            let waiting = all.by_number.values().filter_map(|life| {
                let since = life.waiting_since.load(Ordering::Acquire);
                (since > 0).then_some((since, life))
            });
            waiting.min_by_key(|(since, _)| *since).map(|(_, life)| life.clone())
        };
        longest.inspect(|life| self.let_go(life)).is_some()
    }

    fn let_largest_head_go(&self) {
        let largest = {
            let all = self.all();
            let heads = all.by_number.values();
            heads
                .filter(|life| life.waiting_since.load(Ordering::Acquire) > 0)
                .max_by_key(|life| life.head.load(Ordering::Acquire))
                .cloned()
        };
        if let Some(life) = largest {
            self.let_go(&life);
        }
    }

    fn let_go(&self, life: &Life) {
        // It is not chosen a second time.
        life.waiting_since.store(0, Ordering::Release);
        self.forget_head(life);
        life.leave.notify_one();
    }

    fn forget_head(&self, life: &Life) {
        let head = life.head.swap(0, Ordering::AcqRel);
        if head > FIRST_BUFFER {
            self.0.unfinished.fetch_sub(head - FIRST_BUFFER, Ordering::AcqRel);
        }
    }

    fn placed(&self, permit: OwnedSemaphorePermit) -> Place {
        let life = Arc::new(Life {
            waiting_since: AtomicU64::new(self.now()),
            under_way: Mutex::new(0),
            head: AtomicUsize::new(0),
            leave: Notify::new(),
        });
        let mut all = self.all();
        let number = all.next;
        all.next += 1;
        all.by_number.insert(number, life.clone());
        drop(all);
        self.0.count.increment(1.0);
        Place {
            open: self.clone(),
            number,
            life,
            _permit: permit,
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).map_or(u64::MAX, |millis| millis.saturating_add(1))
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.0.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(super) fn visitor(&self) -> Visitor {
        Visitor {
            open: self.open.clone(),
            life: self.life.clone(),
        }
    }

    /// Whether a head has begun and is not over.
    pub(super) fn is_reading_head(&self) -> bool {
        self.is_waiting() && self.life.head.load(Ordering::Acquire) > 0
    }

    /// So many bytes have been read. Says whether a head begins with them.
    pub(super) fn read(&self, count: usize) -> bool {
        if count == 0 || !self.is_waiting() {
            return false;
        }
        let before = self.life.head.fetch_add(count, Ordering::AcqRel);
        let more = (before + count).max(FIRST_BUFFER) - before.max(FIRST_BUFFER);
        if more > 0 {
            let all = self.open.0.unfinished.fetch_add(more, Ordering::AcqRel) + more;
            if all > self.open.0.unfinished_limit {
                self.open.let_largest_head_go();
            }
        }
        before == 0
    }

    fn is_waiting(&self) -> bool {
        self.life.waiting_since.load(Ordering::Acquire) > 0
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.all().by_number.remove(&self.number);
        self.open.0.count.decrement(1.0);
        self.open.forget_head(&self.life);
    }
}

impl Visitor {
    /// A head is over, and its request begins.
    pub(super) fn begin(&self) -> UnderWay {
        {
            let mut under_way = self.life.under_way();
            *under_way += 1;
            self.stay();
        }
        self.open.forget_head(&self.life);
        UnderWay(self.clone())
    }

    /// From now on it is never told to go: it is no HTTP connection any more.
    pub(super) fn stay(&self) {
        self.life.waiting_since.store(0, Ordering::Release);
    }

    /// Resolves when it has waited for a whole head for so long: from its beginning, or from the end of the request before.
    /// The timer is set anew when it is up, and not for each request.
    pub(super) async fn waits_too_long(&self, keep_alive: Duration) {
        loop {
            let now = Instant::now();
            let until = self.waiting_since().unwrap_or(now) + keep_alive;
            if until <= now {
                tracing::debug!(
                    code = "keep_alive_timeout",
                    "a connection was cut: no request came in time"
                );
                return;
            }
            tokio::time::sleep_until(until).await;
        }
    }

    /// None: it has a request under way, or is no HTTP connection any more.
    fn waiting_since(&self) -> Option<Instant> {
        let since = self.life.waiting_since.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.open.0.started + Duration::from_millis(since))
    }

    /// Resolves when it is told to go.
    pub(super) async fn told_to_go(&self) {
        self.life.leave.notified().await;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Visitor { open, life } = &self.0;
        let mut under_way = life.under_way();
        *under_way -= 1;
        if *under_way == 0 {
            life.waiting_since.store(open.now(), Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests;
