//! The pages, rendered: what the `app` crate needs of a request is provided here.

use crate::error::SaysItself;
use crate::middleware::{Presented, page_policy};
use crate::profile::SignedIn;
use crate::state::AppState;
use app::server_functions::{CurrentSession, Notebook};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header, request::Parts};
use axum::response::Response;
use bff_contract::problem::Problem;
use bff_contract::session::SessionState;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, ResponseOptions};
use std::sync::Arc;

/// The routes of all pages and server functions, but for those the server answers itself; and those
/// that the application has besides.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let pages = state
        .application
        .pages()
        .into_iter()
        .filter(|page| page.path() != crate::paths::SIGN_IN_FAILED);
    let context = provide(state.clone());
    let document = document(state);
    Router::new()
        .leptos_routes_with_context(state, pages.collect(), context, document)
        .merge(state.application.routes().with_state(()))
}

/// A page that says what went wrong, at the address that was asked for.
pub(crate) async fn problem(
    state: &AppState,
    mut asked: Parts,
    problem: Problem,
    session: Arc<SessionState>,
) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    asked.extensions.insert(problem);
    asked.extensions.insert(session);
    let render = leptos_axum::render_app_async_with_context(provide(state.clone()), document(state));
    let mut response = render(Request::from_parts(asked, Body::empty())).await;
    *response.status_mut() = status;
    response.extensions_mut().insert(SaysItself);
    response
}

fn document(state: &AppState) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || state.application.document(&state.assets)
}

/// Hands the request's session and problem to the application, and sets the policy of the page with its nonce.
fn provide(state: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        // Listing the routes renders the application once, without a request.
        let Some(parts) = use_context::<Parts>() else { return };
        let extensions = &parts.extensions;
        let session = extensions.get::<Arc<SessionState>>().map(|session| (**session).clone());
        provide_context(session.unwrap_or_default());
        provide_context(extensions.get::<Problem>().cloned());
        provide_context((*state.assets).clone());
        // Leptos has made the nonce that the page's scripts get.
        if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
            && let Some(policy) = page_policy(&nonce, &state.relying_party)
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(presented) = extensions.get::<Presented>() {
            let session = Arc::new(SignedIn::new(state.clone(), presented.clone()));
            provide_context::<Arc<dyn Notebook>>(session.clone());
            provide_context::<Arc<dyn CurrentSession>>(session);
        }
    }
}
