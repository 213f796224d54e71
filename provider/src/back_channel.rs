//! Telling the client that a session ended (Back-Channel Logout 1.0 §2.5).

use std::{error::Error, time::Duration};

use axum::{
    body::Body,
    http::{Request, header},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};
use url::{Url, form_urlencoded::Serializer};

use crate::{
    id_token::ProviderSession,
    lock::lock,
    logout_token::{LogoutTokenParts, logout_token},
    state::ProviderState,
};

/// The person waits for this page, so a client that hangs is left behind.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Tells the client that one session ended: posts a logout token with `sid` and `sub`.
pub(crate) async fn announce(provider: &ProviderState, session: &ProviderSession) {
    let parts = LogoutTokenParts::of_session(&session.sid).with("sub", session.subject.as_str());
    announce_parts(provider, &parts).await;
}

/// Tells the client that a person has no session any more: posts a logout token with `sub` and without `sid`, which is
/// about all sessions of the person (§2.4). True: the client confirmed it.
pub(crate) async fn announce_all_of(provider: &ProviderState, subject: &str) -> bool {
    let status = announce_parts(provider, &LogoutTokenParts::of_subject(subject)).await;
    // Some frameworks answer 204 where there is no body (§2.8).
    matches!(status, Some(200 | 204))
}

/// The status of the answer. `None`: there is no address that the client has registered, or no answer in time.
async fn announce_parts(provider: &ProviderState, parts: &LogoutTokenParts) -> Option<u16> {
    let uri = provider.settings.client.backchannel_logout_uri.as_ref()?;
    let uri = Url::parse(uri).expect("registered URIs are checked at start");
    let form = Serializer::new(String::new())
        .append_pair("logout_token", &logout_token(provider, parts))
        .finish();
    let posted = timeout(LONGEST_WAIT, post(&uri, form)).await;
    let status = posted.ok().and_then(Result::ok);
    lock(&provider.logout_answers).push(status);
    status
}

/// Plain HTTP on a connection of its own: the listener is on this machine.
async fn post(uri: &Url, form: String) -> Result<u16, Box<dyn Error + Send + Sync>> {
    let host = uri.host_str().ok_or("no host")?;
    let port = uri.port_or_known_default().ok_or("no port")?;
    if uri.scheme() != "http" {
        return Err("not http".into());
    }
    // The brackets of an IPv6 address belong to the URL.
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::post(&uri[url::Position::BeforePath..url::Position::AfterQuery])
        .header(header::HOST, format!("{host}:{port}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))?;
    // It ends when `sender` is dropped, at the latest when the caller waits no longer; its errors come out of `sender`.
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?.status().as_u16())
}
