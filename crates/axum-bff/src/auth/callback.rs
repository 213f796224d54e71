//! `GET /auth/callback`: the redirection endpoint (OpenID Connect Core §3.1.2.5).
//!
//! The order is the protocol's and each step consumes what the last one made: parameters, `state`,
//! `iss` and errors, single use, the token request with all checks, a new session. An answer to a
//! login that cannot be finished any more is resolved in [`late`].
//!
//! Nothing is used up by an answer of another issuer, or by an error: anybody can write one. The login stays open, so
//! that the provider's own answer can still come (RFC 9207 §2.4). A made-up code costs a mark in the store and a token
//! request, of which the mark lasts as long as the login would: how many there are of these bounds [`rate`](crate::rate).

mod late;

use crate::auth::expected::{self, Expected};
use crate::auth::login;
use crate::bff::Bff;
use crate::client::Peer;
use crate::cookies;
use crate::error::{Error, see_other};
use crate::login_transaction::{LoginBinding, LoginTransaction, LoginTransactionError, PersonDigest};
use crate::rate::Turn;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bff_session::{Ending, EstablishError, Identity, Known, NewSession, SeenFrom, SessionId, TokenRecord};
use oidc_relying_party::{Authentication, AuthorizationGrant, CallbackParams, DpopKey, PendingAuthorization};
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;

/// How long an authentication that was just asked for counts at least.
const LANDING: Duration = Duration::seconds(30);

/// The handler. Whatever fails leaves the session that the browser has as it is (REJ).
pub(crate) async fn callback(
    State(state): State<Bff>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let before = cookies::read(&headers, cookies::SESSION).and_then(SessionId::parse);
    let params = CallbackParams::parse(query.as_deref().unwrap_or_default())?;
    let binding = LoginBinding::read(&headers).ok_or(LoginTransactionError::Unknown)?;
    let transaction = LoginTransaction::open(&state.keys, &binding, &params.state)?;
    let (return_to, max_age) = (transaction.return_to.clone(), transaction.wanted.max_age);
    let (id, until, expected) = (transaction.id(), transaction.expires_at(), transaction.expected);
    let late = |why| late::Late {
        return_to: return_to.clone(),
        may_restart: !transaction.restarted && !params.response.is_error(),
        expected,
        why,
    };
    if let Err(expired) = transaction.in_time(state.clock.now()) {
        return late::resolve(&state, &binding, before, late(expired)).await;
    }
    let restart = !transaction.restarted;
    let late = late(LoginTransactionError::Spent);
    let grant = state
        .relying_party
        .accept(pending(transaction), params.response)
        .await?;
    let seen_from = state.trusted_proxies.seen_from(peer, &headers);
    let turn = state.callbacks.take(seen_from.address)?;
    let finish = Finish {
        state: state.clone(),
        transaction: (id, until),
        grant,
        max_age,
        expected,
        seen_from,
        browser: binding.browser(&state.sessions),
        turn,
    };
    let (abandoning, held) = (state.clone(), before.clone());
    let abandoned = move |outcome| async move {
        if let Ok(Some(begun)) = outcome {
            abandon(&abandoning, begun, held).await;
        }
    };
    let begun = match state.tasks.run(finish.run(), abandoned).await {
        Ok(Some(begun)) => begun,
        Ok(None) => return late::resolve(&state, &binding, before, late).await,
        // The person may well be somebody who signs in again after that logout, within the same second.
        Err(Error::Establish(error @ EstablishError::EndedMeanwhile)) if restart => {
            tracing::info!(code = error.code(), "a login that a logout has overtaken begins anew");
            return login::begin(&state, &binding, &return_to, Expected::again(expected), true).await;
        }
        Err(error) => return Err(error),
    };
    if let Some(before) = before {
        replace_unless_abandoned(&state, before, begun.clone()).await;
    }
    let mut response = see_other(return_to.as_str());
    let max_age = state.sessions.lifetime().absolute;
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(cookies::SESSION, &begun.id.to_text(), max_age),
    );
    let landed = binding.landed(state.clock.now());
    response.headers_mut().append(header::SET_COOKIE, landed.set_cookie());
    Ok(response)
}

/// `HEAD` gets an answer of its own, because axum has GET's handler answer it, which would spend the login, or end a
/// session: only the method of the response mode, and of the front channel, is served (CB-15).
pub(crate) async fn refuse_head() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")])
}

/// The part of a callback that is not broken off: a code that was sent is spent, and what it brings must not be lost.
struct Finish {
    state: Bff,
    /// Its id, and until when a mark of its use is needed.
    transaction: ([u8; 16], OffsetDateTime),
    grant: AuthorizationGrant,
    max_age: Option<u64>,
    /// The person who has to come back, where a certain one was asked to authenticate again.
    expected: Option<PersonDigest>,
    seen_from: SeenFrom,
    browser: Option<Id>,
    turn: Turn,
}

impl Finish {
    /// The new session. `None`: the login was finished before.
    async fn run(self) -> Result<Option<Begun>, Error> {
        let state = &self.state;
        let (id, until) = self.transaction;
        if !state.sessions.spend(id, until).await? {
            return Ok(None);
        }
        let authentication = state.relying_party.redeem(self.grant).await?;
        self.turn.give_back();
        let person = PersonDigest::of(authentication.issuer(), authentication.subject());
        if self.expected.is_some_and(|expected| expected != person) {
            state
                .revocations
                .revoke(token_record(authentication, state.clock.now()));
            return Err(Error::AnotherPerson);
        }
        let authenticated_at = authenticated_at(&authentication, self.max_age, state.clock.now());
        let whose = (self.seen_from, self.browser);
        let id = establish(state, authentication, authenticated_at, whose).await?;
        Ok(Some(Begun { id, person }))
    }
}

/// A session that a login has begun.
#[derive(Clone)]
struct Begun {
    id: SessionId,
    person: PersonDigest,
}

/// Ends a session whose cookie no browser has got. `held` is the session whose cookie the browser sent.
///
/// The new tokens are revoked, except where the browser's session lives and is the same person's: a provider may end with a
/// revoked token everything that it gave this client for that person, and so would sign out a browser that did nothing.
async fn abandon(state: &Bff, begun: Begun, held: Option<SessionId>) {
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
        && !lives(state, held, begun.person).await
    {
        state.revocations.revoke(tokens);
    }
}

/// Whether this is a live session of that person. Where the store does not answer, it may be one.
async fn lives(state: &Bff, session: Option<SessionId>, of: PersonDigest) -> bool {
    let Some(id) = session else { return false };
    match state.sessions.load(&id).await {
        Ok(Known::Live(live)) => expected::person(&live.identity) == of,
        Ok(Known::Ended(_) | Known::Nothing) => false,
        Err(_) => true,
    }
}

/// Ends the session that the browser had. A browser that closes meanwhile keeps the cookie of that session, which is over:
/// then the new session ends too, and nobody needs the tokens of either.
async fn replace_unless_abandoned(state: &Bff, before: SessionId, begun: Begun) {
    let (replacing, abandoning) = (state.clone(), state.clone());
    let (person, held) = (begun.person, before.clone());
    let replace = async move { replace(&replacing, &before, person).await };
    let abandoned = move |left: Option<TokenRecord>| async move {
        abandon(&abandoning, begun, Some(held)).await;
        if let Some(tokens) = left {
            abandoning.revocations.revoke(tokens);
        }
    };
    state.tasks.run(replace, abandoned).await;
}

/// Ends the session that the browser had. The new one stands; one that the store does not end now ends by its limits. The
/// tokens of another person's session are revoked. Those of the same person's are given back: see [`abandon`].
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
        .is_some_and(|identity| expected::person(&identity) != person);
    let tokens = ended.tokens?;
    if is_another {
        state.revocations.revoke(tokens);
        return None;
    }
    Some(tokens)
}

/// What the login expects of the answer.
fn pending(transaction: LoginTransaction) -> PendingAuthorization {
    PendingAuthorization {
        issuer: transaction.issuer,
        nonce: transaction.nonce,
        code_verifier: transaction.code_verifier,
        wanted: transaction.wanted,
        dpop_key: transaction.dpop_key.as_ref().and_then(DpopKey::read),
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

async fn establish(
    state: &Bff,
    authentication: Authentication,
    authenticated_at: Option<OffsetDateTime>,
    (seen_from, browser): (SeenFrom, Option<Id>),
) -> Result<SessionId, Error> {
    let kept = state.claims.kept(authentication.claims());
    let new = NewSession {
        identity: Identity {
            issuer: authentication.issuer().to_owned(),
            subject: authentication.subject().to_owned(),
            provider_session: authentication.sid().map(str::to_owned),
        },
        claims: kept.claims,
        roles: kept.roles,
        left_out: kept.left_out,
        only_in_id_token: state.claims.used(authentication.only_in_id_token().iter()),
        browser,
        seen_from,
        vouched_at: authentication.issued_at(),
        authenticated_at,
        acr: authentication.acr().map(str::to_owned),
    };
    let record = token_record(authentication, state.clock.now());
    let established = state.sessions.establish(new, &record).await;
    if established.is_err() {
        // Nobody has them.
        state.revocations.revoke(record);
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
