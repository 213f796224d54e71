//! What has to reach the session store although it is away: the session would be lost without it.
//!
//! A command that was not answered may have been carried out, or will be: a Redis that stands still goes on later with
//! what lies in its sockets. So what is said here is said again until it is confirmed, and means the same each time.

use super::AccessTokens;
use super::answer::Answer;
use bff_session::RefreshLease;
use std::future::Future;
use std::time::Duration;

/// How long to go on. No more sessions wait than were being refreshed when the store went away.
const INSIST: Duration = Duration::from_mins(15);

/// How often: well within the time that a refresh under way is given to show that it lives.
const OFFER: Duration = Duration::from_millis(500);

/// Offers new tokens until the store takes them: the refresh token among them is the only one that works.
pub(super) fn insist(tokens: &AccessTokens, mut answer: Answer) {
    let here = tokens.clone();
    spawn(tokens, async move {
        let finish = loop {
            tokio::time::sleep(OFFER).await;
            match answer.offer(&here).await {
                Ok(finish) => break finish,
                Err(_) => answer.live_on().await,
            }
        };
        // Nobody waits for it any more; what there is to say has been logged.
        let _ = answer.kept(&here, finish).await;
    });
}

/// Gives the right to refresh back until the store has heard it, and once more after that: what was sent before may have
/// stood in another queue.
pub(super) fn withdraw(tokens: &AccessTokens, lease: RefreshLease) {
    spawn(tokens, async move {
        let mut heard = 0;
        while heard < 2 {
            tokio::time::sleep(OFFER).await;
            if lease.abandon().await.is_ok() {
                heard += 1;
            }
        }
    });
}

fn spawn(tokens: &AccessTokens, saying: impl Future<Output = ()> + Send + 'static) {
    let open = tokens.open();
    tokio::spawn(async move {
        if tokio::time::timeout(INSIST, saying).await.is_err() {
            tracing::error!(
                code = "refresh_result_lost",
                "the session store was away for too long: a session will have to sign in again"
            );
        }
        drop(open);
    });
}
