//! The server functions of the pages. Each of them is protected unless the access table says
//! otherwise, and reaches the server's work through a trait that the server provides.

mod erase_notes;
mod notes;
mod reread_claims;
mod sessions;

// All of them: the macro makes a second item of each function, which is as public.
pub use erase_notes::*;
pub use notes::*;
pub use reread_claims::*;
pub use sessions::*;

/// The future of a method of [`CurrentSession`].
#[cfg(feature = "ssr")]
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The server's operations for a signed-in page. The server puts an `Arc<dyn CurrentSession>` into
/// the context of each request.
#[cfg(feature = "ssr")]
pub trait CurrentSession: Send + Sync {
    /// Reads the claims again from the provider's userinfo endpoint and keeps them in the session.
    fn reread_claims(&self) -> BoxFuture<'_, Result<leptos_bff::session::SessionState, RereadRefusal>>;

    /// A page of this person's live sessions, this one always among them, the newest first. Pages are counted from 1; a
    /// number that is none gives the nearest that there is.
    fn sessions(&self, page: u32) -> BoxFuture<'_, Result<SessionList, SessionsRefusal>>;

    /// Ends another of this person's sessions, by its [`SessionSummary::name`]. A name that is of
    /// nobody, or of somebody else, is [`SessionsRefusal::NotFound`].
    fn end_session<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SessionsRefusal>>;

    /// Ends all of this person's sessions but this one. That there are none is no refusal.
    fn end_other_sessions(&self) -> BoxFuture<'_, Result<(), SessionsRefusal>>;

    /// Erases all of this person's notes. That there are none is no refusal.
    fn erase_notes(&self) -> BoxFuture<'_, Result<(), EraseRefusal>>;
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
