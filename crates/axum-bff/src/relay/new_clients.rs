//! Other authorities and certificates for the APIs while calls are under way.

use super::http_client::HttpClient;
use super::{ApiSettings, ClientError, Relay, Upstream};
use oidc_relying_party::ClientCertificate;
use std::sync::Arc;

/// Clients that no call uses yet.
#[derive(Debug)]
pub(crate) struct NewClients(Vec<(Arc<Upstream>, HttpClient)>);

impl Relay {
    /// Clients for the APIs whose authorities in `fresh` are used now, as `is_used` says of the setting, and for those that
    /// show a certificate, if there is another one.
    pub(crate) fn new_clients(
        &self,
        fresh: &[ApiSettings],
        certificate: Option<&ClientCertificate>,
        is_used: impl Fn(&str) -> bool,
    ) -> Result<NewClients, ClientError> {
        let mut clients = Vec::new();
        for (name, upstream) in self.upstreams.iter() {
            let api = fresh.iter().find(|api| api.name == *name);
            let api = api.filter(|api| is_used(&api.variable("_CA_FILE")));
            let authorities = api.and_then(|api| api.authorities.as_ref());
            if let Some(client) = upstream.new_client(authorities, certificate)? {
                clients.push((Arc::clone(upstream), client));
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
