//! From the provider's code to a session in place of the one that the browser had: the part of a callback that a browser
//! cannot break off. A code that was sent is used up, and its tokens must not be lost.

use super::steps::Answered;
use crate::bff::Bff;
use crate::error::Error;
use crate::events::{EventContext, EventKind, Person};
use crate::hooks::SignIn;
use crate::login_transaction::{AcceptedLogin, PersonDigest};
use crate::rate::Turn;
use bff_session::{Ending, Identity, Known, NewSession, SeenFrom, SessionId, TokenRecord};
use oidc_relying_party::Authentication;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// How long an authentication that was just asked for counts at least.
const LANDING: Duration = Duration::seconds(30);

/// A session that a login has begun.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) id: SessionId,
    person: PersonDigest,
}

/// The beginning of a session, of an answer that was accepted.
pub(super) struct BeginSession {
    pub(super) state: Bff,
    pub(super) login: AcceptedLogin,
    pub(super) seen_from: SeenFrom,
    /// The session whose cookie the browser sent.
    pub(super) held: Option<SessionId>,
    pub(super) browser: Option<Id>,
    pub(super) turn: Turn,
}

impl BeginSession {
    /// The new session. `None`: the login was finished before.
    pub(super) async fn run(self) -> Result<Option<Begun>, Failed> {
        let state = &self.state;
        let answered = Answered::new(self.login.carried(), state.clock.now());
        let Some((login, grant)) = self.login.finish_once(&state.sessions).await? else {
            return Ok(None);
        };
        let authentication = state.relying_party.redeem(grant).await?;
        self.turn.give_back();
        let redeemed = answered.redeemed(&authentication);
        let person = PersonDigest::of(authentication.issuer(), authentication.subject());
        let is_step_up = login.expected.is_some();
        let who = Person {
            issuer: authentication.issuer().to_owned(),
            subject: authentication.subject().to_owned(),
        };
        let failed = |error| Failed {
            error,
            who: Some(who.clone()),
        };
        let now = state.clock.now();
        if login.expected.is_some_and(|expected| expected != person) {
            state.revocations.revoke(token_record(authentication, now));
            return Err(failed(Error::AnotherPerson));
        }
        let mut new = new_session(state, &authentication, self.seen_from);
        new.authenticated_at = authenticated_at(&authentication, login.wanted.max_age, now);
        new.browser = self.browser;
        let sign_in = SignIn::of(authentication.claims().clone(), &new, is_step_up);
        let tokens = token_record(authentication, now);
        match state.hooks.sign_in(sign_in, &*state.clock).await {
            Ok(account) => new.account = account,
            Err(error) => {
                // With these a provider may end the tokens of the session that the browser goes on with.
                if !lives(state, self.held, |of| of == person).await {
                    state.revocations.revoke(tokens);
                }
                return Err(failed(error.into()));
            }
        }
        let context = EventContext {
            person: Some(who.clone()),
            session: None,
            signed_in_from: Some(new.seen_from.clone()),
            acr: new.acr.clone(),
        };
        new.code_flow = Some(redeemed.with_session(state.clock.now()));
        let id = establish(state, new, tokens).await.map_err(failed)?;
        let kind = if is_step_up {
            EventKind::SteppedUp
        } else {
            EventKind::SignedIn
        };
        let session = state.sessions.name(&id);
        state.events.tell(kind, EventContext { session, ..context });
        Ok(Some(Begun { id, person }))
    }
}

/// A callback that has failed, and the person, if it is known by then.
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

/// When the person authenticated, as the session counts it: not in the future, for clocks differ. And if a fresh
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
        code_flow: None,
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

/// Ends a session whose cookie no browser has got. `held` is the session whose cookie the browser sent.
///
/// The new tokens are revoked, unless the browser's session lives and is the same person's: a provider may end with a
/// revoked token everything that it gave this client for that person, and so would sign out a browser that did nothing.
pub(super) async fn abandon(state: &Bff, begun: Begun, held: Option<SessionId>) {
    let ended = match state.sessions.end(&begun.id, Ending::SignedOut).await {
        Ok(ended) => ended,
        Err(error) => {
            tracing::warn!(code = error.code(), "a session that no browser has was not ended");
            return;
        }
    };
    tracing::info!(
        code = "sign_in_abandoned",
        "the browser had gone before its session began"
    );
    if let Some(tokens) = ended.and_then(|ended| ended.tokens)
        && !lives(state, held, |of| of == begun.person).await
    {
        state.revocations.revoke(tokens);
    }
}

/// Whether this is a live session, of a person who `counts`. If the store does not answer, it may be one.
async fn lives(state: &Bff, session: Option<SessionId>, counts: impl Fn(PersonDigest) -> bool) -> bool {
    let Some(id) = session else { return false };
    match state.sessions.load(&id).await {
        Ok(Known::Live(live)) => counts(PersonDigest::of_identity(&live.identity)),
        Ok(Known::Ended(_) | Known::Nothing) => false,
        Err(_) => true,
    }
}

/// Ends the session that the browser had. A browser that closes meanwhile keeps the cookie of that session, which is over:
/// then the new session ends too, and nobody needs the tokens of either.
pub(super) async fn replace_unless_abandoned(state: &Bff, before: SessionId, begun: Begun) {
    let (replacing, abandoning) = (state.clone(), state.clone());
    let (person, held) = (begun.person, before.clone());
    let replace = async move { replace(&replacing, &before, person).await };
    let abandoned = move |left: Option<TokenRecord>| async move {
        abandon(&abandoning, begun, Some(held)).await;
        abandoning.revocations.revoke(left);
    };
    state.tasks.run(replace, abandoned).await;
}

/// Ends the session that the browser had. The new one stands; one that the store does not end now ends by its limits.
/// The tokens of another person's session are revoked. The tokens of the same person's session are returned: see
/// [`abandon`].
async fn replace(state: &Bff, before: &SessionId, person: PersonDigest) -> Option<TokenRecord> {
    let ended = match state.sessions.end(before, Ending::SignedOut).await {
        Ok(ended) => ended?,
        Err(error) => {
            tracing::warn!(code = error.code(), "the session before this login was not ended");
            return None;
        }
    };
    let is_another = ended
        .identity
        .is_some_and(|identity| PersonDigest::of_identity(&identity) != person);
    let tokens = ended.tokens?;
    if is_another {
        state.revocations.revoke(tokens);
        return None;
    }
    Some(tokens)
}
