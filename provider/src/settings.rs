//! What the provider is started with.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
};

use crate::{
    clock::Clock,
    person::{Person, demo_people},
    random::random_value,
};

/// Everything [`Provider::start`](crate::Provider::start) needs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen; loopback only. Port 0 takes a free port. The issuer follows from it: `http://127.0.0.1:4000`.
    pub listen: SocketAddr,
    /// The one registered relying party.
    pub client: Client,
    /// Who can sign in.
    pub people: Vec<Person>,
    /// The provider's time.
    pub clock: Clock,
}

impl Settings {
    /// The demo people and the machine's clock, on a free port of 127.0.0.1.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            client,
            people: demo_people(),
            clock: Clock::system(),
        }
    }
}

/// A registered relying party (Dynamic Client Registration 1.0 §2 has the names).
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`, for `client_secret_basic` and `client_secret_post`.
    pub secret: String,
    /// Where an authorization response may go; compared character by character.
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after a logout; compared character by character.
    pub post_logout_redirect_uris: Vec<String>,
}

impl Client {
    /// A client with a fresh random secret of 43 characters and one URI of each kind.
    pub fn new(
        id: impl Into<String>,
        redirect_uri: impl Into<String>,
        post_logout_redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            secret: random_value(),
            redirect_uris: vec![redirect_uri.into()],
            post_logout_redirect_uris: vec![post_logout_redirect_uri.into()],
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("id", &self.id)
            .field("secret", &"[redacted]")
            .field("redirect_uris", &self.redirect_uris)
            .field("post_logout_redirect_uris", &self.post_logout_redirect_uris)
            .finish()
    }
}
