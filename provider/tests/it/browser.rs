//! A minimal HTTP/1.1 client: one request for each connection, no redirects, and a time limit for every wait.

use std::time::Duration;

use provider::Provider;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use url::{Url, form_urlencoded::Serializer};

/// Longer than any answer takes on a busy machine.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The response. The body may be incomplete if the connection was cut.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(key, _)| key == name);
        header.map(|(_, value)| value.as_str())
    }

    pub(crate) fn location(&self) -> Url {
        let location = self.header("location").expect("a redirect");
        Url::parse(location).expect("an absolute address")
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The first cookie that the response sets, as `name=value`.
    pub(crate) fn cookie(&self) -> &str {
        let cookie = self.header("set-cookie").expect("a cookie");
        cookie.split(';').next().unwrap_or_default()
    }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) async fn get(provider: &Provider, path: &str, headers: &[(&str, &str)]) -> Answer {
    let raw = exchange(provider, "GET", path, headers, "").await;
    parse(&raw).expect("an answer")
}

pub(crate) async fn post(provider: &Provider, path: &str, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Answer {
    let raw = exchange(provider, "POST", path, headers, &form(pairs)).await;
    parse(&raw).expect("an answer")
}

/// All bytes until the provider closes the connection. A header `host` stands in the place of the provider's own name.
pub(crate) async fn exchange(
    provider: &Provider,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let host = provider.issuer().strip_prefix("http://").expect("http");
    let host = host.split('/').next().unwrap_or_default();
    let (named, headers): (Vec<_>, Vec<_>) = headers.iter().partition(|(name, _)| *name == "host");
    let named = named.first().map_or(host, |(_, name)| *name);
    let mut head = vec![
        format!("{method} {path} HTTP/1.1"),
        format!("host: {named}"),
        "connection: close".to_owned(),
        format!("content-length: {}", body.len()),
    ];
    if !body.is_empty() {
        head.push("content-type: application/x-www-form-urlencoded".to_owned());
    }
    head.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let request = format!("{}\r\n\r\n{body}", head.join("\r\n"));
    let talk = async {
        let mut stream = TcpStream::connect(host).await.expect("the provider listens");
        stream.write_all(request.as_bytes()).await.expect("the provider reads");
        let mut answer = Vec::new();
        // If the connection is cut, the bytes before the cut are the answer.
        let _ = stream.read_to_end(&mut answer).await;
        answer
    };
    timeout(LONGEST_WAIT, talk).await.expect("an answer in time")
}

pub(crate) fn parse(raw: &[u8]) -> Option<Answer> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&raw[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    Some(Answer {
        status,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: raw[end + 4..].to_vec(),
    })
}
