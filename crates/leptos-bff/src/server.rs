//! The server's side of a page, for an application behind `axum-bff`.

use crate::assets::Assets;
use crate::live_reload;
use crate::page_list;
use crate::problem::Problem;
use crate::public_path::PublicPath;
use crate::session::SessionState;
use axum_bff::error::Error;
use axum_bff::{Api, Bff, Session};
use bff_contract::paths::{FUNCTIONS, SIGN_IN_FAILED};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, ResponseOptions};
use leptos_router::location::RequestUrl;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Gives the session and the problem of the request, and the path of `BFF_PUBLIC_URL`, to the components. It also sets the policy of
/// the page with its nonce (Content Security Policy Level 3). Call it first in the context of `leptos_routes_with_context`.
pub fn provide_request() {
    // Listing the routes renders the application once, without a request.
    let Some(parts) = use_context::<Parts>() else { return };
    let extensions = &parts.extensions;
    let session = extensions.get::<Arc<SessionState>>().map(|session| (**session).clone());
    provide_context(session.unwrap_or_default());
    provide_context(extensions.get::<Problem>().cloned());
    if let Some(bff) = extensions.get::<Bff>() {
        provide_public_path(&parts, bff.public_url.path());
    }
    // Leptos has made the nonce that the page's scripts get.
    if let (Some(nonce), Some(response), Some(bff)) =
        (use_nonce(), use_context::<ResponseOptions>(), extensions.get::<Bff>())
        && let Some(policy) = bff.page_policy(Some(&nonce))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, live_reload::allowed_by(policy));
    }
}

/// Tells the page the path of `BFF_PUBLIC_URL`, and its router the path that the router in the browser finds in the address.
fn provide_public_path(parts: &Parts, public_path: &str) {
    provide_context(PublicPath::new(public_path));
    if let Some(asked) = parts.uri.path_and_query().filter(|_| !public_path.is_empty()) {
        // As leptos_axum writes it: a path that begins with two slashes is no other host.
        provide_context(RequestUrl::new(&format!("http://leptos.dev{public_path}{asked}")));
    }
}

/// The pages of an application, for `leptos_routes_with_context`. The page of a failed sign-in is not among them: the
/// backend-for-frontend answers at its path itself.
///
/// The list of a function is made once in a process, because no page of the process may be rendered meanwhile
/// (leptos-rs/leptos#4773).
///
/// # Panics
///
/// If the application has no page at [`Paths::signed_in_window`](crate::Paths), by default `/signed-in`
/// ([`SignedInPage`](crate::SignedInPage)).
pub fn pages<V, F>(application: F) -> Vec<AxumRouteListing>
where
    V: IntoView + 'static,
    F: Fn() -> V + 'static + Clone + Send,
{
    page_list::of::<F>(|| page_list::made(application, vec![SIGN_IN_FAILED.to_owned()]))
}

/// The session of the request, in a server function or a resource. `C` is the application's type for the claims. If it refuses in
/// a server function, it also sets the status of the answer; a page chooses its own view.
///
/// # Errors
///
/// The [`Problem`] that the access layer would answer with: nobody is signed in, the store does not answer, or the claims do
/// not fit.
pub fn session<C: DeserializeOwned>() -> Result<Session<C>, Problem> {
    let parts = use_context::<Parts>();
    let session = parts.as_ref().ok_or(Error::OutsideTheLayer).and_then(Session::of);
    session.map_err(|error| {
        answer_of_function_with(parts.as_ref(), error.status());
        problem(&error)
    })
}

/// Only for a server function: a page chooses its own view.
fn answer_of_function_with(parts: Option<&Parts>, status: StatusCode) {
    if parts.is_some_and(|parts| parts.uri.path().starts_with(FUNCTIONS)) {
        answer_with(status);
    }
}

/// Refuses the request of a page or a server function: sets the status, and gives the problem to return. A page load shows the
/// problem page, but only with [`SsrMode::Async`](leptos_router::SsrMode); other modes send the status earlier.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_bff::problem::Problem;
///
/// #[server(prefix = "/_fn", endpoint = "price")]
/// async fn price(good: String) -> Result<u32, Problem> {
///     match good.as_str() {
///         "bell" => Ok(1200),
///         _ => Err(leptos_bff::server::refuse(http::StatusCode::NOT_FOUND)),
///     }
/// }
/// ```
#[must_use = "the caller has to return the problem"]
pub fn refuse(status: StatusCode) -> Problem {
    answer_with(status);
    problem(&Error::Layer(status))
}

fn answer_with(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

fn problem(error: &Error) -> Problem {
    Problem {
        status: error.status().as_u16(),
        code: error.problem_code().to_string(),
        ..Problem::default()
    }
}

/// A client for an API of the settings (`BFF_API_<NAME>`), in the name of the signed-in person, in a server function or a
/// resource. A server function that returns a [`Problem`] passes the errors of the API on with `?`; the log has their cause.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_bff::problem::Problem;
///
/// #[server(prefix = "/_fn", endpoint = "total")]
/// async fn total() -> Result<u32, Problem> {
///     let orders = leptos_bff::server::api("orders")?;
///     Ok(orders.get("/total").send().await?.error_for_status()?.json().await?)
/// }
/// ```
///
/// # Errors
///
/// The [`Problem`] that the access layer would answer with: nobody is signed in, or the store does not answer; `api_unknown`
/// if the settings name no such API.
pub fn api(name: &str) -> Result<Api, Problem> {
    let parts = use_context::<Parts>();
    let session = parts.as_ref().ok_or(Error::OutsideTheLayer);
    let session = session.and_then(Session::<IgnoredAny>::of);
    session.and_then(|session| session.api(name)).map_err(|error| {
        answer_of_function_with(parts.as_ref(), error.status());
        error.into()
    })
}

/// The list of assets cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct AssetsError {
    path: String,
    source: serde_json::Error,
}

/// The content of `assets.json` in the site's folder: the hashed names of this build.
#[derive(Deserialize)]
struct Listed {
    script: String,
    wasm: String,
    style: String,
    loader: Option<String>,
    #[serde(default)]
    lazy: BTreeMap<String, Vec<String>>,
}

/// The names of the front end's files, from `assets.json` in this folder. Without that file they are the names that cargo-leptos
/// gives.
///
/// # Errors
///
/// If the file exists and its content is wrong.
pub fn assets(site: &Path) -> Result<Assets, AssetsError> {
    let path = site.join("assets.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Ok(Assets::default());
    };
    let listed = serde_json::from_str(&text).map_err(|source| AssetsError {
        path: path.display().to_string(),
        source,
    });
    let Listed {
        script,
        wasm,
        style,
        loader,
        lazy,
    } = listed?;
    Ok(Assets {
        script,
        wasm,
        style,
        loader,
        lazy: lazy.into(),
    })
}
