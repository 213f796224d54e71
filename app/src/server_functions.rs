//! What pages ask of the server. Each function here is protected unless the access table says
//! otherwise, and reaches the server's work through a trait that the server provides.

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

/// What the server does for a signed-in page. The server puts an `Arc<dyn CurrentSession>` into
/// the context of each request.
#[cfg(feature = "ssr")]
pub trait CurrentSession: Send + Sync {
    /// Reads the claims again from the provider's userinfo endpoint and keeps them in the session.
    fn reread_claims(
        &self,
    ) -> std::pin::Pin<
        Box<dyn std::future::Future<Output = Result<SessionState, RereadRefusal>> + Send + '_>,
    >;
}

/// Reads the person's claims again from the provider and returns the session with them.
///
/// # Errors
///
/// A [`RereadRefusal`] as a custom error where the provider or the session refuses.
#[server(prefix = "/_fn", endpoint = "reread_claims")]
pub async fn reread_claims() -> Result<Result<SessionState, RereadRefusal>, ServerFnError> {
    let session = expect_context::<std::sync::Arc<dyn CurrentSession>>();
    Ok(session.reread_claims().await)
}
