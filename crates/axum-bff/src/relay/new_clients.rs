//! Other authorities and certificates for the APIs while calls are under way.

use super::http_client::HttpClient;
use super::{ApiSettings, ClientError, Relay, Upstream};
use std::sync::Arc;

/// Clients that no call uses yet.
#[derive(Debug)]
pub(crate) struct NewClients(Vec<(Arc<Upstream>, HttpClient)>);

impl Relay {
    /// Clients for these APIs, with the authorities and the certificates of their settings. An API that the relay does not
    /// have is left out.
    pub(crate) fn new_clients<'a>(
        &self,
        apis: impl Iterator<Item = &'a ApiSettings>,
    ) -> Result<NewClients, ClientError> {
        let mut clients = Vec::new();
        for api in apis {
            if let Some(upstream) = self.upstreams.get(&api.name) {
                clients.push((upstream.clone(), upstream.new_client(api)?));
            }
        }
        Ok(NewClients(clients))
    }

    /// Uses them from now on.
    pub(crate) async fn take(&self, clients: NewClients) {
        for (upstream, client) in clients.0 {
            upstream.take(client).await;
        }
    }
}
