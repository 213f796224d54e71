//! One refresh of a session at a time in this process, and none again too soon after one that failed.

use super::AccessTokenError;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use secrecy::SecretString;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

type Outcome = Result<SecretString, AccessTokenError>;

/// After a failure the next refresh waits, twice as long after each, from one second to half a minute.
const LONGEST_PAUSE: Duration = Duration::seconds(30);

/// Pauses are forgotten from so many on, when they are over.
const MANY: usize = 1024;

#[derive(Clone)]
enum Flight {
    /// Under way: everybody gets what it brings.
    Running(Shared<BoxFuture<'static, Outcome>>),
    /// The last ones failed for now.
    Paused { failures: u32, until: OffsetDateTime },
}

/// The refreshes of this process. Clones share everything.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<String, Flight>>>);

impl std::fmt::Debug for Flights {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Flights({})", self.flights().len())
    }
}

impl Flights {
    /// What the refresh of this session brings: of the one under way, or of `refresh`, which then
    /// begins in a task of its own.
    pub(super) async fn join(
        &self,
        session: &str,
        now: OffsetDateTime,
        refresh: impl Future<Output = Outcome> + Send + 'static,
    ) -> Outcome {
        let outcome = {
            let mut flights = self.flights();
            let failures = match flights.get(session) {
                Some(Flight::Running(outcome)) => Err(outcome.clone()),
                Some(Flight::Paused { until, .. }) if now < *until => return Err(AccessTokenError::Unavailable),
                Some(Flight::Paused { failures, .. }) => Ok(*failures),
                None => Ok(0),
            };
            match failures {
                Err(running) => running,
                Ok(failures) => {
                    let outcome = self.begin(session.to_owned(), (now, failures), refresh);
                    flights.insert(session.to_owned(), Flight::Running(outcome.clone()));
                    outcome
                }
            }
        };
        outcome.await
    }

    fn begin(
        &self,
        session: String,
        (now, failures): (OffsetDateTime, u32),
        refresh: impl Future<Output = Outcome> + Send + 'static,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        let flights = self.clone();
        let task = tokio::spawn(async move {
            // A refresh that panicked has brought nothing.
            let outcome = tokio::spawn(refresh)
                .await
                .unwrap_or(Err(AccessTokenError::Unavailable));
            let mut flights = flights.flights();
            flights.remove(&session);
            if matches!(outcome, Err(AccessTokenError::Unavailable | AccessTokenError::Store(_))) {
                let pause = Duration::SECOND * 2_i32.saturating_pow(failures.min(8));
                let until = now + pause.min(LONGEST_PAUSE);
                let failures = failures + 1;
                flights.insert(session, Flight::Paused { failures, until });
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
