//! The spans of the steps of the protocol.

use tracing::{Instrument, Span, field};

/// A step of the protocol that a browser or a due token brings about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// A login begins, and the browser goes to the provider.
    AuthorizationRequest,
    /// The browser comes back from the provider.
    Callback,
    /// The tokens of a session are renewed.
    Refresh,
    /// A person signs out, here or at the provider.
    Logout,
}

impl Step {
    /// Does the step's work within its span.
    pub(crate) async fn of<T, E>(self, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let span = self.span();
        let done = work.instrument(span.clone()).await;
        span.record("outcome", if done.is_ok() { "ok" } else { "failed" });
        done
    }

    /// The names are constants: a subscriber reads them where it is compiled.
    fn span(self) -> Span {
        match self {
            Self::AuthorizationRequest => tracing::debug_span!("authorization_request", outcome = field::Empty),
            Self::Callback => tracing::debug_span!("callback", outcome = field::Empty),
            Self::Refresh => tracing::debug_span!("refresh", outcome = field::Empty),
            Self::Logout => tracing::debug_span!("logout", outcome = field::Empty),
        }
    }
}
