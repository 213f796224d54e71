//! The API relay: `/api/<name>/...` goes to the API of that name, with a token that the browser
//! never sees, and the answer streams back.
//!
//! # The decisions about a request, in this order
//!
//! The route (`apis.rs`) decides 1 and 5, and the relay the rest (`relay/incoming.rs`).
//!
//! 1. Somebody is signed in, or 401. `/api` is never a page: a navigation gets the same 401 and
//!    no redirect to the login (PRX-06).
//! 2. It comes from our own pages, reads too, or 403 (`relay/csrf.rs`, CSRF-01, CSRF-09).
//! 3. Its path is one that no two servers read differently, or 400 (`relay/path.rs`, PRX-02).
//! 4. The name and the method are in the settings, or 404 and 405 (PRX-01).
//! 5. The rule for `/api/<name>` in the access table allows it, or 403, or 401 if the person has to authenticate again; a
//!    check of the application that gives no answer is 503 (`middleware/access.rs`).
//! 6. A permit is left: so many requests, event streams and sockets at once for each API, or 503; and
//!    so many of these for each person, or 429 (`concurrency.rs`, PRX-09).
//!
//! Only then is a token fetched and the API called. An allow-list of the request's headers passes
//! (`relay/request_headers.rs`), and one of the answer's (`relay/response_headers.rs`). A redirect of the API is not
//! followed and not shown: 502. A 401 of the API leads to one renewal of the token and one replay if the body was
//! kept; a second one is 502, because for a page 401 means "nobody is signed in" (PRX-07).
//!
//! The application's own code calls the same APIs ([`Api`]): it passes none of these checks but that for a permit, and
//! goes the same way from there on.
//!
//! # How long it takes
//!
//! Until the head of the answer: the API's time-out, the body of the request and a renewal
//! included. Then a body may go on for as long as it moves; an event stream or a socket also when
//! it does not. All of them end with the session, and when the browser goes away. A WebSocket that
//! ends with the session, or with this server, is closed with a frame that says so
//! (`relay/tunnel.rs`).
//!
//! # Why no reverse-proxy crate
//!
//! axum-reverse-proxy 2.4 has the plain part: it sends and bridges. Headers both ways, the token,
//! the one replay, the end with the session, the bounds by kind of stream are ours in any case,
//! and would have to be layers around a service that passes on unknown headers. hyper-util's
//! client is in the tree below reqwest, which asks the provider. It has upgrades, and lets its connections be our own:
//! an API's answer is read after the API has closed the way to it (`relay/read_after_close.rs`).

mod api;
mod bearer;
mod call;
mod caller;
mod client_token;
mod csrf;
mod error;
mod frames;
mod head;
mod http_client;
mod incoming;
mod new_clients;
mod path;
mod read_after_close;
mod request_body;
mod request_headers;
mod response_body;
mod response_headers;
mod settings;
mod socket;
mod tunnel;
mod upstream;

pub use api::{Api, ApiName, ApiRequest, ApiResponse};
pub use bearer::TokenSource;
pub use caller::SessionEnd;
pub use error::{CallError, RelayError, UpstreamError};
pub(crate) use head::may_be_relayed;
pub use http_client::ClientError;
pub(crate) use path::is_plain as is_plain_path;
pub use settings::{ApiSettings, ApiToken};
pub use upstream::Upstream;

use crate::access_tokens::TokensAhead;
use crate::concurrency::People;
use ::metrics::Recorder;
use bff_session::{SessionId, Sessions};
use response_body::EndOfServer;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;
use tokio::sync::watch;

/// The APIs, by name.
#[derive(Clone, Debug)]
pub struct Relay {
    upstreams: Arc<BTreeMap<String, Arc<Upstream>>>,
    tokens: TokenSource,
    session_end: SessionEnd,
    people: People,
    going_away: watch::Sender<bool>,
}

impl Relay {
    /// The names of the APIs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.upstreams.keys().map(String::as_str)
    }

    /// The API of this name, for code.
    pub(crate) fn named(&self, name: &str) -> Result<Arc<Upstream>, CallError> {
        let upstream = self.upstreams.get(name).cloned();
        upstream.ok_or_else(|| CallError::unknown(name, self.names()))
    }

    /// Whether this is the path of an API that is called with the token of a person.
    pub(crate) fn wants_persons_token(&self, path: &str) -> bool {
        let below = path.strip_prefix(crate::paths::API);
        let name = below.and_then(|below| below.split('/').next());
        let upstream = name.and_then(|name| self.upstreams.get(name));
        upstream.is_some_and(|upstream| upstream.token() == ApiToken::Person)
    }

    /// The tokens of the session that a request for such a path presents, read beside its record.
    pub(crate) async fn tokens_ahead(&self, id: &SessionId) -> Option<TokensAhead> {
        self.tokens.access_tokens.ahead(id).await
    }

    /// When the certificates expire that calls show, with the names of the APIs.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (&str, OffsetDateTime)> {
        let upstreams = self.upstreams.iter();
        upstreams.filter_map(|(name, upstream)| Some((name.as_str(), upstream.certificate_expires_at()?)))
    }

    /// A relay to these APIs, whose streams end with the sessions. `recorder` counts and times the calls.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be made: the machine has no list of certificate authorities.
    pub fn new(
        apis: Vec<ApiSettings>,
        sessions: Sessions,
        tokens: TokenSource,
        recorder: &dyn Recorder,
    ) -> Result<Self, ClientError> {
        let upstreams = apis
            .into_iter()
            .map(|api| Ok((api.name.clone(), Arc::new(Upstream::new(api, recorder)?))))
            .collect::<Result<_, ClientError>>()?;
        Ok(Self {
            upstreams: Arc::new(upstreams),
            tokens,
            session_end: SessionEnd::of(sessions),
            people: People::default(),
            going_away: watch::Sender::new(false),
        })
    }

    /// The same, with another source that announces the end of a session.
    #[must_use]
    pub fn with_session_end(self, session_end: SessionEnd) -> Self {
        Self { session_end, ..self }
    }

    /// Ends event streams, and closes every WebSocket on both sides, because this server ends. A WebSocket whose handshake is
    /// under way is closed at once.
    pub fn go_away(&self) {
        self.going_away.send_replace(true);
    }

    /// Resolves when no WebSocket and no event stream is open any more.
    pub async fn streams_closed(&self) {
        self.going_away.closed().await;
    }

    fn end_of_server(&self) -> EndOfServer {
        let mut going_away = self.going_away.subscribe();
        Box::pin(async move {
            let _ = going_away.wait_for(|going| *going).await;
        })
    }
}
