//! How often strangers may send requests that cost this server something. There is one limit for all of them together,
//! and one for each address, so that a flood from one place does not use up the turns of others.
//!
//! The turn of a request that turns out not to be a stranger's is [given back](Turn::give_back), so that real logins
//! and logouts use up nothing, however many come at once. The memory has a fixed size: addresses share a fixed number
//! of places, by a hash under a key of this process.

use crate::error::Failure;
use axum::http::StatusCode;
use bff_clock::Clock;
use bff_contract::problem::Code;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

/// Two addresses that fall on one place share its allowance.
const PLACES: usize = 1024;

/// How much at once, and how much in the long run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// So many at once after a pause.
    pub(crate) burst: i32,
    /// And one more after each of these.
    pub(crate) interval: Duration,
}

/// The bound for strangers of one address.
const EACH: Pace = Pace {
    burst: 200,
    interval: Duration::milliseconds(20),
};

/// The bound for all strangers together.
const ALL: Pace = Pace {
    burst: 2000,
    interval: Duration::milliseconds(2),
};

/// It was asked for more often than it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("requests without a session asked for this too often")]
pub(crate) struct TooOften;

impl Failure for TooOften {
    fn status(&self) -> StatusCode {
        StatusCode::TOO_MANY_REQUESTS
    }

    fn problem_code(&self) -> Code {
        Code::TooOften
    }
}

/// Bounds one kind of request on this replica. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct Rate {
    clock: Arc<dyn Clock>,
    addresses: RandomState,
    buckets: Arc<Mutex<Buckets>>,
    each: Pace,
    all: Pace,
}

#[derive(Debug)]
struct Buckets {
    all: Bucket,
    each: Vec<Bucket>,
}

impl Rate {
    /// The bound that holds for strangers: 200 at once and 50 a second from one address, 2,000 and 500 from all.
    pub(crate) fn of_strangers(clock: Arc<dyn Clock>) -> Self {
        Self::new(clock, EACH, ALL)
    }

    fn new(clock: Arc<dyn Clock>, each: Pace, all: Pace) -> Self {
        Self {
            clock,
            addresses: RandomState::new(),
            buckets: Arc::new(Mutex::new(Buckets {
                all: Bucket::FULL,
                each: vec![Bucket::FULL; PLACES],
            })),
            each,
            all,
        }
    }

    /// One more request from this address. Requests of unknown origin count as those of one address.
    ///
    /// # Errors
    ///
    /// [`TooOften`]: then nothing is counted.
    pub(crate) fn take(&self, address: Option<IpAddr>) -> Result<Turn, TooOften> {
        let place = self.place(address);
        let now = self.clock.now();
        let mut buckets = self.buckets();
        buckets.all.settle(self.all, now);
        buckets.each[place].settle(self.each, now);
        if buckets.all.is_empty(self.all, now) || buckets.each[place].is_empty(self.each, now) {
            return Err(TooOften);
        }
        buckets.all.drain(self.all);
        buckets.each[place].drain(self.each);
        drop(buckets);
        let rate = self.clone();
        Ok(Turn { rate, place })
    }

    /// A holder of an IPv6 address has the 2^64 addresses of its network.
    fn place(&self, address: Option<IpAddr>) -> usize {
        let network = address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => u64::from(u32::from(address)),
            IpAddr::V6(address) => u64::try_from(address.to_bits() >> 64).unwrap_or_default(),
        });
        let hash = self.addresses.hash_one(network);
        usize::try_from(hash % PLACES as u64).unwrap_or_default()
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that was counted.
#[derive(Debug)]
#[must_use = "a request that is no stranger's is given back"]
pub(crate) struct Turn {
    rate: Rate,
    place: usize,
}

impl Turn {
    /// It was no stranger's request: it does not count.
    pub(crate) fn give_back(self) {
        let Rate { each, all, .. } = self.rate;
        let mut buckets = self.rate.buckets();
        buckets.all.refill(all);
        buckets.each[self.place].refill(each);
    }
}

/// The remaining allowance, as the moment at which it is complete again.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    full_at: OffsetDateTime,
}

impl Bucket {
    const FULL: Self = Self {
        full_at: OffsetDateTime::UNIX_EPOCH,
    };

    /// Brings it to the present. A clock that was set back makes nobody wait longer than for a whole bucket.
    fn settle(&mut self, pace: Pace, now: OffsetDateTime) {
        self.full_at = self.full_at.clamp(now, now + pace.interval * pace.burst);
    }

    fn is_empty(self, pace: Pace, now: OffsetDateTime) -> bool {
        self.full_at + pace.interval > now + pace.interval * pace.burst
    }

    fn drain(&mut self, pace: Pace) {
        self.full_at += pace.interval;
    }

    fn refill(&mut self, pace: Pace) {
        self.full_at -= pace.interval;
    }
}

#[cfg(test)]
mod tests;
