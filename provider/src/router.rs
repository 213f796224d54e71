//! Every route and every layer, in order.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};

use crate::{
    authorization::authorization,
    calls::{self, Endpoint},
    end_session::end_session,
    faults::transport,
    jwks::jwks,
    metadata::metadata,
    pages,
    pushed_authorization_request::pushed_authorization_request,
    resource::resource,
    revocation::revocation,
    sign_in::sign_in,
    state::Shared,
    token::token,
    userinfo::userinfo,
};

/// The provider as a service.
pub(crate) fn router(provider: Shared) -> Router {
    Router::new()
        .route(Endpoint::Metadata.path(), get(metadata))
        .route(Endpoint::Jwks.path(), get(jwks))
        .route(Endpoint::Authorization.path(), get(authorization).post(authorization))
        .route(
            Endpoint::PushedAuthorizationRequest.path(),
            post(pushed_authorization_request),
        )
        .route(Endpoint::SignIn.path(), post(sign_in))
        .route(Endpoint::Token.path(), post(token))
        .route(Endpoint::Userinfo.path(), get(userinfo).post(userinfo))
        .route(Endpoint::Revocation.path(), post(revocation))
        .route(Endpoint::EndSession.path(), get(end_session).post(end_session))
        .nest(Endpoint::Resource.path(), resource(&provider))
        .route(pages::STYLE_PATH, get(pages::style))
        .route(pages::ICON_PATH, get(pages::icon))
        .route("/", get(pages::home))
        // A layer that is added later is entered earlier: recorded, then disturbed, then answered.
        .layer(from_fn(no_store))
        .layer(from_fn_with_state(provider.clone(), transport::transport))
        .layer(from_fn_with_state(provider.clone(), calls::record))
        .with_state(provider)
}

/// Nothing here may be kept: pages and tokens because of what they are (RFC 6749 §5.1), metadata and keys because a
/// test changes them at any moment.
async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}
