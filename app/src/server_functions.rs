//! What pages ask of the server. Each function here is protected unless the access table says
//! otherwise, and reaches the server's work through a trait that the server provides.

use crate::problem::Problem;
use crate::session::SessionState;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Why the claims could not be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RereadRefusal {
    /// The session has ended meanwhile.
    SessionEnded,
    /// The provider no longer accepts the access token: sign in again to get a new one.
    SignInAgain,
    /// This provider has no userinfo endpoint, or it is switched off.
    NotOffered,
    /// The provider or the session store did not answer as it should; later may work.
    Unavailable,
}

impl RereadRefusal {
    /// Every refusal, with the word that stands for it in a page's address.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::SessionEnded, "session_ended"),
        (Self::SignInAgain, "sign_in_again"),
        (Self::NotOffered, "not_offered"),
        (Self::Unavailable, "unavailable"),
    ];
}

/// What the server does for a signed-in page. The server puts an `Arc<dyn CurrentSession>` into
/// the context of each request.
#[cfg(feature = "ssr")]
pub trait CurrentSession: Send + Sync {
    /// Reads the claims again from the provider's userinfo endpoint and keeps them in the session.
    fn reread_claims(
        &self,
    ) -> std::pin::Pin<Box<dyn std::future::Future<Output = Result<SessionState, RereadRefusal>> + Send + '_>>;
}

/// Reads the person's claims again from the provider and returns the session with them.
///
/// A form posted without JavaScript is answered with a redirect to `/profile?reread=` and the
/// outcome: `done`, or the word of the refusal.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. What the provider or the session refuses is a [`RereadRefusal`] inside of `Ok`.
#[server(prefix = "/_fn", endpoint = "reread_claims")]
pub async fn reread_claims() -> Result<Result<SessionState, RereadRefusal>, Problem> {
    let session = expect_context::<std::sync::Arc<dyn CurrentSession>>();
    let outcome = session.reread_claims().await;
    answer_a_plain_form(&outcome);
    Ok(outcome)
}

/// Leads a browser that posted the form itself back to the profile. The hydrated page asked with
/// `fetch` and gets the outcome as JSON instead; it must not be made to navigate.
#[cfg(feature = "ssr")]
fn answer_a_plain_form(outcome: &Result<SessionState, RereadRefusal>) {
    let wants_a_page = use_context::<http::request::Parts>().is_some_and(|request| {
        let accept = request.headers.get(http::header::ACCEPT);
        accept.is_some_and(|types| types.to_str().is_ok_and(|types| types.contains("text/html")))
    });
    if wants_a_page {
        let word = match outcome {
            Ok(_) => "done",
            Err(refusal) => RereadRefusal::ALL
                .iter()
                .find_map(|(listed, word)| (listed == refusal).then_some(*word))
                .unwrap_or("unavailable"),
        };
        leptos_axum::redirect(&format!("/profile?reread={word}"));
    }
}
