//! The listener of the metrics, beside the one for browsers: with the same accept loop, and bounds of its own.

use super::listener::Listener;
use super::open_connections::OpenConnections;
use super::{ServeError, accept};
use crate::bff::Bff;
use crate::metrics::{MetricsListener, bind};
use std::future::pending;
use tokio::task::AbortHandle;

/// Ends the answers with it.
#[derive(Debug)]
pub(super) struct Scraped(AbortHandle);

impl Drop for Scraped {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Takes the address of the metrics, if there is one. `limit` is the number of connections that browsers may have.
pub(super) async fn listener(bff: &Bff, limit: usize) -> Result<Option<MetricsListener>, ServeError> {
    let Some(address) = bff.http.metrics else {
        return Ok(None);
    };
    let listener = bind(bff, address, limit).await;
    let listener = listener.map_err(|source| ServeError::ListenForMetrics { address, source })?;
    Ok(Some(listener))
}

/// Answers in a task of its own, until the value is dropped.
pub(super) fn answer(metrics: MetricsListener) -> Scraped {
    let MetricsListener {
        listener,
        router,
        bounds,
    } = metrics;
    let open = OpenConnections::new(bounds.at_once);
    let serving = tokio::spawn(accept::serve(
        (Listener::Tcp(listener), None),
        router,
        bounds,
        open,
        pending(),
    ));
    Scraped(serving.abort_handle())
}
