//! The server: the address at which it listens, the address for browsers, and the folder with its files.

use super::{Listen, PageSources, PublicUrl, Source, certificate};
use crate::client_address::TrustedProxies;
use crate::cookies::CookieNames;
use crate::server_certificate::ServerCertificate;
use std::path::PathBuf;
use std::time::Duration;

/// Settings of the HTTP server.
#[derive(Clone, Debug)]
pub struct Http {
    /// `BFF_LISTEN`.
    pub listen: Listen,
    /// `BFF_TLS_CERTIFICATE_FILE` and `BFF_TLS_KEY_FILE`: with them the server speaks TLS by itself.
    pub certificate: Option<ServerCertificate>,
    /// `BFF_PUBLIC_URL`.
    pub public_url: PublicUrl,
    /// `BFF_HTTP_LOOPBACK`.
    pub http_loopback: bool,
    /// `BFF_COOKIE_NAME`.
    pub cookies: CookieNames,
    /// `BFF_TRUSTED_PROXIES`.
    pub trusted_proxies: TrustedProxies,
    /// `BFF_SITE`.
    pub site: PathBuf,
    /// `BFF_PAGE_SOURCES`.
    pub page_sources: PageSources,
    /// `BFF_SHUTDOWN_GRACE`.
    pub shutdown_grace: Duration,
    /// `BFF_ANSWER_TIMEOUT`.
    pub answer_timeout: Duration,
    /// The bounds of connections.
    pub connections: Connections,
}

/// How many connections there may be, and how long each may keep the server waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// `BFF_CONNECTIONS`.
    pub at_once: usize,
    /// `BFF_HEAD_TIMEOUT`.
    pub head: Duration,
    /// `BFF_KEEP_ALIVE`.
    pub keep_alive: Duration,
    /// `BFF_WRITE_TIMEOUT`.
    pub write: Duration,
}

impl Connections {
    fn read(source: &mut Source) -> Option<Self> {
        let at_once = source.parsed("BFF_CONNECTIONS", |text| match text.parse() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err("is no whole number of at least 1".to_owned()),
        });
        let head = source.duration("BFF_HEAD_TIMEOUT");
        let keep_alive = source.duration("BFF_KEEP_ALIVE");
        let write = source.duration("BFF_WRITE_TIMEOUT");
        Some(Self {
            at_once: at_once?,
            head: head?,
            keep_alive: keep_alive?,
            write: write?,
        })
    }
}

impl Http {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let http_loopback = source.switch("BFF_HTTP_LOOPBACK");
        let public_url = source.parsed("BFF_PUBLIC_URL", |text| {
            PublicUrl::parse(text, http_loopback.unwrap_or(false))
        });
        let listen = Listen::read(source);
        let certificate = certificate::read(source, public_url.as_ref());
        let cookies = cookies(source, public_url.as_ref());
        let trusted_proxies = match source.text("BFF_TRUSTED_PROXIES") {
            Some(_) => source.parsed("BFF_TRUSTED_PROXIES", TrustedProxies::parse),
            None => listen.as_ref().map(TrustedProxies::usual),
        };
        let site = source
            .text("BFF_SITE")
            .map_or_else(beside_the_executable, PathBuf::from);
        let page_sources = match source.text("BFF_PAGE_SOURCES") {
            Some(_) => source.parsed("BFF_PAGE_SOURCES", PageSources::parse),
            None => Some(PageSources::default()),
        };
        let shutdown_grace = source.duration("BFF_SHUTDOWN_GRACE");
        let answer_timeout = source.duration("BFF_ANSWER_TIMEOUT");
        let connections = Connections::read(source);
        Some(Self {
            listen: listen?,
            certificate,
            public_url: public_url?,
            http_loopback: http_loopback?,
            cookies: cookies?,
            trusted_proxies: trusted_proxies?,
            site,
            page_sources: page_sources?,
            shutdown_grace: shutdown_grace?,
            answer_timeout: answer_timeout?,
            connections: connections?,
        })
    }
}

fn cookies(source: &mut Source, public_url: Option<&PublicUrl>) -> Option<CookieNames> {
    if source.is_set("BFF_COOKIE_NAME") {
        return source.parsed("BFF_COOKIE_NAME", CookieNames::of);
    }
    let names = CookieNames::below(public_url.map_or("", PublicUrl::path));
    names.map_err(|problem| source.error("BFF_COOKIE_NAME", problem)).ok()
}

fn beside_the_executable() -> PathBuf {
    let executable = std::env::current_exe().unwrap_or_default();
    executable.with_file_name("site")
}
