//! `GET /auth/callback`: the redirection endpoint (OpenID Connect Core §3.1.2.5).
//!
//! The order is the protocol's, and each step consumes the result of the last one: parameters, `state`,
//! `iss` and errors, single use, the token request with all checks, a new session.
//!
//! Nothing is used up by an answer of another issuer, or by an error: anybody can write one. The login stays open, so
//! that the provider's own answer can still come (RFC 9207 §2.4). A made-up code costs a token request and
//! a mark in the store, which lasts as long as the login would: [`rate`](crate::rate) bounds the number of these.

mod begin_session;
mod steps;

use self::begin_session::{BeginSession, Failed, abandon, replace_unless_abandoned};
use crate::auth::login::{self, Expected};
use crate::bff::Bff;
use crate::client_address::Peer;
use crate::cookies;
use crate::error::{Error, Failure};
use crate::login_transaction::{Login, LoginBinding, LoginTransaction, LoginTransactionError, PersonDigest};
use crate::metrics::Step;
use crate::response::see_other;
use crate::step_up::Demand;
use axum::Extension;
use axum::extract::{ConnectInfo, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bff_session::{EstablishError, Known, SeenFrom, SessionId};
use oidc_relying_party::CallbackParams;

/// The handler. A failure leaves the session that the browser has as it is (REJ).
pub(crate) async fn callback(
    State(state): State<Bff>,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<Peer>>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let seen_from = state.trusted_proxies.seen_from(peer, &headers);
    let answer = Step::Callback
        .of(Box::pin(finish(&state, &headers, seen_from, query)))
        .await;
    answer.map_err(|failed| failed.told(&state))
}

async fn finish(
    state: &Bff,
    headers: &HeaderMap,
    seen_from: SeenFrom,
    query: Option<String>,
) -> Result<Response, Failed> {
    let before = cookies::read(headers, &state.cookies.session).and_then(SessionId::parse);
    let params = CallbackParams::parse(query.as_deref().unwrap_or_default())?;
    let binding = LoginBinding::read(headers, &state.cookies).ok_or(LoginTransactionError::Unknown)?;
    let transaction = LoginTransaction::open(&state.keys, &binding, &params.state)?;
    let login = transaction.login().clone();
    let late = Late {
        may_restart: !login.restarted && !params.response.is_error(),
        binding: &binding,
        held: before.clone(),
    };
    if let Err(expired) = transaction.in_time(state.clock.now()) {
        return Ok(late.answer(state, login, expired).await?);
    }
    let accepted = transaction.accept(&state.relying_party, params.response).await?;
    let turn = state.callbacks.take(seen_from.address)?;
    let work = BeginSession {
        state: state.clone(),
        login: accepted,
        seen_from,
        held: before.clone(),
        browser: binding.browser(&state.sessions),
        turn,
    };
    let (abandoning, held) = (state.clone(), before.clone());
    let abandoned = move |outcome| async move {
        match outcome {
            Ok(Some(begun)) => abandon(&abandoning, begun, held).await,
            Ok(None) => {}
            Err(failed) => _ = Failed::told(failed, &abandoning),
        }
    };
    let begun = match state.tasks.run(work.run(), abandoned).await {
        Ok(Some(begun)) => begun,
        Ok(None) => return Ok(late.answer(state, login, LoginTransactionError::Spent).await?),
        // The person may be signing in again after that logout, within the same second.
        Err(Failed {
            error: Error::Establish(error @ EstablishError::EndedMeanwhile),
            ..
        }) if !login.restarted => {
            tracing::info!(code = error.code(), "a logout overtook a login: the login begins anew");
            return Ok(begin_anew(state, &binding, login).await?);
        }
        Err(failed) => return Err(failed),
    };
    if let Some(before) = before {
        replace_unless_abandoned(state, before, begun.clone()).await;
    }
    Ok(signed_in(state, &login, &begun.id, binding))
}

/// Leads the browser to its page, with the cookie of its session.
fn signed_in(state: &Bff, login: &Login, id: &SessionId, binding: LoginBinding) -> Response {
    let mut response = see_other(login.return_to.as_str());
    let max_age = state.sessions.lifetime().absolute;
    let session = cookies::set(&state.cookies.session, &id.to_text(), max_age);
    let binding = binding.completed(state.clock.now()).set_cookie(&state.cookies);
    for cookie in [session, binding] {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The answer to a login that cannot be finished any more: the back button, a reload, a second tab on the same address, a
/// sign-in page that was left open over lunch (invariant 8).
///
/// It is this browser's own login, so going on misleads nobody: a person who is signed in goes to the page, and for
/// anybody else the login begins anew, once. A refusal by the provider is shown, and the provider is not asked again.
struct Late<'a> {
    may_restart: bool,
    binding: &'a LoginBinding,
    /// The session whose cookie the browser sent.
    held: Option<SessionId>,
}

impl Late<'_> {
    async fn answer(self, state: &Bff, login: Login, why: LoginTransactionError) -> Result<Response, Error> {
        if let Some(id) = self.held
            && let Known::Live(live) = state.sessions.load(&id).await?
        {
            let is_another = |expected| expected != PersonDigest::of_identity(&live.identity);
            // The page was got ready for the person of the step-up.
            if login.expected.is_some_and(is_another) {
                return Err(Error::AnotherPerson);
            }
            return Ok(see_other(login.return_to.as_str()));
        }
        if !self.may_restart {
            return Err(why.into());
        }
        tracing::info!(
            code = why.log_code(),
            "a login was used before or took too long: it begins anew"
        );
        begin_anew(state, self.binding, login).await
    }
}

async fn begin_anew(state: &Bff, binding: &LoginBinding, login: Login) -> Result<Response, Error> {
    let demand = Demand::of_page(&state.access, &login.return_to).and(Demand {
        max_age: login.wanted.max_age,
        acr_values: login.wanted.acr_values,
        prompted: login.prompted,
    });
    let target = (login.return_to, demand);
    login::begin(state, binding, target, Expected::again(login.expected), true).await
}

/// `HEAD` gets an answer of its own, because axum has GET's handler answer it, which would spend the login, or end a
/// session: only the method of the response mode, and of the front channel, is served (CB-15).
pub(crate) async fn refuse_head() -> impl IntoResponse {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")])
}
