//! One refresh of a session at a time in this process, and none again too soon after one that failed.

use super::AccessTokenError;
use bff_clock::Clock;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use oidc_relying_party::AccessToken;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

type Outcome = Result<AccessToken, AccessTokenError>;

/// After a failure the next refresh waits, twice as long after each, from one second to half a minute. The store needs no
/// such mercy: nothing is begun that it does not answer to.
const LONGEST_PAUSE: Duration = Duration::seconds(30);

/// A provider that has just renewed another session's tokens is asked again after this.
const SHORTEST_PAUSE: Duration = Duration::SECOND;

/// Pauses are forgotten from so many on, when they are over.
const MANY: usize = 1024;

#[derive(Clone)]
enum Flight {
    /// Under way: everybody gets what it brings.
    Running {
        outcome: Shared<BoxFuture<'static, Outcome>>,
        /// When the provider wants to be asked again, if it has said so.
        not_before: Option<OffsetDateTime>,
    },
    /// The last ones failed for now.
    Paused {
        failures: u32,
        until: OffsetDateTime,
        /// When the provider wants to be asked again, if it has said so.
        not_before: Option<OffsetDateTime>,
    },
}

/// The refreshes of this process. Clones share everything.
#[derive(Clone)]
pub(super) struct Flights {
    flights: Arc<Mutex<HashMap<String, Flight>>>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Flights {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Flights({})", self.flights().len())
    }
}

impl Flights {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            flights: Arc::default(),
            clock,
        }
    }

    /// What the refresh of this session brings: of the one under way, or of `refresh`, which then
    /// begins in a task of its own.
    pub(super) async fn join(&self, session: &str, refresh: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
        let now = self.clock.now();
        let outcome = {
            let mut flights = self.flights();
            let failures = match flights.get(session) {
                Some(Flight::Running { outcome, .. }) => Err(outcome.clone()),
                Some(Flight::Paused { until, .. }) if now < *until => return Err(AccessTokenError::Unavailable),
                Some(Flight::Paused { failures, .. }) => Ok(*failures),
                None => Ok(0),
            };
            match failures {
                Err(running) => running,
                Ok(failures) => {
                    let outcome = self.begin(session.to_owned(), failures, refresh);
                    let running = Flight::Running {
                        outcome: outcome.clone(),
                        not_before: None,
                    };
                    flights.insert(session.to_owned(), running);
                    outcome
                }
            }
        };
        outcome.await
    }

    /// The provider wants to be left alone for so long. This holds whatever comes of the refreshes of other sessions: it may
    /// be this one that is asked for too often.
    pub(super) fn hold_back(&self, session: &str, wait: std::time::Duration) {
        let at = self.clock.now() + wait;
        match self.flights().get_mut(session) {
            Some(Flight::Running { not_before, .. }) => *not_before = Some(at),
            Some(Flight::Paused { until, not_before, .. }) => {
                *until = at.max(*until);
                *not_before = Some(at);
            }
            None => {}
        }
    }

    fn begin(
        &self,
        session: String,
        failures: u32,
        refresh: impl Future<Output = Outcome> + Send + 'static,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        let here = self.clone();
        let task = tokio::spawn(async move {
            // A refresh that panicked has brought nothing.
            let outcome = tokio::spawn(refresh)
                .await
                .unwrap_or(Err(AccessTokenError::Unavailable));
            let now = here.clock.now();
            let mut flights = here.flights();
            let not_before = match flights.remove(&session) {
                Some(Flight::Running { not_before, .. }) => not_before,
                _ => None,
            };
            match &outcome {
                Err(AccessTokenError::Unavailable) => {
                    let pause = SHORTEST_PAUSE * 2_i32.saturating_pow(failures.min(8));
                    let until = now + pause.min(LONGEST_PAUSE);
                    let paused = Flight::Paused {
                        failures: failures + 1,
                        until: not_before.map_or(until, |at| at.max(until)),
                        not_before,
                    };
                    flights.insert(session, paused);
                }
                Ok(_) => shorten_pauses(&mut flights, now + SHORTEST_PAUSE),
                Err(_) => {}
            }
            if flights.len() > MANY {
                flights.retain(|_, flight| !matches!(flight, Flight::Paused { until, .. } if *until <= now));
            }
            outcome
        });
        let outcome = async move { task.await.unwrap_or(Err(AccessTokenError::Unavailable)) };
        outcome.boxed().shared()
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<String, Flight>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The provider is back: nobody need wait for as long as it was away, but for as long as it has asked for.
fn shorten_pauses(flights: &mut HashMap<String, Flight>, latest: OffsetDateTime) {
    for flight in flights.values_mut() {
        if let Flight::Paused { until, not_before, .. } = flight {
            let latest = not_before.map_or(latest, |at| at.max(latest));
            *until = latest.min(*until);
        }
    }
}

#[cfg(test)]
mod tests;
