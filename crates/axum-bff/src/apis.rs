//! The ways to the APIs: the route `/api/<name>/...` for pages, and [`Api`] for handlers.

use crate::bff::Bff;
use crate::error::Error;
use crate::middleware::admitted;
use crate::relay::{Api, ApiName};
use crate::request::{Presented, RequestId};
use axum::Router;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::Extensions;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::any;

/// The routes of the [relay](crate::relay). They need the session layer around them, and no layer that reads the body.
pub(crate) fn routes() -> Router<Bff> {
    Router::new().route("/api/{*path}", any(relay))
}

/// The handler.
async fn relay(State(bff): State<Bff>, request: Request) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    let session = Presented::of(&parts.extensions)?;
    let call = bff.relay.incoming(&parts, bff.public_url.origin())?;
    let api = call.api();
    let line = bff.access.api_line(&api).unwrap_or_default();
    admitted(&bff, (line, bff.access.api_rule(&api)), &parts).await?;
    bff.relay.forward(call, session, (parts, body)).await
}

impl Bff {
    /// A client for an API, in the name of the application and of no person: for an API that is called with the client's own
    /// token (`BFF_API_<NAME>_TOKEN=client`, RFC 6749 §4.4) or without a token (`none`). No session is needed, so that tasks and
    /// public pages may call too, and the end of a session does not cut the call. Calls count against `_REQUESTS`, not against
    /// `_REQUESTS_EACH`.
    ///
    /// ```
    /// # async fn stock(bff: axum_bff::Bff) -> Result<u32, axum_bff::error::Error> {
    /// let stock = bff.api("stock")?;
    /// let left: u32 = stock.get("/left").send().await?.error_for_status()?.json().await?;
    /// # Ok(left) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`CallError::UnknownApi`](crate::relay::CallError::UnknownApi) if the settings name no such API.
    /// [`CallError::NeedsAPerson`](crate::relay::CallError::NeedsAPerson) if the API is called with a person's token.
    pub fn api(&self, name: &str) -> Result<Api, Error> {
        Api::for_application(&self.relay, name)
    }

    /// A client for an API, in the name of a session's person.
    pub(crate) fn api_of(&self, of: &Presented, request: Option<&RequestId>, name: &str) -> Result<Api, Error> {
        Api::for_person(&self.relay, name, of, request)
    }
}

fn of_request<N: ApiName>(extensions: &Extensions) -> Result<Api<N>, Error> {
    let bff = extensions.get::<Bff>().ok_or(Error::OutsideTheLayer)?;
    Api::for_person(&bff.relay, N::NAME, &Presented::of(extensions)?, extensions.get())
}

impl<S: Send + Sync, N: ApiName> FromRequestParts<S> for Api<N> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        of_request(&parts.extensions)
    }
}

impl<S: Send + Sync, N: ApiName> OptionalFromRequestParts<S> for Api<N> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        match of_request(&parts.extensions) {
            Ok(api) => Ok(Some(api)),
            Err(Error::SignInRequired | Error::SessionEnded(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
