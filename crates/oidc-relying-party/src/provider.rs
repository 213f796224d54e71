//! The provider as it was last read: its metadata and its keys.

use std::sync::Arc;

use time::Duration;

use super::{DiscoveryError, Parts, ProviderMetadata, RelyingParty, keys, metadata};

/// How long a reading in advance waits after a failure.
const TRY_AGAIN: Duration = Duration::MINUTE;

impl RelyingParty {
    /// The provider's metadata. Read at first use; after an hour it is read again, and so are the keys, behind the
    /// requests, which go on with the kept value. A request waits only for a value that no request has needed in two
    /// hours. After a failure the next attempt waits, up to a minute; the earlier value stays in use.
    ///
    /// # Errors
    /// If there is none and it cannot be read, or if its content cannot be used safely.
    pub async fn provider(&self) -> Result<Arc<ProviderMetadata>, DiscoveryError> {
        self.renew_what_is_due();
        self.0
            .metadata
            .get(|| metadata::read(&self.0.http, &self.0.registration))
            .await
    }

    /// Reads the metadata before anybody asks for it, and goes on trying until it is there: some requests, which anybody can
    /// send, only look at the kept value.
    pub async fn read_in_advance(&self) {
        while self.provider().await.is_err() {
            let clock = &self.0.clock;
            clock.sleep_until(clock.now() + TRY_AGAIN).await;
        }
    }

    /// Every step asks for the metadata first, so this is asked often, and mostly finds nothing to do.
    fn renew_what_is_due(&self) {
        let Parts { metadata, keys, .. } = &*self.0;
        if !metadata.is_due() && !keys.is_due() {
            return;
        }
        let parts = Arc::clone(&self.0);
        tokio::spawn(async move {
            let read = || metadata::read(&parts.http, &parts.registration);
            parts.metadata.renew_due(read).await;
            if let Some(metadata) = parts.metadata.peek() {
                let read = || keys::read(&parts.http, &metadata.jwks_uri);
                parts.keys.renew_due(read).await;
            }
        });
    }

    /// The origins that a browser is sent to at the provider: of the issuer, of sign-in and of sign-out, each once. For a
    /// Content-Security-Policy's `form-action`. Never reads: before the metadata is there, the issuer's origin is all.
    #[must_use]
    pub fn provider_origins(&self) -> Arc<str> {
        let metadata = self.0.metadata.peek();
        metadata.map_or_else(|| self.0.issuer_origin.clone(), |metadata| metadata.origins.clone())
    }
}

#[cfg(test)]
mod tests;
