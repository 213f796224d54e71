//! From the provider's code to a session: the part of a callback that a browser cannot break off.

use super::begun::{Begun, lives};
use crate::bff::Bff;
use crate::error::Error;
use crate::events::{EventContext, EventKind, Person};
use crate::hooks::SignIn;
use crate::login_transaction::PersonDigest;
use crate::rate::Turn;
use bff_session::{Identity, NewSession, SeenFrom, SessionId, TokenRecord};
use oidc_relying_party::{Authentication, AuthorizationGrant};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// How long an authentication that was just asked for counts at least.
const LANDING: Duration = Duration::seconds(30);

/// The part of a callback that is not broken off: a code that was sent is spent, and what it brings must not be lost.
pub(super) struct Finish {
    pub(super) state: Bff,
    /// Its id, and until when a mark of its use is needed.
    pub(super) transaction: ([u8; 16], OffsetDateTime),
    pub(super) grant: AuthorizationGrant,
    pub(super) max_age: Option<u64>,
    /// The person who has to come back, where a certain one was asked to authenticate again.
    pub(super) expected: Option<PersonDigest>,
    pub(super) seen_from: SeenFrom,
    /// The session whose cookie the browser sent.
    pub(super) held: Option<SessionId>,
    pub(super) browser: Option<Id>,
    pub(super) turn: Turn,
}

impl Finish {
    /// The new session. `None`: the login was finished before.
    pub(super) async fn run(self) -> Result<Option<Begun>, Failed> {
        let state = &self.state;
        let (id, until) = self.transaction;
        if !state.sessions.spend(id, until).await? {
            return Ok(None);
        }
        let authentication = state.relying_party.redeem(self.grant).await?;
        self.turn.give_back();
        let person = PersonDigest::of(authentication.issuer(), authentication.subject());
        let who = Person {
            issuer: authentication.issuer().to_owned(),
            subject: authentication.subject().to_owned(),
        };
        let failed = |error| Failed {
            error,
            who: Some(who.clone()),
        };
        if self.expected.is_some_and(|expected| expected != person) {
            state
                .revocations
                .revoke(token_record(authentication, state.clock.now()));
            return Err(failed(Error::AnotherPerson));
        }
        let mut new = new_session(state, &authentication, self.seen_from);
        new.authenticated_at = authenticated_at(&authentication, self.max_age, state.clock.now());
        new.browser = self.browser;
        let sign_in = SignIn::of(authentication.claims().clone(), &new, self.expected.is_some());
        let tokens = token_record(authentication, state.clock.now());
        match state.hooks.sign_in(sign_in, &*state.clock).await {
            Ok(account) => new.account = account,
            Err(error) => {
                // With these a provider may end what it gave for the session that the browser goes on with.
                if !lives(state, self.held, person).await {
                    state.revocations.revoke(tokens);
                }
                return Err(failed(error.into()));
            }
        }
        let seen_from = new.seen_from.clone();
        let id = establish(state, new, tokens).await.map_err(failed)?;
        let kind = if self.expected.is_some() {
            EventKind::SteppedUp
        } else {
            EventKind::SignedIn
        };
        let context = EventContext {
            person: Some(who),
            session: state.sessions.name(&id),
            signed_in_from: Some(seen_from),
        };
        state.events.tell(kind, context);
        Ok(Some(Begun { id, person }))
    }
}

/// A callback that has failed, and the person, where that is known by then.
pub(super) struct Failed {
    pub(super) error: Error,
    who: Option<Person>,
}

impl<E: Into<Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            who: None,
        }
    }
}

impl Failed {
    /// The error, after the application was told of it.
    pub(super) fn told(self, state: &Bff) -> Error {
        let code = self.error.public_code();
        let context = EventContext {
            person: self.who,
            ..EventContext::default()
        };
        state.events.tell(EventKind::SignInRefused { code }, context);
        self.error
    }
}

/// When the person authenticated, as the session counts it: not in the future, for clocks differ. And where a fresh
/// authentication was asked for, it is good for [`LANDING`] at least: an answer at the very limit would otherwise be too
/// old when the page is opened, which would ask the provider again, and again.
fn authenticated_at(
    authentication: &Authentication,
    max_age: Option<u64>,
    now: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let said = authentication.authenticated_at()?;
    let max_age = max_age.and_then(|seconds| i64::try_from(seconds).ok());
    let earliest = max_age.map(|seconds| now.saturating_sub(Duration::seconds(seconds)).saturating_add(LANDING));
    Some(earliest.map_or(said, |earliest| said.max(earliest)).min(now))
}

/// The session of this person, which the application has not decided about yet.
fn new_session(state: &Bff, authentication: &Authentication, seen_from: SeenFrom) -> NewSession {
    let kept = state.claims.kept(authentication.claims());
    NewSession {
        identity: Identity {
            issuer: authentication.issuer().to_owned(),
            subject: authentication.subject().to_owned(),
            provider_session: authentication.sid().map(str::to_owned),
        },
        claims: kept.claims,
        roles: kept.roles,
        account: None,
        left_out: kept.left_out,
        only_in_id_token: state.claims.used(authentication.only_in_id_token().iter()),
        browser: None,
        seen_from,
        vouched_at: authentication.issued_at(),
        authenticated_at: authentication.authenticated_at(),
        acr: authentication.acr().map(str::to_owned),
    }
}

async fn establish(state: &Bff, new: NewSession, tokens: TokenRecord) -> Result<SessionId, Error> {
    let established = state.sessions.establish(new, &tokens).await;
    if established.is_err() {
        // Nobody has them.
        state.revocations.revoke(tokens);
    }
    let id = established?;
    tracing::info!(code = "signed_in", "a session was established");
    Ok(id)
}

fn token_record(authentication: Authentication, obtained_at: OffsetDateTime) -> TokenRecord {
    let (_, tokens) = authentication.into_claims_and_tokens();
    TokenRecord {
        access_token: tokens.access_token,
        id_token: tokens.id_token,
        refresh_token: tokens.refresh_token,
        obtained_at,
        expires_at: tokens.expires_at,
        scope: tokens.scope,
        dpop_key: tokens.dpop_key.map(|key| key.secret().clone()),
        authenticated_at: None,
    }
}
