//! APIs of the settings, called by the application's own code.
//!
//! The checks before a browser's call (its path, its headers, the methods of the settings, the rule of `/api/<name>` in
//! the access table) are about browsers. Code decides for itself which call it makes. From there on both go the same way
//! (`call.rs`).

mod request;
mod response;

pub use request::ApiRequest;
pub use response::ApiResponse;

use self::request::CallContext;
use super::bearer::Bearer;
use super::caller::Caller;
use super::{ApiToken, CallError, Relay, RelayError};
use crate::error::Error;
use crate::request::{Presented, RequestId};
use axum::http::Method;
use secrecy::SecretString;
use std::fmt;
use std::marker::PhantomData;

/// The name of an API as a type, for [`Api`] as an extractor.
///
/// ```
/// struct Orders;
///
/// impl axum_bff::ApiName for Orders {
///     const NAME: &'static str = "orders"; // BFF_API_ORDERS
/// }
/// ```
pub trait ApiName {
    /// The name in lower case with hyphens, as it stands in `/api/<name>`: `stock-levels` for `BFF_API_STOCK_LEVELS`.
    const NAME: &'static str;
}

/// A client for an API of the settings (`BFF_API_<NAME>`).
///
/// It sends the access token, renews it when it is due, makes the proofs of DPoP (RFC 9449), shows the client
/// certificate (RFC 8705 §3), and answers one 401 of the API with another token. The settings of that API bound a call:
/// its time, its size, and how many of them are under way for everybody and for one person. Calls of the relay count
/// with them. A call in a person's name ends with the session. A redirect is not followed.
///
/// As an extractor it calls in the name of the signed-in person. If nobody is signed in, it refuses the request, as
/// [`Session`](crate::Session) does, and `Option<Api<_>>` is `None`. It needs [`Bff::layer`](crate::Bff::layer) around
/// its route. [`Session::api`](crate::Session::api) makes a client for a session, [`Bff::api`](crate::Bff::api) a client without
/// a person. With [`Builder::calls`](crate::Builder::calls) the server does not start if the settings lack the API.
///
/// The rule for `/api/<name>` in the access table is for calls of a browser to the relay. It does not stop code: the
/// rule of the handler's own route decides about each request, and the handler chooses the call. If only code calls the API, the
/// rule is [`Nobody`](bff_contract::access::Rule::Nobody).
///
/// ```
/// use axum::{Json, Router, extract::Path, routing::get};
/// use axum_bff::{Api, ApiName, error::Error};
/// use serde::{Deserialize, Serialize};
///
/// struct Orders;
///
/// impl ApiName for Orders {
///     const NAME: &'static str = "orders";
/// }
///
/// #[derive(Deserialize, Serialize)]
/// struct Order { id: u32, total: u32 }
///
/// async fn order(Path(id): Path<String>, orders: Api<Orders>) -> Result<Json<Order>, Error> {
///     let answer = orders.get("/orders").segment(id).query("lines", true).send().await?;
///     Ok(Json(answer.error_for_status()?.json().await?))
/// }
///
/// let application: Router = Router::new().route("/orders/{id}", get(order));
/// ```
pub struct Api<N = ()> {
    context: CallContext,
    name: PhantomData<fn() -> N>,
}

impl<N> fmt::Debug for Api<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Api")
            .field(&self.context.upstream.name())
            .finish()
    }
}

impl<N> Clone for Api<N> {
    fn clone(&self) -> Self {
        Self::new(self.context.clone())
    }
}

impl<N> Api<N> {
    /// A GET of a path below the API's address.
    pub fn get(&self, path: impl Into<String>) -> ApiRequest {
        self.request(Method::GET, path)
    }

    /// A POST to a path below the API's address.
    pub fn post(&self, path: impl Into<String>) -> ApiRequest {
        self.request(Method::POST, path)
    }

    /// A request with this method for a path below the API's address, `BFF_API_<NAME>`.
    ///
    /// The path is empty or begins with a slash, and is percent-encoded if it has to be (RFC 3986 §3.3). A path that
    /// servers may read in more than one way is refused when it is sent ([`RelayError::Path`]): with dot segments, `;`,
    /// `\`, an encoded slash, or a query. A part of it that comes from elsewhere goes into [`ApiRequest::segment`], the
    /// values of a query into [`ApiRequest::query`].
    pub fn request(&self, method: Method, path: impl Into<String>) -> ApiRequest {
        ApiRequest::new(self.context.clone(), method, path.into())
    }

    /// The access token itself, renewed if it is due: for a library that makes calls of its own.
    ///
    /// **The library cannot limit how this token is used.** It works until it expires, also after the session has ended. Do not log it, do not
    /// keep it, and do not put it into an answer: no browser may see it. If [`Api::request`] can make the call, let
    /// it.
    ///
    /// ```
    /// use axum_bff::{Session, error::Error};
    /// use secrecy::ExposeSecret;
    ///
    /// async fn authorization(session: &Session) -> Result<String, Error> {
    ///     let token = session.expose_access_token("orders").await?;
    ///     Ok(format!("Bearer {}", token.expose_secret()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CallError::BoundToken`] if the token is bound to a key (RFC 9449): without a proof by that key no API takes it.
    /// [`CallError::NoToken`] for an API that is called without one. Otherwise as [`ApiRequest::send`], before it calls the
    /// API.
    pub async fn expose_access_token(&self) -> Result<SecretString, Error> {
        let bearer = Bearer {
            tokens: &self.context.relay.tokens,
            upstream: &self.context.upstream,
            session: self.context.caller.session(),
            ahead: None,
        };
        let name = || self.context.upstream.name();
        let token = tokio::time::timeout(self.context.upstream.timeout(), bearer.current()).await;
        let token = token.map_err(|_| RelayError::NoToken(name()))??;
        let token = token.ok_or_else(|| RelayError::from(CallError::NoToken(name())))?;
        if token.dpop_key.is_some() {
            return Err(RelayError::from(CallError::BoundToken(name())).into());
        }
        tracing::debug!(
            code = "access_token_exposed",
            api = &*name(),
            "code has taken an access token"
        );
        Ok(token.token)
    }

    fn new(context: CallContext) -> Self {
        Self {
            context,
            name: PhantomData,
        }
    }

    /// A client for the API of this name, in the name of the person whose session a request presents.
    pub(crate) fn for_person(
        relay: &Relay,
        name: &str,
        of: &Presented,
        request_id: Option<&RequestId>,
    ) -> Result<Self, Error> {
        Ok(Self::new(CallContext {
            upstream: relay.named(name).map_err(RelayError::from)?,
            caller: Caller::Person {
                session: of.id.clone(),
                person: relay.people.of(&of.session.identity),
                tokens: None,
            },
            relay: relay.clone(),
            request_id: request_id.cloned(),
        }))
    }

    /// A client for the API of this name, in the name of the application.
    pub(crate) fn for_application(relay: &Relay, name: &str) -> Result<Self, Error> {
        let upstream = relay.named(name).map_err(RelayError::from)?;
        if upstream.token() == ApiToken::Person {
            return Err(RelayError::from(CallError::NeedsAPerson(upstream.name())).into());
        }
        Ok(Self::new(CallContext {
            relay: relay.clone(),
            upstream,
            caller: Caller::Application,
            request_id: None,
        }))
    }
}
