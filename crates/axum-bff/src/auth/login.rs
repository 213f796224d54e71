//! `GET /auth/login?return_to=/path`: begins a login and sends the browser to the provider.
//!
//! Costs no store command, and once the metadata is known no provider call, or the one that pushes the request. A
//! step-up of a signed-in person costs a read or two. Another person who signs in at the provider must not come back to
//! a page that was prepared for the first one. So the request names the expected person, and the answer has to be about
//! that person.

use crate::bff::Bff;
use crate::cookies;
use crate::error::Error;
use crate::login_transaction::{Login, LoginBinding, LoginTransaction, PersonDigest};
use crate::metrics::Step;
use crate::response::see_other;
use crate::return_to::ReturnTo;
use crate::step_up::Demand;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use bff_session::{Known, LiveSession, SessionId};
use oidc_relying_party::{AuthenticationWanted, PersonHint};

/// The longest name that goes to the provider, in bytes.
const NAME_LIMIT: usize = 255;

/// The handler. Nothing is read but `return_to` and the demand that this server has sealed for it: no caller chooses a
/// protocol parameter (AUTHZ-08), and no image, frame or script starts a login (AUTHZ-09). A browser that signs in again and again is stopped
/// here (CB-14).
pub(crate) async fn login(
    State(state): State<Bff>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    if !is_whole_page(&headers) {
        return Err(Error::NotANavigation);
    }
    let binding = LoginBinding::read(&headers, &state.cookies).unwrap_or_default();
    if cookies::read(&headers, &state.cookies.session).is_none() && binding.is_looping(state.clock.now()) {
        return Err(Error::LoginLoop);
    }
    let query = query.unwrap_or_default();
    let return_to = ReturnTo::of_query(&query, &state.public_url);
    let return_to = return_to.unwrap_or_else(|| ReturnTo::judge(state.paths.after_sign_in));
    let demand = Demand::of_page(&state.access, &return_to);
    let demand = match Demand::of_query(&query, &state.keys, &return_to) {
        Some(of_handler) => of_handler.and(demand),
        None => demand,
    };
    let expected = if demand.is_nothing() {
        Expected::default()
    } else {
        Expected::signed_in(&state, &headers).await?
    };
    let begun = begin(&state, &binding, (return_to, demand), expected, false);
    Step::AuthorizationRequest.of(begun).await
}

/// Whether the browser navigates the whole page: not a frame, an image or a script's fetch. A browser that sends no Fetch
/// Metadata may go on.
fn is_whole_page(headers: &HeaderMap) -> bool {
    let is = |name, expected| headers.get(name).is_none_or(|value| value == expected);
    is("sec-fetch-dest", "document") && is("sec-fetch-mode", "navigate")
}

/// Sends the browser to the provider. The provider is asked for the authentication that the page, or a handler, demands, and
/// the callback compares the answer with the demand (AUTHZ-11).
pub(super) async fn begin(
    state: &Bff,
    binding: &LoginBinding,
    (return_to, demand): (ReturnTo, Demand),
    expected: Expected,
    restarted: bool,
) -> Result<Response, Error> {
    let login = Login {
        return_to,
        wanted: AuthenticationWanted {
            max_age: demand.max_age,
            acr_values: demand.acr_values,
        },
        prompted: demand.prompted,
        expected: expected.person,
        restarted,
    };
    let relying_party = &state.relying_party;
    let dpop_key = relying_party.dpop_key().await?;
    let login = (relying_party.issuer(), login);
    let (transaction, sealed) = LoginTransaction::begin(&state.keys, binding, login, dpop_key, state.clock.now());
    let parameters = transaction.authorization_parameters(sealed, expected.hint);
    let address = relying_party.authorization_request(parameters).await?;
    let mut response = see_other(address.as_str());
    response
        .headers_mut()
        .append(header::SET_COOKIE, binding.set_cookie(&state.cookies));
    Ok(response)
}

/// The person who has to come back from a step-up. Nobody in particular if nobody is signed in or no step-up is asked
/// for.
#[derive(Debug, Default)]
pub(super) struct Expected {
    person: Option<PersonDigest>,
    hint: Option<PersonHint>,
}

impl Expected {
    /// The expected person of an earlier login that begins anew.
    pub(super) fn again(person: Option<PersonDigest>) -> Self {
        Self { person, hint: None }
    }

    /// The person who is signed in with this browser.
    ///
    /// # Errors
    ///
    /// If the store does not answer: then nobody can tell, and the provider's answer could not be used either.
    async fn signed_in(state: &Bff, headers: &HeaderMap) -> Result<Self, Error> {
        let Some(id) = cookies::read(headers, &state.cookies.session).and_then(SessionId::parse) else {
            return Ok(Self::default());
        };
        let Known::Live(session) = state.sessions.load(&id).await? else {
            return Ok(Self::default());
        };
        Ok(Self {
            person: Some(PersonDigest::of_identity(&session.identity)),
            hint: hint(state, &id, &session).await?,
        })
    }
}

/// The person's name, if one is known: a provider ignores a name that it does not know. Some providers refuse an ID Token
/// whose key they no longer have, so it is the second choice, and it is none if the browser would carry the token in an
/// address.
async fn hint(state: &Bff, id: &SessionId, session: &LiveSession) -> Result<Option<PersonHint>, Error> {
    let claims = &state.claims.login_hint;
    if claims.is_empty() {
        return Ok(None);
    }
    let mut names = claims.iter().filter_map(|claim| session.claims.get(claim)?.as_str());
    if let Some(name) = names.find(|name| (1..=NAME_LIMIT).contains(&name.len())) {
        return Ok(Some(PersonHint::Login(name.to_owned())));
    }
    let metadata = state.relying_party.provider().await?;
    if metadata.pushed_authorization_request_endpoint.is_none() {
        return Ok(None);
    }
    let tokens = state.sessions.tokens(id).await?;
    Ok(tokens.map(|tokens| PersonHint::IdToken(tokens.record.id_token.clone())))
}
