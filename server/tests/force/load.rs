//! Load: every visitor sends several requests at a time, again and again, until the load is stopped.

use crate::front::Front;
use crate::visitor::{Said, Visitor};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::RwLock;
use tokio::task::JoinSet;

/// The requests of each visitor.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// How many requests that need an access token each round sends at the same time.
    pub(crate) tabs: usize,
    /// How many pages each round opens at the same time as those.
    pub(crate) pages: usize,
    /// How long to wait before the next round.
    pub(crate) pause: Duration,
}

pub(crate) struct Answered {
    pub(crate) begun: Instant,
    pub(crate) done: Instant,
    pub(crate) said: Said,
}

/// Load that runs until it is stopped.
pub(crate) struct Load {
    visitors: JoinSet<Vec<Answered>>,
    is_enough: Arc<AtomicBool>,
    held: Arc<RwLock<()>>,
}

impl Load {
    pub(crate) fn start(front: &Arc<Front>, visitors: &[Visitor], pace: Pace) -> Self {
        let (is_enough, held) = (Arc::<AtomicBool>::default(), Arc::<RwLock<()>>::default());
        let mut tasks = JoinSet::new();
        for (number, visitor) in visitors.iter().cloned().enumerate() {
            let (front, is_enough, held) = (front.clone(), is_enough.clone(), held.clone());
            // The visitors do not all begin at the same instant.
            let turn = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            let first = pace.pause * turn(number) / turn(visitors.len()).max(1);
            tasks.spawn(async move {
                let mut answered = Vec::new();
                tokio::time::sleep(first).await;
                while !is_enough.load(Ordering::Relaxed) {
                    {
                        let _may_go = held.read().await;
                        answered.extend(round(&front, &visitor, pace).await);
                    }
                    tokio::time::sleep(pace.pause).await;
                }
                answered
            });
        }
        Self {
            visitors: tasks,
            is_enough,
            held,
        }
    }

    /// Waits for the requests in progress, and begins no others until the returned guard is dropped.
    pub(crate) async fn hold(&self) -> impl Drop + use<> {
        self.held.clone().write_owned().await
    }

    /// Waits for the requests in progress, and returns the results of all requests.
    pub(crate) async fn stop(self) -> Tally {
        self.is_enough.store(true, Ordering::Relaxed);
        Tally {
            visitors: self.visitors.join_all().await,
        }
    }
}

async fn round(front: &Front, visitor: &Visitor, pace: Pace) -> Vec<Answered> {
    let asks = (0..pace.tabs + pace.pages).map(async |number| {
        let begun = Instant::now();
        let said = if number < pace.tabs {
            visitor.reread(front).await
        } else {
            visitor.open(front).await
        };
        Answered {
            begun,
            done: Instant::now(),
            said,
        }
    });
    futures::future::join_all(asks).await
}

/// How far two readings of the same instant may differ, because of rounding and two clocks.
const CLOCKS: Duration = Duration::from_millis(20);

/// The numbers of pairs of refreshes of a session that followed each other.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    /// The refreshes are as far apart as expiries are.
    pub(crate) apart: usize,
    /// The second refresh was for tokens that cannot have been due.
    pub(crate) too_soon: usize,
    /// A request between them was so slow that neither can be told.
    pub(crate) unclear: usize,
}

/// The results of all requests, by visitor.
pub(crate) struct Tally {
    visitors: Vec<Vec<Answered>>,
}

impl Tally {
    /// How many requests were answered.
    pub(crate) fn total(&self) -> usize {
        self.visitors.iter().map(Vec::len).sum()
    }

    /// How often each answer came.
    pub(crate) fn counts(&self) -> BTreeMap<&Said, usize> {
        let mut counts = BTreeMap::new();
        for answered in self.visitors.iter().flatten() {
            *counts.entry(&answered.said).or_default() += 1;
        }
        counts
    }

    pub(crate) fn count(&self, said: &Said) -> usize {
        self.counts().get(said).copied().unwrap_or_default()
    }

    /// Asserts that there were no other outcomes than these.
    pub(crate) fn is_only(&self, allowed: &[Said]) {
        let counts = self.counts();
        assert!(counts.keys().all(|said| allowed.contains(said)), "{counts:?}");
    }

    /// The time within which this percentage of the requests was answered.
    pub(crate) fn within(&self, percent: usize) -> Duration {
        let all = self.visitors.iter().flatten();
        let mut times: Vec<Duration> = all.map(|answered| answered.done - answered.begun).collect();
        times.sort_unstable();
        let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(index).copied().unwrap_or_default()
    }

    /// Compares refreshes with the requests that caused them. The provider grants new tokens during a round of
    /// requests, and a replica asked for them after that round began. They are not due before `due` has passed since
    /// then.
    pub(crate) fn pairs(&self, refreshes: &[Vec<Instant>], due: Duration) -> Pairs {
        let mut pairs = Pairs::default();
        for (answered, times) in self.visitors.iter().zip(refreshes) {
            for pair in times.windows(2) {
                let rounds = answered.iter().map(|one| one.begun);
                // A refresh before the load began does not belong to this load.
                let Some(asked_after) = rounds.filter(|begun| *begun <= pair[0]).max() else {
                    continue;
                };
                if pair[1] + CLOCKS < asked_after + due {
                    pairs.too_soon += 1;
                } else if pair[1] >= pair[0] + due {
                    pairs.apart += 1;
                } else {
                    pairs.unclear += 1;
                }
            }
        }
        pairs
    }

    /// How many expiries were certainly used. A request that began a whole lifetime after the last tokens had come
    /// needed new tokens. The count begins for each visitor at `since`, when all of them had tokens.
    pub(crate) fn expiries_used(&self, since: Instant, lifetime: Duration) -> usize {
        let of = |visitor: &Vec<Answered>| {
            let mut there_at = since;
            let mut answered: Vec<&Answered> = visitor.iter().filter(|one| one.said == Said::Active).collect();
            answered.sort_unstable_by_key(|one| one.begun);
            let needs = |one: &&&Answered| {
                let is_later = one.begun >= there_at + lifetime;
                if is_later {
                    there_at = one.done;
                }
                is_later
            };
            answered.iter().filter(needs).count()
        };
        self.visitors.iter().map(of).sum()
    }
}
