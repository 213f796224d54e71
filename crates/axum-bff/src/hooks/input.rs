//! The values that a hook is called with.

use super::Account;
use crate::error::Mismatch;
use bff_session::{Identity, NewSession, SeenFrom, UserSession};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// A person who signs in: the ID Token is verified, userinfo is read, and there is no session yet.
///
/// The provider may sign the person out before the session begins. So a hook may be called, and no session follows.
#[derive(Clone, Debug)]
pub struct SignIn {
    identity: Identity,
    claims: Map<String, Value>,
    roles: Vec<String>,
    authenticated_at: Option<OffsetDateTime>,
    acr: Option<String>,
    seen_from: SeenFrom,
    is_step_up: bool,
}

impl SignIn {
    /// The sign-in of a person with all these claims. The person's session would be this one.
    pub(crate) fn of(claims: Map<String, Value>, new: &NewSession, is_step_up: bool) -> Self {
        Self {
            identity: new.identity.clone(),
            claims,
            roles: new.roles.clone(),
            authenticated_at: new.authenticated_at,
            acr: new.acr.clone(),
            seen_from: new.seen_from.clone(),
            is_step_up,
        }
    }

    /// The person: issuer and `sub` together name one, and neither does alone (OpenID Connect Core §5.7).
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The `sub` of the person at the provider.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.identity.subject
    }

    /// All verified claims: those of the ID Token, and those that userinfo adds. Most of them are not kept
    /// (`BFF_CLAIMS`). Values are the provider's text: escape them when you show them.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The claims as the application's own type. Claims that it does not name are passed over.
    ///
    /// # Errors
    ///
    /// The claim that is missing or of another type.
    pub fn claims_as<T: DeserializeOwned>(&self) -> Result<T, Mismatch> {
        serde_json::from_value(Value::Object(self.claims.clone())).map_err(Mismatch::from)
    }

    /// The roles that the claims tell (`BFF_ROLES_CLAIM`).
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// When the person authenticated, if the provider said so (`auth_time`, OpenID Connect Core §2).
    #[must_use]
    pub fn authenticated_at(&self) -> Option<OffsetDateTime> {
        self.authenticated_at
    }

    /// In which way the person authenticated, if the provider said so (`acr`, OpenID Connect Core §2).
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.acr.as_deref()
    }

    /// The address and the browser that the person signs in from. Both are untrusted.
    #[must_use]
    pub fn seen_from(&self) -> &SeenFrom {
        &self.seen_from
    }

    /// Whether a signed-in person authenticates again for a page that wants it. The new session takes the place of the one
    /// before it.
    #[must_use]
    pub fn is_step_up(&self) -> bool {
        self.is_step_up
    }
}

/// A person whose claims the provider has told again: with the ID Token of a refresh, or because the application has read
/// them again ([`Session::reread_claims`](crate::Session::reread_claims)). They may be the same as before.
#[derive(Clone, Debug)]
pub struct ClaimsUpdate {
    pub(crate) claims: Map<String, Value>,
    pub(crate) session: UserSession,
}

impl ClaimsUpdate {
    /// The person.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.session.identity
    }

    /// The `sub` of the person at the provider.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.session.identity.subject
    }

    /// All claims that the provider told now: those of the new ID Token alone, or those of userinfo alone.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The roles that the claims tell from now on.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        self.session.told_roles()
    }

    /// The account as the application decided it last. A hook that returns it changes nothing.
    pub fn account(&self) -> Account {
        Account::of_record(self.session.account.clone().unwrap_or_default())
    }

    /// The application's data, as it stands in the session. None if there is none.
    ///
    /// # Errors
    ///
    /// Data of another type.
    pub fn data<T: DeserializeOwned>(&self) -> Result<Option<T>, Mismatch> {
        read(&self.session)
    }
}

/// The application's data in a session.
pub(crate) fn read<T: DeserializeOwned>(session: &UserSession) -> Result<Option<T>, Mismatch> {
    let data = session.account.as_ref().and_then(|account| account.data.as_deref());
    data.map(serde_json::from_str).transpose().map_err(Mismatch::from)
}
