//! The session of a request, for the application's own handlers.

mod claims_again;
mod code_flow;
mod held_tokens;
mod of_person;

pub use claims_again::RereadError;
pub use held_tokens::HeldTokens;
pub use of_person::{EndOtherError, OwnSession, SessionsPage};

use crate::bff::Bff;
use crate::error::Error;
use crate::middleware::{satisfied, session_state};
use crate::relay::Api;
use crate::request::{Presented, RequestId};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use bff_contract::access::Rule;
use bff_contract::session::SessionState;
use bff_session::Identity;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The live session of a request, as an extractor. `C` is the application's type for the claims of a person; claims that
/// it does not name are ignored.
///
/// If nobody is signed in, `Session` refuses the request as the layer does: with 401, or with a redirect to the sign-in for a
/// navigation. `Option<Session>` is `None` then. Claims that do not fit `C` are refused with 403. If the store does not answer,
/// both refuse with 503 (invariant 5).
///
/// It needs [`Bff::layer`] around its route.
///
/// ```
/// use axum::{Json, Router, routing::get};
/// use axum_bff::Session;
///
/// #[derive(serde::Deserialize)]
/// struct Profile { name: String }
///
/// async fn me(session: Session<Profile>) -> Json<String> {
///     Json(format!("{} ({})", session.claims().name, session.subject()))
/// }
///
/// async fn home(session: Option<Session>) -> &'static str {
///     if session.is_some() { "Welcome back" } else { "Welcome" }
/// }
///
/// let application: Router = Router::new().route("/me", get(me)).route("/", get(home));
/// ```
#[derive(Clone, Debug)]
pub struct Session<C = Map<String, Value>> {
    bff: Bff,
    presented: Presented,
    state: Arc<SessionState>,
    request_id: Option<RequestId>,
    claims: C,
}

impl<C> Session<C> {
    pub(crate) fn bff(&self) -> &Bff {
        &self.bff
    }

    /// The claims of the person, as the application's type.
    #[must_use]
    pub fn claims(&self) -> &C {
        &self.claims
    }

    /// The person. Only issuer and `sub` together name a person (OpenID Connect Core §5.7).
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.presented.session.identity
    }

    /// The `sub` of the person at the provider.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.identity().subject
    }

    /// The roles of the person.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.presented.session.roles
    }

    /// The application's data, which a hook of [`Builder::on_sign_in`](crate::Builder::on_sign_in) gave. `None` if the hook
    /// gave no data. It stays on the server: no page sees it unless the application shows it.
    ///
    /// ```
    /// use axum_bff::Session;
    /// use axum_bff::error::Error;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct UserId(u64);
    ///
    /// async fn number(session: Session) -> Result<String, Error> {
    ///     let user = session.data::<UserId>()?;
    ///     Ok(user.map_or_else(|| "a guest".to_owned(), |UserId(id)| format!("number {id}")))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Data of another type: mostly a session from before the application changed the type.
    pub fn data<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        crate::hooks::data_of(&self.presented.session).map_err(Error::Data)
    }

    /// The state of the session, as a page may know it.
    #[must_use]
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// Whether the session satisfies a rule, for demands that the access table cannot express. [`Rule::Check`] is an
    /// error here: a handler calls the function itself.
    ///
    /// # Errors
    ///
    /// The refusal that the layer would answer with. For [`Rule::Fresh`] and [`Rule::Acr`] that is the way to a step-up: a
    /// handler returns it.
    pub fn require(&self, rule: Rule) -> Result<(), Error> {
        satisfied(rule, &self.state)
    }

    /// A client for an API of the settings (`BFF_API_<NAME>`), in the name of this session's person. [`Api`] as an extractor
    /// gives the same.
    ///
    /// ```
    /// use axum_bff::{Session, error::Error};
    ///
    /// async fn total(session: Session) -> Result<String, Error> {
    ///     let orders = session.api("orders")?;
    ///     orders.get("/total").send().await?.error_for_status()?.text().await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CallError::UnknownApi`](crate::relay::CallError::UnknownApi) if the settings name no such API.
    pub fn api(&self, name: &str) -> Result<Api, Error> {
        self.bff.api_of(&self.presented, self.request_id.as_ref(), name)
    }

    /// The access token for calls to this API. See [`Api::expose_access_token`] for the risks.
    ///
    /// # Errors
    ///
    /// The errors of [`Api::expose_access_token`] and of [`Session::api`].
    pub async fn expose_access_token(&self, api: &str) -> Result<SecretString, Error> {
        self.api(api)?.expose_access_token().await
    }
}

#[cfg(feature = "testing")]
impl Session {
    /// The session without a request: for tests.
    pub(crate) fn presented(bff: &Bff, presented: Presented) -> Self {
        Self {
            state: Arc::new(bff.shown(&presented.session)),
            bff: bff.clone(),
            request_id: None,
            claims: presented.session.claims.clone(),
            presented,
        }
    }
}

impl<C: DeserializeOwned> Session<C> {
    /// The session of a request, from its parts: for a place without extractors, such as in a server function.
    ///
    /// # Errors
    ///
    /// As the extractor.
    pub fn of(parts: &Parts) -> Result<Self, Error> {
        let extensions = &parts.extensions;
        let (Some(bff), Some(state)) = (extensions.get::<Bff>(), extensions.get::<Arc<SessionState>>()) else {
            return Err(Error::OutsideTheLayer);
        };
        let presented = Presented::of(extensions)?;
        Ok(Self {
            bff: bff.clone(),
            state: state.clone(),
            request_id: extensions.get().cloned(),
            // By reference: a type that names two claims copies two.
            claims: C::deserialize(&presented.session.claims).map_err(|error| Error::Claims(error.into()))?,
            presented,
        })
    }
}

impl<S: Send + Sync, C: DeserializeOwned> FromRequestParts<S> for Session<C> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Self::of(parts)
    }
}

impl<S: Send + Sync, C: DeserializeOwned> OptionalFromRequestParts<S> for Session<C> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        match Self::of(parts) {
            Ok(session) => Ok(Some(session)),
            Err(Error::SignInRequired | Error::SessionEnded(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Bff {
    /// The state of a session, as a page may know it.
    pub(crate) fn shown(&self, session: &bff_session::UserSession) -> SessionState {
        session_state(session, self.sessions.lifetime(), self.clock.now())
    }
}
