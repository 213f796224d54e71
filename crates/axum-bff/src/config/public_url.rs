//! The origin under which browsers reach this application: configured, never derived from a
//! request (invariant 9).

use url::{Host, Url};

/// An origin: `https`, or `http` on loopback where that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    origin: String,
}

impl PublicUrl {
    /// Reads an origin.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn parse(text: &str, http_loopback: bool) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
        let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_origin || !url.username().is_empty() || url.password().is_some() {
            return Err("has to be an origin: scheme, host and port, no path".to_owned());
        }
        match url.scheme() {
            "https" => Ok(Self::new(url)),
            "http" if !is_loopback(&url) => Err("has to be https: the cookies are Secure".to_owned()),
            "http" if http_loopback => Ok(Self::new(url)),
            "http" => Err("is http; on loopback BFF_HTTP_LOOPBACK=on allows that".to_owned()),
            _ => Err("has to be https".to_owned()),
        }
    }

    /// Every request is compared with the origin, so it is put together once.
    fn new(url: Url) -> Self {
        let origin = url.origin().ascii_serialization();
        Self { url, origin }
    }

    /// The origin without a trailing slash, as a browser sends it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The address of a path of this application.
    ///
    /// # Panics
    ///
    /// For a path that is none; paths are constants of this crate.
    #[must_use]
    pub fn join(&self, path: &str) -> Url {
        self.url.join(path).expect("a constant path joins an origin")
    }

    /// Whether browsers come by `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or `::1`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
