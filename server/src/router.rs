//! Every route and every layer, in order.
//!
//! ```text
//! around                   an id, a line in the log; headers; every failure inside becomes a page or a problem document
//! ├ back-channel logout    called by the provider's server, with a signed token; bounds of its own
//! └ csrf                   what changes something comes from our own pages
//!   ├ session              one read
//!   │ └ relay              signed in, from our own pages; its own time-outs and limits
//!   └ not in advance, timeout, body limit
//!     ├ auth routes        each reads what it needs of the session itself
//!     └ session            one read
//!       └ access           the table: default deny
//!         └ pages, server functions, the application's own routes
//! ```
//!
//! Static files, our public keys and the health routes stand outside all of it: they read no session. Back-channel
//! logout is outside `csrf` by where it is mounted, not by an exception list.
//!
//! What stands inside a layer of `from_fn` is `shared`: see there.

use crate::error::Error;
use crate::state::AppState;
use crate::{auth, health, middleware as layer, pages, paths, relay, sign_in_failed, static_files};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::path::Path;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::timeout::TimeoutLayer;

/// So long it takes at most until the head of an answer; calls to the provider have their own, shorter bounds. What
/// follows the head, such as a stream of events, is not in it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(45);

/// The whole application. `site` is the folder with the front end's files.
pub fn router(state: &AppState, site: &Path) -> Router {
    let guarded = pages::routes(state).fallback(|| async { Error::NotFound }).layer(
        ServiceBuilder::new()
            .layer(layer::check(layer::access(state.application.access().clone())))
            .map_response(layer::form_answer(state.public_url.clone()))
            .layer(layer::shared()),
    );
    let session = || {
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), layer::session_state_layer))
            .layer(layer::shared())
    };
    let csrf = || layer::check(layer::csrf(state.public_url.clone()));
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT);
    let with_session = Router::new()
        .route(paths::SESSION, get(auth::session).post(auth::extend_session))
        .route(paths::SIGN_IN_FAILED, get(sign_in_failed::page))
        .merge(guarded)
        .layer(session());
    // Bodies pass through in both directions, with bounds of their own.
    let apis = relay::routes().layer(ServiceBuilder::new().layer(csrf()).layer(session()));
    let ours = Router::new()
        .route(paths::LOGIN, get(auth::login))
        .route(paths::CALLBACK, get(auth::callback).head(auth::refuse_head))
        .route(paths::LOGOUT, post(auth::logout))
        .route(paths::LOGOUT_AT_PROVIDER, get(auth::at_provider))
        .route(paths::DISMISS, post(auth::dismiss))
        .route(paths::PAGE_FAILED, post(auth::page_failed))
        .route(paths::EVENTS, get(auth::events))
        .route(
            paths::FRONTCHANNEL_LOGOUT,
            get(auth::frontchannel_logout).head(auth::refuse_head),
        )
        .merge(with_session)
        .layer(
            ServiceBuilder::new()
                .layer(csrf())
                .layer(layer::check(layer::in_advance))
                .layer(timeout)
                .layer(from_fn(layer::body_limit))
                .layer(layer::shared()),
        );
    let from_the_provider = Router::new().route(paths::BACKCHANNEL_LOGOUT, post(auth::backchannel_logout));
    let dynamic = ours.merge(from_the_provider).merge(apis).layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), layer::around))
            .layer(layer::shared()),
    );
    let static_files = static_files::routes(site).layer(from_fn_with_state(state.clone(), layer::static_headers));
    dynamic
        .merge(static_files)
        .route(paths::JWKS, get(auth::jwks))
        .merge(health::routes())
        .with_state(state.clone())
}
