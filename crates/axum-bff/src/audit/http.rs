//! A collector on the network: it gets batches of records, a record a line (`application/x-ndjson`).

use super::AuditError;
use super::target::WriteError;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Connecting is quick or hopeless.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long one call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The collector.
pub(super) struct Collector {
    client: Client,
    url: Url,
    token: Option<SecretString>,
}

/// The address may have a secret in its query.
impl fmt::Debug for Collector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Collector").finish_non_exhaustive()
    }
}

impl Collector {
    pub(super) fn new(url: Url, token: Option<SecretString>) -> Result<Self, AuditError> {
        // An error says that one is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .retry(reqwest::retry::never())
            .https_only(url.scheme() == "https")
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| AuditError::Client(Arc::new(error.without_url())))?;
        Ok(Self { client, url, token })
    }

    /// One call. The collector has all of these lines, or none that this server knows of.
    pub(super) async fn send(&self, lines: &[Arc<str>]) -> Result<(), WriteError> {
        let body = lines.iter().fold(String::new(), |mut body, line| {
            body.push_str(line);
            body
        });
        let mut request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/x-ndjson")
            .body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let answer = request
            .send()
            .await
            .map_err(|error| WriteError::Unanswered(error.without_url()))?;
        let status = answer.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(WriteError::Status(status))
        }
    }
}
