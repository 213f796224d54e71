//! The settings of the provider.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde_json::Value;

use crate::{
    clock::Clock,
    person::{Person, demo_people},
    random::random_value,
};

/// Everything [`Provider::start`](crate::Provider::start) needs.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own, and none depends on another"
)]
pub struct Settings {
    /// Where to listen; loopback only. Port 0 takes a free port. The issuer begins with it: `http://127.0.0.1:4000`.
    pub listen: SocketAddr,
    /// The origin under which others reach this provider, where something else ends TLS before it: `https://localhost:4443`.
    /// The issuer begins with it then. `None`: they come to [`Self::listen`].
    pub origin: Option<String>,
    /// The path of the issuer after host and port: nothing, `/`, `/tenant` or `/tenant/`. All addresses are under it.
    pub issuer_path: &'static str,
    /// The one registered relying party.
    pub client: Client,
    /// The people who can sign in.
    pub people: Vec<Person>,
    /// The provider's time.
    pub clock: Clock,
    /// How many characters a code has at least; never under 43.
    pub code_length: usize,
    /// How long an access token is good, in whole seconds of [`Self::clock`].
    pub access_token_lifetime: Duration,
    /// Whether every refresh spends its refresh token and gives another one (RFC 9700 §4.14.2). A spent one that comes
    /// again ends the whole grant, because somebody has a copy. Otherwise a refresh token stays good and none is returned.
    pub rotate_refresh_tokens: bool,
    /// Whether a refresh response has an ID Token (Core §12.2 leaves it open).
    pub refresh_id_token: bool,
    /// Whether ID Tokens have the claim `roles`, which userinfo has anyway. The client hears of other roles at its next
    /// refresh then.
    pub roles_in_id_token: bool,
    /// Whether authorization requests may, or have to, be pushed first.
    pub pushed_authorization_requests: PushedAuthorizationRequests,
    /// Whether access tokens may be, or are always, bound to a key.
    pub dpop: Dpop,
    /// Whether access tokens are bound to the certificate that the token request came with (RFC 8705 §3), unless they are
    /// bound to a key. See [`Authentication::TlsClientAuth`].
    pub certificate_bound_access_tokens: bool,
    /// Whether proofs need a nonce, which is good once: of this provider, and another one of its resource API.
    pub dpop_nonces: bool,
    /// Whether the provider's home page is a desk, at which everybody at this machine signs people out, changes their roles,
    /// ends their grants, rotates the signing key and stops the provider's answers for a while.
    pub desk: bool,
}

impl Settings {
    /// The demo people and the machine's clock, on a free port of 127.0.0.1. Access tokens are good for an hour, refresh
    /// tokens rotate, a refresh gives an ID Token, requests are not pushed,
    /// tokens are bound to no key. There is no desk.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            origin: None,
            issuer_path: "",
            client,
            people: demo_people(),
            clock: Clock::system(),
            code_length: 0,
            access_token_lifetime: Duration::from_hours(1),
            rotate_refresh_tokens: true,
            refresh_id_token: true,
            roles_in_id_token: false,
            pushed_authorization_requests: PushedAuthorizationRequests::NotOffered,
            dpop: Dpop::NotOffered,
            certificate_bound_access_tokens: false,
            dpop_nonces: false,
            desk: false,
        }
    }
}

/// Whether this provider takes pushed authorization requests.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PushedAuthorizationRequests {
    /// There is no endpoint for them.
    #[default]
    NotOffered,
    /// The metadata names the endpoint; plain requests are good too.
    Offered,
    /// No other request is taken.
    Required,
}

/// Whether this provider binds access tokens to keys.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Dpop {
    /// It knows nothing of proofs.
    #[default]
    NotOffered,
    /// It binds the tokens of a request with a proof.
    Offered,
    /// It gives no others.
    Required,
}

/// `token_endpoint_auth_method`: the method that a client is registered for, and the only one that is accepted from it.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// The secret, in either way.
    ClientSecret,
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the form.
    ClientSecretPost,
    /// A JWT signed with a key of this JWK Set.
    PrivateKeyJwt(Value),
    /// A certificate. This provider speaks plain HTTP: the TLS proxy in front demands one and names it in the header
    /// `x-client-certificate`. Any text that is the same for the same certificate will do, such as its digest.
    TlsClientAuth,
}

/// A registered relying party (Dynamic Client Registration 1.0 §2 has the names).
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_name`: the application's name on the provider's pages.
    pub name: String,
    /// `client_secret`, for `client_secret_basic` and `client_secret_post`.
    pub secret: String,
    /// How it has to authenticate.
    pub authentication: Authentication,
    /// Where an authorization response may go; compared character by character.
    pub redirect_uris: Vec<String>,
    /// Where the browser may go after a logout; compared character by character, but for a `*` at the end, which stands for
    /// everything below: an application in development chooses its page later.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where a logout token is posted when a person's session at the provider ends (Back-Channel Logout 1.0 §2.2).
    /// `http` only.
    pub backchannel_logout_uri: Option<String>,
    /// The address that the browser then loads in a frame, with `iss` and `sid` added (Front-Channel Logout 1.0 §2).
    pub frontchannel_logout_uri: Option<String>,
}

impl Client {
    /// A client with a fresh random secret of 43 characters and one redirect URI of each kind. Its name is its id. It does
    /// not hear of logouts.
    pub fn new(
        id: impl Into<String>,
        redirect_uri: impl Into<String>,
        post_logout_redirect_uri: impl Into<String>,
    ) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id,
            secret: random_value(),
            authentication: Authentication::ClientSecret,
            redirect_uris: vec![redirect_uri.into()],
            post_logout_redirect_uris: vec![post_logout_redirect_uri.into()],
            backchannel_logout_uri: None,
            frontchannel_logout_uri: None,
        }
    }

    /// Every registered URI.
    pub(crate) fn uris(&self) -> impl Iterator<Item = &String> {
        let redirects = self.redirect_uris.iter().chain(&self.post_logout_redirect_uris);
        redirects
            .chain(&self.backchannel_logout_uri)
            .chain(&self.frontchannel_logout_uri)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("secret", &"[redacted]")
            .field("authentication", &self.authentication)
            .field("redirect_uris", &self.redirect_uris)
            .field("post_logout_redirect_uris", &self.post_logout_redirect_uris)
            .field("backchannel_logout_uri", &self.backchannel_logout_uri)
            .field("frontchannel_logout_uri", &self.frontchannel_logout_uri)
            .finish()
    }
}
