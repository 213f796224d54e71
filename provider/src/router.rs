//! Every route and every layer, in order.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Uri, header},
    middleware::{Next, from_fn, from_fn_with_state, map_request},
    response::Response,
    routing::{get, post},
};
use url::Url;

use crate::{
    authorization::authorization,
    calls::Endpoint,
    desk,
    end_session::end_session,
    faults::transport,
    host,
    jwks::jwks,
    metadata::metadata,
    pages,
    pushed_authorization_request::pushed_authorization_request,
    recording::{SentPath, record},
    resource::resource,
    revocation::revocation,
    sign_in::sign_in,
    state::Shared,
    token::token,
    userinfo::userinfo,
};

/// The provider as a service, under the path of its issuer.
pub(crate) fn router(provider: Shared) -> Router {
    let path = Url::parse(provider.base()).map_or_else(|_| String::new(), |base| base.path().to_owned());
    let prefix = path.trim_end_matches('/').to_owned();
    Router::new()
        .fallback_service(endpoints(provider))
        .layer(map_request(move |request| std::future::ready(below(&prefix, request))))
}

fn endpoints(provider: Shared) -> Router {
    let home = if provider.settings.desk {
        Router::new()
            .route("/", get(desk::desk))
            .nest(desk::PATH, desk::actions())
    } else {
        Router::new().route("/", get(pages::home))
    };
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
        .merge(home)
        // A layer that is added later is entered earlier: of this machine, then recorded, then disturbed, then answered.
        .layer(from_fn(no_store))
        .layer(from_fn_with_state(provider.clone(), transport::transport))
        .layer(from_fn_with_state(provider.clone(), record))
        .layer(from_fn_with_state(provider.clone(), dated))
        .layer(from_fn_with_state(provider.clone(), host::of_this_machine))
        .with_state(provider)
}

/// The same request without the issuer's path. Slashes that follow each other count as one, for metadata may have them
/// in its addresses; a path that is not below the issuer gets 404.
fn below(prefix: &str, mut request: Request) -> Request {
    let sent = SentPath(request.uri().path().to_owned());
    let mut path = sent.0.clone();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    let path = match path.strip_prefix(prefix) {
        Some(path) if path.starts_with('/') => path,
        _ => "/outside",
    };
    let query = request.uri().query().map(|query| format!("?{query}"));
    *request.uri_mut() = Uri::try_from(format!("{path}{}", query.unwrap_or_default()))
        .expect("a part of a path and its query are an address");
    request.extensions_mut().insert(sent);
    request
}

/// Every answer has a `Date` (RFC 9110 §6.6.1), unless a fault says otherwise. A server puts the machine's time
/// there, which is not this provider's where a test moves it.
async fn dated(State(provider): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let date = httpdate::fmt_http_date(provider.clock.now());
    let date = HeaderValue::from_str(&date).expect("a date is a header's value");
    response.headers_mut().entry(header::DATE).or_insert(date);
    response
}

/// Nothing here may be kept: pages and tokens because they are personal (RFC 6749 §5.1), metadata and keys because a
/// test changes them at any moment.
async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}
