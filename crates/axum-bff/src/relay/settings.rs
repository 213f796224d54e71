//! The settings of the APIs.

use axum::http::{HeaderName, Method};
use oidc_relying_party::ClientCertificate;
use rustls::RootCertStore;
use std::time::Duration;
use url::Url;

/// The token of calls to an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiToken {
    /// The signed-in person's access token.
    Person,
    /// An access token of this client's own.
    Client,
    /// No token: the API trusts every caller that reaches it.
    None,
}

/// One API.
#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// The segment of the path: lower case, digits, hyphens.
    pub name: String,
    /// `BFF_API_<NAME>`: an origin and the prefix of every path, without a slash at its end.
    pub url: Url,
    /// `BFF_API_<NAME>_TOKEN`.
    pub token: ApiToken,
    /// `BFF_API_<NAME>_SCOPE`.
    pub scope: Option<String>,
    /// `BFF_API_<NAME>_DPOP`: whether it takes access tokens that are bound to a key.
    pub dpop: bool,
    /// `BFF_API_<NAME>_CERTIFICATE`: this client's certificate, if calls show it to the API (RFC 8705 §3).
    pub certificate: Option<ClientCertificate>,
    /// `BFF_API_<NAME>_METHODS`.
    pub methods: Vec<Method>,
    /// `BFF_API_<NAME>_HEADERS`.
    pub headers: Vec<HeaderName>,
    /// `BFF_API_<NAME>_TIMEOUT`.
    pub timeout: Duration,
    /// `BFF_API_<NAME>_BODY_LIMIT`, in bytes.
    pub body_limit: u64,
    /// `BFF_API_<NAME>_REQUESTS`.
    pub requests: usize,
    /// `BFF_API_<NAME>_REQUESTS_EACH`.
    pub requests_each: usize,
    /// `BFF_API_<NAME>_STREAMS`.
    pub streams: usize,
    /// `BFF_API_<NAME>_STREAMS_EACH`.
    pub streams_each: usize,
    /// `BFF_API_<NAME>_CA_FILE`: the certificate authorities for the API, in place of the system's.
    pub authorities: Option<RootCertStore>,
}

impl ApiSettings {
    /// The name of one of its settings, by the part after `BFF_API_<NAME>`.
    pub(crate) fn variable(&self, end: &str) -> String {
        variable(&self.name, end)
    }
}

/// The name of a setting of the API with this name in a path.
pub(super) fn variable(name: &str, end: &str) -> String {
    format!("BFF_API_{}{end}", name.to_uppercase().replace('-', "_"))
}
