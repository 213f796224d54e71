//! Every route and every layer, in order.
//!
//! ```text
//! request_log            an id, a line in the log
//! └ security_headers     the nonce, CSP, no-store
//!   └ error::answer      every failure inside becomes a page or a problem document
//!     └ catch_panic
//!       ├ back-channel logout   called by the provider's server, with a signed token; timeout, body limit
//!       └ csrf           what changes something comes from our own pages
//!         ├ session      one read
//!         │ └ relay      signed in, from our own pages; its own time-outs and limits
//!         └ timeout, body limit
//!           ├ auth routes  each reads what it needs of the session itself
//!           └ session      one read
//!             └ access     the table: default deny
//!               └ pages, server functions
//! ```
//!
//! Static files and the health routes stand outside all of it: they read no session. Back-channel
//! logout is outside `csrf` by where it is mounted, not by an exception list.

use crate::error::{self, Error};
use crate::state::AppState;
use crate::{auth, health, middleware as layer, pages, paths, relay, sign_in_failed, static_files};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::path::Path;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// A whole request takes at most this long; calls to the provider have their own, shorter bounds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(45);

/// The whole application. `site` is the folder with the front end's files.
pub fn router(state: &AppState, site: &Path) -> Router {
    let guarded = pages::routes(state).fallback(|| async { Error::NotFound }).layer(
        ServiceBuilder::new()
            .layer(from_fn(layer::access))
            .layer(from_fn_with_state(state.clone(), layer::form_answer)),
    );
    let with_session = Router::new()
        .route(paths::SESSION, get(auth::session))
        .route(paths::SIGN_IN_FAILED, get(sign_in_failed::page))
        .merge(guarded)
        .layer(from_fn_with_state(state.clone(), layer::session_state_layer));
    // Bodies pass through in both directions, with bounds of their own.
    let apis = relay::routes()
        .layer(from_fn_with_state(state.clone(), layer::session_state_layer))
        .layer(from_fn_with_state(state.clone(), layer::csrf));
    let protocol = Router::new()
        .route(paths::LOGIN, get(auth::login))
        .route(paths::CALLBACK, get(auth::callback))
        .route(paths::LOGOUT, post(auth::logout))
        .route(paths::FRONTCHANNEL_LOGOUT, get(auth::frontchannel_logout));
    let from_the_provider = Router::new().route(paths::BACKCHANNEL_LOGOUT, post(auth::backchannel_logout));
    let dynamic = protocol
        .merge(with_session)
        .layer(from_fn_with_state(state.clone(), layer::csrf))
        .merge(from_the_provider)
        .layer(
            ServiceBuilder::new()
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    REQUEST_TIMEOUT,
                ))
                .layer(from_fn(layer::body_limit)),
        )
        .merge(apis)
        // One layer to the router: it boxes every layer that it is given, and a request clones all boxes inside of each.
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(layer::request_log))
                .layer(from_fn_with_state(state.clone(), layer::security_headers))
                .layer(from_fn_with_state(state.clone(), error::answer))
                .layer(CatchPanicLayer::custom(error::panicked)),
        );
    let static_files = static_files::routes(site).layer(from_fn_with_state(state.clone(), layer::static_headers));
    dynamic
        .merge(static_files)
        .merge(health::routes())
        .with_state(state.clone())
}
