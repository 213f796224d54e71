//! A login under way: sealed in `state`, bound to this browser, used once (invariant 7).
//!
//! Nothing is stored when a login starts. `state` is the sealed `Pending`, and opens only
//! together with the secret in the login cookie. The nonce and the code verifier are in neither:
//! they are derived from the server's key, the cookie's secret and the transaction's id. So any
//! number of tabs can sign in at once, any replica can finish, the cookie never grows, and a leaked `state` is worth
//! nothing. A private key for DPoP cannot be derived; it waits in `state`, sealed like the rest. Requirements AUTHZ-05 and
//! RED-02 are met this way.

mod accepted_login;
mod binding;
mod error;
mod person_digest;
pub use accepted_login::{AcceptedLogin, Carried};
pub use binding::LoginBinding;
pub use error::LoginTransactionError;
pub use person_digest::PersonDigest;

use crate::return_to::ReturnTo;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::key_ring::{self, KeyId, KeyRing, Purpose};
use oidc_relying_party::{
    AuthenticationWanted, AuthorizationParameters, AuthorizationResponse, AuthorizationResponseError, DpopKey,
    PendingAuthorization, PersonHint, Prompt, RelyingParty,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

/// How long a person may take at the provider (AUTHZ-07).
pub const LIFETIME: Duration = Duration::minutes(15);

/// The purpose of a login, known from its start to its end.
#[derive(Clone, Debug)]
pub struct Login {
    /// The page that the person wants.
    pub return_to: ReturnTo,
    /// The demands on the authentication, compared with the ID Token (AUTHZ-11).
    pub wanted: AuthenticationWanted,
    /// Whether the provider has to ask the person (`prompt=login`). A login that begins anew asks so too.
    pub prompted: bool,
    /// The person whose answer counts, if it is a step-up of somebody.
    pub expected: Option<PersonDigest>,
    /// Whether it takes the place of a login that could not be finished any more, which happens once (invariant 8).
    pub restarted: bool,
}

/// The sealed content of `state`.
#[derive(Serialize, Deserialize)]
struct Pending<'a> {
    id: [u8; 16],
    #[serde(borrow)]
    issuer: Cow<'a, str>,
    #[serde(borrow)]
    return_to: Cow<'a, str>,
    started_at: i64,
    /// Beside the second. A replica of an earlier version does not know them.
    #[serde(default)]
    milliseconds: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    acr_values: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    prompted: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    restarted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected: Option<PersonDigest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dpop_key: Option<Cow<'a, str>>,
}

/// The values that are in no `state`: a holder of the server's key and the cookie's secret derives them.
struct Derived {
    nonce: SecretString,
    code_verifier: SecretString,
}

/// A login of this browser, under way. Each of its steps consumes the one before, so that their order cannot be wrong:
/// [`accept`](Self::accept), [`AcceptedLogin::finish_once`], [`RelyingParty::redeem`].
#[derive(Debug)]
pub struct LoginTransaction {
    id: [u8; 16],
    /// The issuer that the login was started with (RFC 9207 §2.4 compares with it).
    issuer: String,
    login: Login,
    /// The private key that the tokens are to be bound to, if they are (RFC 9449).
    dpop_key: Option<DpopKey>,
    /// The `nonce` of the authorization request (OpenID Connect Core §3.1.2.1).
    nonce: SecretString,
    /// The PKCE code verifier: 43 characters with 256 bits (RFC 7636 §4.1).
    code_verifier: SecretString,
    started_at: OffsetDateTime,
    /// The length of its `state`, in characters.
    state_length: usize,
}

impl LoginTransaction {
    /// Begins a login at this issuer, and gives it with its `state`.
    ///
    /// # Panics
    ///
    /// Never: a ring has its own first key.
    #[must_use]
    pub fn begin(
        keys: &KeyRing,
        binding: &LoginBinding,
        (issuer, login): (&str, Login),
        dpop_key: Option<DpopKey>,
        now: OffsetDateTime,
    ) -> (Self, String) {
        // The ring may take another first key at any moment.
        let keys = &keys.snapshot();
        let id = key_ring::random();
        let content = Zeroizing::new({
            let pending = Pending {
                id,
                issuer: issuer.into(),
                return_to: login.return_to.as_str().into(),
                started_at: now.unix_timestamp(),
                milliseconds: now.millisecond(),
                max_age: login.wanted.max_age,
                acr_values: login.wanted.acr_values.clone(),
                prompted: login.prompted,
                restarted: login.restarted,
                expected: login.expected,
                dpop_key: dpop_key.as_ref().map(|key| key.secret().expose_secret().into()),
            };
            serde_json::to_vec(&pending).expect("a struct with string keys")
        });
        let sealed = keys.seal(Purpose::Login, binding.secret(), &content);
        let Derived { nonce, code_verifier } =
            Derived::of(keys, keys.first(), binding, &id).expect("the ring has its own first key");
        let state = URL_SAFE_NO_PAD.encode(sealed);
        let transaction = Self {
            id,
            issuer: issuer.to_owned(),
            login,
            dpop_key,
            nonce,
            code_verifier,
            // To the millisecond, as it is read again.
            started_at: now.replace_millisecond(now.millisecond()).unwrap_or(now),
            state_length: state.len(),
        };
        (transaction, state)
    }

    /// The authorization request of this login, with its `state`.
    #[must_use]
    pub fn authorization_parameters(self, state: String, hint: Option<PersonHint>) -> AuthorizationParameters {
        AuthorizationParameters {
            state,
            nonce: self.nonce,
            code_verifier: self.code_verifier,
            prompt: self.login.prompted.then_some(Prompt::Login),
            wanted: self.login.wanted,
            expected: hint,
            dpop_key: self.dpop_key,
        }
    }

    /// Opens the `state` of a callback: the check that comes before all others (CB-01, CB-02). Whether it
    /// [can still be finished](Self::in_time) is another question.
    ///
    /// # Errors
    ///
    /// [`LoginTransactionError::Unknown`].
    pub fn open(keys: &KeyRing, binding: &LoginBinding, state: &str) -> Result<Self, LoginTransactionError> {
        let unknown = LoginTransactionError::Unknown;
        let sealed = URL_SAFE_NO_PAD.decode(state).map_err(|_| unknown)?;
        let opened = keys
            .open(Purpose::Login, binding.secret(), &sealed)
            .map_err(|_| unknown)?;
        let pending: Pending<'_> = serde_json::from_slice(&opened.plaintext).map_err(|_| unknown)?;
        let derived = Derived::of(keys, opened.key, binding, &pending.id).ok_or(unknown)?;
        Self::read(pending, derived, state.len()).ok_or(unknown)
    }

    /// Whether the login was begun at most [`LIFETIME`] ago.
    ///
    /// # Errors
    ///
    /// [`LoginTransactionError::Expired`].
    pub fn in_time(&self, now: OffsetDateTime) -> Result<(), LoginTransactionError> {
        let is_in_time = now < self.expires_at();
        is_in_time.then_some(()).ok_or(LoginTransactionError::Expired)
    }

    /// The purpose of the login.
    #[must_use]
    pub fn login(&self) -> &Login {
        &self.login
    }

    /// Holds the provider's answer against this login: `iss`, and whether the provider refuses (RFC 9207 §2.4).
    ///
    /// # Errors
    ///
    /// An [`AuthorizationResponseError`]. The login stays open: anybody can write such an answer, and the provider's own one
    /// may still come.
    pub async fn accept(
        self,
        relying_party: &RelyingParty,
        response: AuthorizationResponse,
    ) -> Result<AcceptedLogin, AuthorizationResponseError> {
        let (id, expires_at, carried) = (self.id, self.expires_at(), self.carried(&response));
        let pending = PendingAuthorization {
            issuer: self.issuer,
            nonce: self.nonce,
            code_verifier: self.code_verifier,
            wanted: self.login.wanted.clone(),
            dpop_key: self.dpop_key,
        };
        let grant = relying_party.accept(pending, response).await?;
        Ok(AcceptedLogin {
            id,
            expires_at,
            login: self.login,
            carried,
            grant,
        })
    }

    fn carried(&self, response: &AuthorizationResponse) -> Carried {
        let (code_length, iss) = match response {
            AuthorizationResponse::Code { code, iss } => (code.expose_secret().len(), iss.is_some()),
            AuthorizationResponse::Error { iss, .. } => (0, iss.is_some()),
        };
        Carried {
            begun_at: self.started_at,
            state_length: self.state_length,
            code_length,
            iss,
        }
    }

    fn expires_at(&self) -> OffsetDateTime {
        self.started_at.saturating_add(LIFETIME)
    }

    fn read(pending: Pending<'_>, derived: Derived, state_length: usize) -> Option<Self> {
        let started_at = OffsetDateTime::from_unix_timestamp(pending.started_at).ok()?;
        Some(Self {
            nonce: derived.nonce,
            code_verifier: derived.code_verifier,
            id: pending.id,
            issuer: pending.issuer.into_owned(),
            login: Login {
                return_to: ReturnTo::judge(&pending.return_to),
                wanted: AuthenticationWanted {
                    max_age: pending.max_age,
                    acr_values: pending.acr_values,
                },
                prompted: pending.prompted,
                restarted: pending.restarted,
                expected: pending.expected,
            },
            dpop_key: pending.dpop_key.and_then(|key| DpopKey::read(&key.into_owned().into())),
            started_at: started_at.replace_millisecond(pending.milliseconds).ok()?,
            state_length,
        })
    }
}

impl Derived {
    fn of(keys: &KeyRing, key: KeyId, binding: &LoginBinding, id: &[u8; 16]) -> Option<Self> {
        let secret = |what: &[u8]| {
            let seed = Zeroizing::new([&binding.secret()[..], &id[..], what].concat());
            let digest = Zeroizing::new(keys.digest(key, Purpose::Login, &seed)?);
            Some(SecretString::from(URL_SAFE_NO_PAD.encode(*digest)))
        };
        Some(Self {
            nonce: secret(b"nonce")?,
            code_verifier: secret(b"code verifier")?,
        })
    }
}

#[cfg(test)]
mod tests;
