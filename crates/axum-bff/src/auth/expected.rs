//! The person who has to come back from a step-up: the one whose page asks to authenticate again.
//!
//! Somebody else who signs in at the provider must not come back to a page that was got ready for the first one. So the
//! provider is told who is expected, and the answer is held to it.

use crate::bff::Bff;
use crate::cookies;
use crate::error::Error;
use crate::login_transaction::PersonDigest;
use axum::http::HeaderMap;
use bff_session::{Identity, Known, LiveSession, SessionId};
use oidc_relying_party::PersonHint;

/// Claims with a name that a person types at the provider.
const TYPED: [&str; 2] = ["preferred_username", "email"];
/// Longer names are nobody's.
const NAME_LIMIT: usize = 255;

/// The person who has to come back. Nobody in particular, where nobody is signed in or no step-up is asked for.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) person: Option<PersonDigest>,
    pub(super) hint: Option<PersonHint>,
}

impl Expected {
    /// The same person as a login that begins anew had to bring back.
    pub(super) fn again(person: Option<PersonDigest>) -> Self {
        Self { person, hint: None }
    }

    /// The person who is signed in with this browser.
    ///
    /// # Errors
    ///
    /// Where the store does not answer: then nobody can tell, and the answer could not be used either.
    pub(super) async fn signed_in(state: &Bff, headers: &HeaderMap) -> Result<Self, Error> {
        let Some(id) = cookies::read(headers, &state.cookies.session).and_then(SessionId::parse) else {
            return Ok(Self::default());
        };
        let Known::Live(session) = state.sessions.load(&id).await? else {
            return Ok(Self::default());
        };
        Ok(Self {
            person: Some(person(&session.identity)),
            hint: hint(state, &id, &session).await?,
        })
    }
}

/// The person of a session.
pub(super) fn person(identity: &Identity) -> PersonDigest {
    PersonDigest::of(&identity.issuer, &identity.subject)
}

/// The name, where one is known: a name that the provider does not understand stops nobody, and an ID Token whose key the
/// provider has given up does at some of them.
async fn hint(state: &Bff, id: &SessionId, session: &LiveSession) -> Result<Option<PersonHint>, Error> {
    let mut names = TYPED.iter().filter_map(|claim| session.claims.get(*claim)?.as_str());
    if let Some(name) = names.find(|name| (1..=NAME_LIMIT).contains(&name.len())) {
        return Ok(Some(PersonHint::Login(name.to_owned())));
    }
    let tokens = state.sessions.tokens(id).await?;
    Ok(tokens.map(|tokens| PersonHint::IdToken(tokens.record.id_token.clone())))
}
