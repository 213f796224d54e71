//! The HTTP client of the collector.

use super::StartError;
use crate::config::Otlp;
use async_trait::async_trait;
use oidc_relying_party::tls;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::redirect::Policy;
use rustls::RootCertStore;
use std::time::Duration;
use tokio::runtime::Handle;

/// Connecting is quick or hopeless.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read, in bytes.
const ANSWER: usize = 64 * 1024;

/// Sends the requests of the exporter's thread in the runtime of the process: a thread without one cannot wait for a socket.
#[derive(Debug)]
pub(super) struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

impl Client {
    pub(super) fn new(settings: &Otlp) -> Result<Self, StartError> {
        let runtime = Handle::try_current()?;
        // An error says that a provider of ciphers is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let nobody = RootCertStore::empty();
        // No certificate is looked at, and the machine may lack the list of authorities.
        let unread = (settings.traces.scheme() == "http").then_some(&nobody);
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(unread, None)?)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .default_headers(settings.headers.clone())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self { client, runtime })
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = self.runtime.spawn(send(self.client.clone(), request));
        sending.await?
    }
}

async fn send(client: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER {
            return Err("the collector's answer is too large".into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}
