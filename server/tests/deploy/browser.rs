//! A browser in front of the proxy. Its TLS connections come from an address of their own, so that the address that the server
//! notes can be told from the proxy's.

use provider::Provider;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name in the shipped files.
pub(crate) const HOST: &str = "app.example.com";

/// The browser's address.
pub(crate) const ADDRESS: &str = "127.0.0.5";

/// The address that the browser claims to have.
pub(crate) const CLAIMED: &str = "203.0.113.9";

const BOUND: Duration = Duration::from_secs(20);

/// The headers of a navigation.
pub(crate) const NAVIGATE: &str =
    "sec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n";

/// The headers of a script's request.
pub(crate) const FETCH: &str =
    "sec-fetch-mode: cors\r\nsec-fetch-dest: empty\r\nsec-fetch-site: same-origin\r\naccept: application/json\r\n";

pub(crate) struct Browser {
    proxy: SocketAddr,
    tls: TlsConnector,
    cookies: BTreeMap<String, String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        Self {
            status: head
                .get(9..12)
                .and_then(|status| status.parse().ok())
                .unwrap_or_default(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").next().unwrap_or_default()
    }
}

impl Browser {
    /// A browser that trusts this certificate only.
    pub(crate) fn new(proxy: SocketAddr, trusted: &CertificateDer<'static>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).expect("an authority");
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            proxy,
            tls: TlsConnector::from(Arc::new(config)),
            cookies: BTreeMap::new(),
        }
    }

    /// A TLS connection from [`ADDRESS`].
    pub(crate) async fn connect(&self) -> TlsStream<TcpStream> {
        let socket = TcpSocket::new_v4().expect("a socket");
        let address = SocketAddr::new(ADDRESS.parse().expect("an address"), 0);
        socket.bind(address).expect("loopback has more than one address");
        let connection = socket.connect(self.proxy).await.expect("the proxy listens");
        let name = HOST.try_into().expect("a name");
        self.tls.connect(name, connection).await.expect("a TLS connection")
    }

    /// The line `Cookie`, or nothing.
    pub(crate) fn cookies(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn head(&self, method: &str, path: &str, headers: &str) -> String {
        let cookies = self.cookies();
        let cookies = if cookies.is_empty() {
            String::new()
        } else {
            format!("cookie: {cookies}\r\n")
        };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {HOST}\r\nx-forwarded-for: {CLAIMED}\r\nforwarded: for={CLAIMED}\r\n{cookies}{headers}"
        )
    }

    /// Sends a request on a connection of its own, and keeps the cookies of the answer.
    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let mut request = self.head(method, path, headers).into_bytes();
        request.extend_from_slice(b"connection: close\r\n\r\n");
        request.extend_from_slice(body);
        let mut connection = self.connect().await;
        // A proxy may answer and close before it has read everything.
        let sending = async {
            connection.write_all(&request).await?;
            connection.flush().await
        };
        let sent = timeout(BOUND, sending).await;
        assert!(sent.is_ok(), "nobody reads the request");
        let mut bytes = Vec::new();
        // A proxy may close without the alert of TLS.
        let _ = timeout(BOUND, connection.read_to_end(&mut bytes))
            .await
            .expect("an answer in time");
        let answer = Answer::read(&bytes);
        for line in answer.header("set-cookie") {
            let pair = line.split(';').next().unwrap_or_default();
            match pair.split_once('=') {
                Some((name, "")) => drop(self.cookies.remove(name)),
                Some((name, value)) => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
                None => {}
            }
        }
        answer
    }

    pub(crate) async fn navigate(&mut self, path: &str) -> Answer {
        self.send("GET", path, NAVIGATE, b"").await
    }

    /// Signs in at the provider, and comes back to `/profile`.
    pub(crate) async fn sign_in(&mut self, provider: &Provider, username: &str) {
        let start = self.navigate("/auth/login?return_to=/profile").await;
        assert_eq!(start.status, 303, "{start:?}");
        let callback = provider.authorize(start.location(), username).await.to_string();
        let path = callback.strip_prefix(crate::world::ORIGIN).expect("our own address");
        let landing = self.navigate(path).await;
        assert_eq!((landing.status, landing.location()), (303, "/profile"), "{landing:?}");
    }

    /// Opens a stream of events.
    pub(crate) async fn open(&self, path: &str) -> Events {
        let mut connection = self.connect().await;
        let request = format!("{}\r\n", self.head("GET", path, FETCH));
        connection.write_all(request.as_bytes()).await.expect("sent");
        connection.flush().await.expect("sent");
        Events {
            connection,
            read: String::new(),
        }
    }
}

/// An open stream of events.
pub(crate) struct Events {
    connection: TlsStream<TcpStream>,
    read: String,
}

impl Events {
    /// Reads until this text has arrived, and returns how long that took.
    pub(crate) async fn until(&mut self, text: &str) -> Duration {
        let begun = Instant::now();
        let mut buffer = vec![0; 16 * 1024];
        while !self.read.contains(text) {
            let left = BOUND.saturating_sub(begun.elapsed());
            let count = timeout(left, self.connection.read(&mut buffer)).await;
            let count = count.unwrap_or_else(|_| panic!("{text} is not in {}", self.read));
            let count = count.expect("open");
            assert!(count > 0, "the stream has ended: {}", self.read);
            self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
        begun.elapsed()
    }
}
