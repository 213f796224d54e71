//! The reasons for which nothing is built.

use crate::audit::AuditError;
use crate::checks::UnmetChecks;
use crate::relay::{self, CallError};
use bff_contract::access::Rule;
use oidc_relying_party::RegistrationError;

/// Why there is no backend-for-frontend.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// [`Builder::settings`](super::Builder::settings) was not called.
    #[error("there are no settings: call Builder::settings")]
    NoSettings,
    /// The relying party does not accept its settings.
    #[error("the provider's settings: {0}")]
    Registration(#[from] RegistrationError),
    /// `BFF_PUBLIC_URL` has a path, and nobody has called
    /// [`Builder::works_below_a_path`](super::Builder::works_below_a_path).
    #[error(
        "BFF_PUBLIC_URL has the path {0}, and this application does not say that it works below one \
         (Builder::works_below_a_path); give it an origin of its own, without a path"
    )]
    Path(String),
    /// [`Builder::calls`](super::Builder::calls) names an API that the settings do not name.
    #[error("the code calls an API: {0}")]
    UnknownApi(CallError),
    /// A rule asks a check that has no function ([`Builder::check`](super::Builder::check)), or a function answers a check
    /// that no rule asks.
    #[error("the access table: {0}")]
    Checks(UnmetChecks),
    /// Rules ask for these claims, which pages do not see. A claim that no page sees counts in no rule, and [`Rule::Not`] of it
    /// would let everybody in.
    ///
    /// [`Rule::Not`]: bff_contract::access::Rule::Not
    #[error("the access table: its rules name claims that never count, because BFF_CLAIMS lacks them: {}", .0.join(", "))]
    Claims(Vec<&'static str>),
    /// The rule of [`Builder::administration`](super::Builder::administration) lets everybody in who is signed in, or asks a
    /// check, which has no function there.
    #[error(
        "Builder::administration: the rule ({0}) names no role and no claim that an administrator has, or asks a check; \
         give it a role"
    )]
    Administration(Rule),
    /// There is no client for the APIs.
    #[error("the client for the APIs: {0}")]
    Relay(#[from] relay::ClientError),
    /// There is no audit.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The Redis client does not accept its settings.
    #[error("BFF_REDIS_URL: {0}")]
    Redis(fred::error::Error),
}
