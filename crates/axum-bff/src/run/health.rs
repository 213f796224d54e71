//! `bff health`: asks a server whether it lives, or whether it can do its work.
//!
//! It reads the settings that say where the server listens and no others, so it needs no right to read a secret. It sends no
//! secret and believes nothing but a status, so it does not verify the certificate of this machine's own server, which
//! names the public host.

mod trust;

use crate::config::{Listen, Source};
use crate::paths::{LIVE, READY};
use rustls::pki_types::ServerName;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// All of it takes this long at most.
const BOUND: Duration = Duration::from_secs(2);
/// So much of an answer is read: its status is at the beginning.
const STATUS: usize = b"HTTP/1.1 200".len();

/// Why a server is not taken for healthy.
#[derive(Debug, thiserror::Error)]
pub(super) enum HealthError {
    /// The settings do not say where the server listens.
    #[error("{0}")]
    Settings(String),
    /// `--url` is no address of a server.
    #[error("--url is no address such as http://127.0.0.1:3000")]
    Url,
    /// There is no answer.
    #[error("no answer: {0}")]
    Away(#[from] io::Error),
    /// There is no answer in time.
    #[error("no answer within two seconds")]
    Late,
    /// The server answers with another status than 200.
    #[error("the answer is {0:?}")]
    Unwell(String),
}

/// Where to ask.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Tcp(SocketAddr),
    Name(String, u16),
    Socket(std::path::PathBuf),
}

#[derive(Debug, PartialEq, Eq)]
struct Question {
    target: Target,
    is_tls: bool,
    /// The name that a verified certificate has to have, and the value of `Host`.
    host: String,
    path: String,
}

/// Asks the server of these settings, or the one at `url`.
pub(super) async fn ask(source: Source, url: Option<&str>, is_ready: bool) -> Result<(), HealthError> {
    let path = if is_ready { READY } else { LIVE };
    let question = match url {
        Some(url) => at(url, path)?,
        None => own(source, path)?,
    };
    let status = timeout(BOUND, asked(&question))
        .await
        .map_err(|_| HealthError::Late)??;
    if status == "HTTP/1.1 200" {
        Ok(())
    } else {
        Err(HealthError::Unwell(status))
    }
}

/// The listener of the settings.
fn own(mut source: Source, path: &str) -> Result<Question, HealthError> {
    let listen = Listen::read(&mut source);
    let is_tls = source.text("BFF_TLS_CERTIFICATE_FILE").is_some();
    let target = match listen {
        Some(Listen::Address(address)) => Target::Tcp(reachable(address)),
        Some(Listen::Socket { path, .. }) => Target::Socket(path),
        None => {
            let (errors, _) = source.finish();
            let of_listener = errors.iter().filter(|error| error.name.starts_with("BFF_LISTEN"));
            let faults: Vec<String> = of_listener.map(ToString::to_string).collect();
            return Err(HealthError::Settings(faults.join("; ")));
        }
    };
    Ok(Question {
        target,
        is_tls,
        host: "localhost".to_owned(),
        path: path.to_owned(),
    })
}

/// A server that listens on all addresses is asked over loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

/// The server at this address. A path in it comes before the path of the health route.
fn at(url: &str, path: &str) -> Result<Question, HealthError> {
    let url = Url::parse(url).map_err(|_| HealthError::Url)?;
    let is_tls = match url.scheme() {
        "http" => false,
        "https" => true,
        _ => return Err(HealthError::Url),
    };
    let port = url.port_or_known_default().ok_or(HealthError::Url)?;
    let target = match url.host().ok_or(HealthError::Url)? {
        Host::Domain(name) => Target::Name(name.to_owned(), port),
        Host::Ipv4(address) => Target::Tcp((address, port).into()),
        Host::Ipv6(address) => Target::Tcp((address, port).into()),
    };
    Ok(Question {
        target,
        is_tls,
        host: url.host_str().ok_or(HealthError::Url)?.to_owned(),
        path: format!("{}{path}", url.path().trim_end_matches('/')),
    })
}

async fn asked(question: &Question) -> Result<String, HealthError> {
    match &question.target {
        Target::Tcp(address) => over(TcpStream::connect(address).await?, question).await,
        Target::Name(name, port) => over(TcpStream::connect((name.as_str(), *port)).await?, question).await,
        #[cfg(unix)]
        Target::Socket(path) => over(tokio::net::UnixStream::connect(path).await?, question).await,
        #[cfg(not(unix))]
        Target::Socket(_) => Err(io::Error::from(io::ErrorKind::Unsupported).into()),
    }
}

async fn over<S: AsyncRead + AsyncWrite + Unpin>(stream: S, question: &Question) -> Result<String, HealthError> {
    if !question.is_tls {
        return status(stream, question).await;
    }
    let is_here = match &question.target {
        Target::Tcp(address) => address.ip().is_loopback() || question.host == "localhost",
        Target::Name(name, _) => name == "localhost",
        Target::Socket(_) => true,
    };
    let config = if is_here {
        trust::anybody()
    } else {
        trust::authorities()
    };
    let connector = TlsConnector::from(Arc::new(config.map_err(io::Error::other)?));
    let host = question.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(|_| HealthError::Url)?;
    status(connector.connect(name, stream).await?, question).await
}

async fn status<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, question: &Question) -> Result<String, HealthError> {
    let Question { host, path, .. } = question;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut status = [0; STATUS];
    stream.read_exact(&mut status).await?;
    Ok(String::from_utf8_lossy(&status).into_owned())
}

#[cfg(test)]
mod tests;
