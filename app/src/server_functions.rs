//! The server functions of the pages. Each of them is protected unless the access table says
//! otherwise. They ask the session of their request; the server provides the person's [`Notebook`].

mod erase_notes;
mod notes;
mod reread_claims;
mod sessions;

// All of them: the macro makes a second item of each function, which is as public.
pub use erase_notes::*;
pub use notes::*;
pub use reread_claims::*;
pub use sessions::*;

/// The future of a method of [`Notebook`].
#[cfg(feature = "ssr")]
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The session of the request that calls a function, with claims of any type.
#[cfg(feature = "ssr")]
fn session() -> Result<axum_bff::Session<serde::de::IgnoredAny>, leptos_bff::problem::Problem> {
    leptos_bff::server::session()
}

/// A moment as pages show it: RFC 3339, in UTC, with whole seconds.
#[cfg(feature = "ssr")]
#[must_use]
pub fn rfc3339(moment: time::OffsetDateTime) -> String {
    let whole = moment.replace_nanosecond(0).unwrap_or(moment);
    whole
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

/// Leads a browser that posted the form itself to a page that tells the outcome. The hydrated
/// page asked with `fetch` and gets the outcome as JSON instead; it must not be made to navigate.
#[cfg(feature = "ssr")]
fn answer_a_plain_form(address: &str) {
    use leptos::prelude::use_context;
    let wants_a_page = use_context::<http::request::Parts>().is_some_and(|request| {
        let accept = request.headers.get(http::header::ACCEPT);
        accept.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")))
    });
    if wants_a_page {
        leptos_axum::redirect(address);
    }
}
