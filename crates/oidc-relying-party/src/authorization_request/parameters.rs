//! What a login asks of the provider, in each request anew.

use secrecy::{ExposeSecret, SecretString};

use crate::DpopKey;

/// The values that are new in each authorization request. All three are single-use and independent of each other.
#[derive(Debug)]
pub struct AuthorizationParameters {
    /// Comes back with the response and finds the pending login.
    pub state: String,
    /// Comes back inside the ID Token and ties it to this login.
    pub nonce: SecretString,
    /// 43 to 128 unreserved characters (RFC 7636 §4.1). Only its SHA-256 leaves with the request.
    pub code_verifier: SecretString,
    /// The question to the person that the provider would not ask by itself.
    pub prompt: Option<Prompt>,
    /// The demands on the authentication.
    pub wanted: AuthenticationWanted,
    /// The person who is expected to sign in, if any.
    pub expected: Option<PersonHint>,
    /// The key that the tokens are to be bound to, where they are.
    pub dpop_key: Option<DpopKey>,
}

/// The demands on an authentication: sent in the request (Core 1.0 §3.1.2.1), and compared with the ID Token.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AuthenticationWanted {
    /// The longest time, in seconds, since the person authenticated; after more, the provider has to ask anew.
    pub max_age: Option<u64>,
    /// One of these Authentication Context Class References, the preferred one first; any, if there are none. The claim is
    /// voluntary for the provider (§3.1.2.1): an answer without one of them is refused here.
    pub acr_values: Vec<String>,
}

/// Tells the provider which person is expected to sign in (Core 1.0 §3.1.2.1). Another person may sign in all the same.
#[derive(Clone, Debug)]
pub enum PersonHint {
    /// `login_hint`: a name that the person would type there.
    Login(String),
    /// `id_token_hint`: an ID Token of the person. It goes into a pushed request only (RFC 9126): a token has no place in
    /// an address, which browsers keep and servers log.
    IdToken(SecretString),
}

impl PersonHint {
    /// The parameter.
    pub(super) fn pair(&self) -> (&'static str, &str) {
        match self {
            Self::Login(name) => ("login_hint", name),
            Self::IdToken(token) => (super::ID_TOKEN_HINT, token.expose_secret()),
        }
    }
}

/// The `prompt` parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Prompt {
    /// Show nothing: succeed with the session at the provider, or fail.
    None,
    /// Authenticate again, session at the provider or not.
    Login,
    /// Ask for consent. Some providers give `offline_access` only with it (Core 1.0 §11).
    Consent,
    /// Let the person choose an account.
    SelectAccount,
}

impl Prompt {
    /// The parameter's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}
