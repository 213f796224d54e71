//! One refresh of a session at a time in this process, and a pause after each one that failed.

use super::storage::AccessTokenError;
use crate::trace_context;
use bff_clock::Clock;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use oidc_relying_party::AccessToken;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, OffsetDateTime};

type Outcome = Result<AccessToken, AccessTokenError>;

/// After a failure the next refresh waits, twice as long after each, from one second to half a minute. Only failures at the
/// provider count: a store that is away lets no refresh begin.
const LONGEST_BACKOFF: Duration = Duration::seconds(30);

/// A provider that has just renewed another session's tokens is asked again after this pause.
const SHORTEST_BACKOFF: Duration = Duration::SECOND;

/// From so many entries on, pauses that are over are removed.
const MANY: usize = 1024;

#[derive(Clone)]
enum SessionRefresh {
    /// Every request that comes meanwhile gets the outcome.
    UnderWay {
        outcome: Shared<BoxFuture<'static, Outcome>>,
        /// The moment of the provider's `Retry-After`, if it sent one.
        retry_after: Option<OffsetDateTime>,
    },
    /// The last refreshes failed.
    BackingOff {
        failures: u32,
        until: OffsetDateTime,
        /// The moment of the provider's `Retry-After`, if it sent one.
        retry_after: Option<OffsetDateTime>,
    },
}

/// The refreshes of this process. Clones share everything.
#[derive(Clone)]
pub(super) struct SharedRefreshes {
    refreshes: Arc<Mutex<HashMap<String, SessionRefresh>>>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for SharedRefreshes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SharedRefreshes({})", self.refreshes().len())
    }
}

impl SharedRefreshes {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            refreshes: Arc::default(),
            clock,
        }
    }

    /// The outcome of this session's refresh: of the one under way, or of `refresh`, which then begins in a task of its own.
    pub(super) async fn join(&self, session: &str, refresh: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
        let now = self.clock.now();
        let outcome = {
            let mut refreshes = self.refreshes();
            let failures = match refreshes.get(session) {
                Some(SessionRefresh::UnderWay { outcome, .. }) => Err(outcome.clone()),
                Some(SessionRefresh::BackingOff { until, .. }) if now < *until => {
                    return Err(AccessTokenError::Unavailable);
                }
                Some(SessionRefresh::BackingOff { failures, .. }) => Ok(*failures),
                None => Ok(0),
            };
            match failures {
                Err(under_way) => under_way,
                Ok(failures) => {
                    let outcome = self.begin(session.to_owned(), failures, refresh);
                    let under_way = SessionRefresh::UnderWay {
                        outcome: outcome.clone(),
                        retry_after: None,
                    };
                    refreshes.insert(session.to_owned(), under_way);
                    outcome
                }
            }
        };
        outcome.await
    }

    /// The provider wants no refresh of this session for so long. Refreshes of other sessions that succeed do not shorten it:
    /// this session may be the one that was refreshed too often.
    pub(super) fn retry_after(&self, session: &str, wait: std::time::Duration) {
        let at = self.clock.now() + wait;
        match self.refreshes().get_mut(session) {
            Some(SessionRefresh::UnderWay { retry_after, .. }) => *retry_after = Some(at),
            Some(SessionRefresh::BackingOff { until, retry_after, .. }) => {
                *until = at.max(*until);
                *retry_after = Some(at);
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
        // The request that begins it has it in its trace. The others only wait.
        let refresh = trace_context::carried(refresh);
        let task = tokio::spawn(async move {
            // A refresh that panicked counts as one that failed.
            let outcome = tokio::spawn(refresh)
                .await
                .unwrap_or(Err(AccessTokenError::Unavailable));
            let now = here.clock.now();
            let mut refreshes = here.refreshes();
            let retry_after = match refreshes.remove(&session) {
                Some(SessionRefresh::UnderWay { retry_after, .. }) => retry_after,
                _ => None,
            };
            match &outcome {
                Err(AccessTokenError::Unavailable) => {
                    let pause = SHORTEST_BACKOFF * 2_i32.saturating_pow(failures.min(8));
                    let until = now + pause.min(LONGEST_BACKOFF);
                    let backing_off = SessionRefresh::BackingOff {
                        failures: failures + 1,
                        until: retry_after.map_or(until, |at| at.max(until)),
                        retry_after,
                    };
                    refreshes.insert(session, backing_off);
                }
                Ok(_) => shorten_backoffs(&mut refreshes, now + SHORTEST_BACKOFF),
                Err(_) => {}
            }
            if refreshes.len() > MANY {
                refreshes
                    .retain(|_, refresh| !matches!(refresh, SessionRefresh::BackingOff { until, .. } if *until <= now));
            }
            outcome
        });
        let outcome = async move { task.await.unwrap_or(Err(AccessTokenError::Unavailable)) };
        outcome.boxed().shared()
    }

    fn refreshes(&self) -> MutexGuard<'_, HashMap<String, SessionRefresh>> {
        self.refreshes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The provider is back: a pause ends early, but not before the provider's `Retry-After`.
fn shorten_backoffs(refreshes: &mut HashMap<String, SessionRefresh>, latest: OffsetDateTime) {
    for refresh in refreshes.values_mut() {
        if let SessionRefresh::BackingOff { until, retry_after, .. } = refresh {
            let latest = retry_after.map_or(latest, |at| at.max(latest));
            *until = latest.min(*until);
        }
    }
}

#[cfg(test)]
mod tests;
