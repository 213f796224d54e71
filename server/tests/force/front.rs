//! A load balancer in front of the replicas. It sends each request to the next replica. If the connection is refused,
//! or closed before any answer, it sends the request to another replica. It passes every answer on, whatever the answer
//! is.

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// This is longer than the application's time limit for any request.
const LONGEST: Duration = Duration::from_mins(1);

/// How long to look for a replica that answers.
const SEARCH: Duration = Duration::from_secs(10);

pub(crate) struct Front {
    http: Client,
    addresses: Vec<String>,
    next: AtomicUsize,
    retried: AtomicUsize,
}

/// A request as a browser sends it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'static str, &'static str)],
    pub(crate) cookie: &'a str,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        location.unwrap_or_default()
    }

    /// `name=value` of each cookie that the answer sets.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        let lines = self.headers.get_all(SET_COOKIE).into_iter();
        lines.filter_map(|line| line.to_str().ok()?.split(';').next())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl Front {
    pub(crate) fn new(addresses: Vec<String>) -> Self {
        // The client needs TLS settings, although it uses no TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let nobody = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .timeout(LONGEST)
            .tls_backend_preconfigured(nobody)
            .build();
        Self {
            http: http.expect("a client"),
            addresses,
            next: AtomicUsize::new(0),
            retried: AtomicUsize::new(0),
        }
    }

    /// How many requests were sent a second time.
    pub(crate) fn retried(&self) -> usize {
        self.retried.load(Ordering::Relaxed)
    }

    /// The answer of the first replica that gives one.
    pub(crate) async fn send(&self, asked: Asked<'_>) -> Result<Answer, reqwest::Error> {
        let begun = Instant::now();
        loop {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            let answer = self.send_to(turn % self.addresses.len(), asked).await;
            match answer {
                Err(error) if !error.is_timeout() && !error.is_body() && begun.elapsed() < SEARCH => {
                    self.retried.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                answer => return answer,
            }
        }
    }

    /// Opens a stream at the next replica, which may stay open for a day.
    pub(crate) async fn open(&self, asked: Asked<'_>) -> Result<Response, reqwest::Error> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let request = self.request(turn % self.addresses.len(), asked);
        request.timeout(Duration::from_hours(24)).send().await
    }

    fn request(&self, replica: usize, asked: Asked<'_>) -> RequestBuilder {
        let url = format!("http://{}{}", self.addresses[replica], asked.path);
        let mut request = self.http.request(asked.method.clone(), url);
        for (name, value) in asked.headers {
            request = request.header(*name, *value);
        }
        if !asked.cookie.is_empty() {
            request = request.header("cookie", asked.cookie);
        }
        request
    }

    /// Sends the request to this replica only.
    pub(crate) async fn send_to(&self, replica: usize, asked: Asked<'_>) -> Result<Answer, reqwest::Error> {
        let response = self.request(replica, asked).send().await?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.text().await?,
        })
    }
}
