//! The address at which browsers reach this application: configured, never derived from a request (invariant 9).

use rustls::pki_types::ServerName;
use std::net::IpAddr;
use url::{Host, Url};

/// An origin and the path below which the application is. The scheme is `https`, or `http` on loopback if that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    origin: String,
    path: String,
}

/// A cookie that is named after a longer path has no short name.
const LONGEST_PATH: usize = 128;

impl PublicUrl {
    /// Reads an origin, and a path if there is one: `https://example.com`, `https://example.com/shop`.
    ///
    /// # Errors
    ///
    /// The fault, in words.
    pub fn parse(text: &str, http_loopback: bool) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("is no URL: {error}"))?;
        let has_more = url.query().is_some() || url.fragment().is_some();
        if has_more || !url.username().is_empty() || url.password().is_some() {
            return Err("has to be scheme, host, port and at most a path".to_owned());
        }
        // The parser resolves dots, so the path is the one that is written there, or none.
        let written = text
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..]));
        let [written, path] = [written.unwrap_or("/"), url.path()].map(|path| path.strip_suffix('/').unwrap_or(path));
        if !is_plain(path) || written != path {
            return Err("has a path that is not plain: letters, digits and - _ . ~ between single slashes".to_owned());
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
        let path = url.path().strip_suffix('/').unwrap_or(url.path()).to_owned();
        Self { url, origin, path }
    }

    /// The origin without a trailing slash, as a browser sends it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path below which the application is, without a slash at its end: `/shop`, or nothing. It is part of every address
    /// that a browser sees, and of no path that the application or the access table names.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A path of the application as browsers see it: `/shop/cart` for `/cart`.
    pub(crate) fn seen(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }

    /// The application's path for a path as browsers see it: `/cart` for `/shop/cart`, with its query. `None` for a path
    /// that is not below [`Self::path`].
    pub(crate) fn below<'a>(&self, seen: &'a str) -> Option<&'a str> {
        let rest = seen.strip_prefix(&self.path)?;
        if rest.is_empty() && !self.path.is_empty() {
            return Some("/");
        }
        (self.path.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// The address of a path of this application.
    ///
    /// # Panics
    ///
    /// If `path` is no path; paths are constants of this crate.
    #[must_use]
    pub fn join(&self, path: &str) -> Url {
        self.url
            .join(&self.seen(path))
            .expect("a constant path joins an origin")
    }

    /// The host, as a certificate names it.
    pub(crate) fn server_name(&self) -> Option<ServerName<'static>> {
        match self.url.host()? {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).ok(),
            Host::Ipv4(address) => Some(IpAddr::V4(address).into()),
            Host::Ipv6(address) => Some(IpAddr::V6(address).into()),
        }
    }

    /// Whether browsers come by `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Nothing, or segments that every server and every browser reads alike.
fn is_plain(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let is_segment = |segment: &str| !segment.is_empty() && segment.bytes().all(is_plain);
    path.len() <= LONGEST_PATH && (path.is_empty() || path[1..].split('/').all(is_segment))
}

impl std::fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}{}", self.origin, self.path)
    }
}

/// Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or `::1`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
