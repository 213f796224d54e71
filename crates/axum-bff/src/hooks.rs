//! The hooks of an application about a person: called at the sign-in, and again when the provider has told other claims.
//!
//! A hook is the application's code. It may hang, panic or fail, and then nobody is signed in: the hook has [`TIME`],
//! and the server refuses the sign-in if it gets no answer.

mod account;
mod input;
mod refusal;

pub use account::{Account, DataError};
pub(crate) use input::read as data_of;
pub use input::{ClaimsUpdate, SignIn};
pub use refusal::Refusal;

use crate::error::{ApplicationError, Failure};
use axum::http::StatusCode;
use bff_clock::Clock;
use bff_contract::problem::{Code, Problem};
use bff_session::AccountRecord;
use futures::FutureExt;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use time::Duration;

/// How long a hook may take.
const TIME: Duration = Duration::seconds(10);

/// Why a hook has given no account.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The application refuses the person.
    #[error(transparent)]
    Refused(Refusal),
    /// The hook failed.
    #[error("the application's hook failed")]
    Failed(#[source] ApplicationError),
    /// The application's data cannot be kept.
    #[error(transparent)]
    Data(DataError),
    /// The hook panicked.
    #[error("the application's hook panicked")]
    Panicked,
    /// The hook took longer than ten seconds.
    #[error("the application's hook did not answer in time")]
    Timeout,
}

impl HookError {
    /// The stable code of the log.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "hook_refused",
            Self::Failed(_) => "hook_failed",
            Self::Data(error) => error.code(),
            Self::Panicked => "hook_panicked",
            Self::Timeout => "hook_timeout",
        }
    }
}

impl Failure for HookError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(_) => StatusCode::FORBIDDEN,
            Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) | Self::Data(_) | Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn problem_code(&self) -> Code {
        match self {
            Self::Refused(_) => Code::SignInRefused,
            Self::Timeout => Code::SignInHookTimeout,
            Self::Failed(_) | Self::Data(_) | Self::Panicked => Code::SignInHookFailed,
        }
    }

    fn log_code(&self) -> &'static str {
        self.code()
    }

    fn describe(&self, problem: &mut Problem) {
        if let Self::Refused(refusal) = self {
            refusal.code().clone_into(&mut problem.code);
            problem.title = refusal.own_title().map(str::to_owned);
            problem.detail = refusal.own_detail().map(str::to_owned);
        }
    }
}

impl From<ApplicationError> for HookError {
    fn from(error: ApplicationError) -> Self {
        let error = match error.downcast::<Refusal>() {
            Ok(refusal) => return Self::Refused(*refusal),
            Err(error) => error,
        };
        match error.downcast::<DataError>() {
            Ok(error) => Self::Data(*error),
            Err(error) => Self::Failed(error),
        }
    }
}

type AccountFuture = Pin<Box<dyn Future<Output = Result<Account, ApplicationError>> + Send>>;

/// One hook, if the application has set one.
pub(crate) struct Hook<T>(Option<Arc<dyn Fn(T) -> AccountFuture + Send + Sync>>);

impl<T> Default for Hook<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Hook<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Hook<T> {
    pub(crate) fn new<F, R>(hook: F) -> Self
    where
        F: Fn(T) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Account, ApplicationError>> + Send + 'static,
    {
        Self(Some(Arc::new(move |input| Box::pin(hook(input)))))
    }

    /// The answer of the hook. None: there is no hook.
    async fn ask(&self, input: T, clock: &dyn Clock) -> Result<Option<AccountRecord>, HookError> {
        let Some(hook) = &self.0 else { return Ok(None) };
        // A hook that panicked is gone, with all that it held.
        let answer = AssertUnwindSafe(async { hook(input).await }).catch_unwind();
        tokio::select! {
            biased;
            answer = answer => match answer {
                Ok(answer) => Ok(Some(answer?.into_record().map_err(HookError::Data)?)),
                Err(_) => Err(HookError::Panicked),
            },
            () = clock.sleep_until(clock.now() + TIME) => Err(HookError::Timeout),
        }
    }
}

/// The hooks of an application. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Hooks {
    pub(crate) sign_in: Hook<SignIn>,
    pub(crate) claims: Hook<ClaimsUpdate>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Hooks")
            .field("sign_in", &self.sign_in.0.is_some())
            .field("claims", &self.claims.0.is_some())
            .finish()
    }
}

impl Hooks {
    /// The application's decision about a person who signs in. `None`: it has no hook.
    pub(crate) async fn sign_in(&self, sign_in: SignIn, clock: &dyn Clock) -> Result<Option<AccountRecord>, HookError> {
        self.sign_in.ask(sign_in, clock).await
    }

    /// Whether the application has a hook for claims that the provider has sent again.
    pub(crate) fn hear_of_claims(&self) -> bool {
        self.claims.0.is_some()
    }

    /// The application's decision about a person whose claims were told again. `None`: it has no hook, and its earlier
    /// decision stays.
    pub(crate) async fn claims(
        &self,
        told: ClaimsUpdate,
        clock: &dyn Clock,
    ) -> Result<Option<AccountRecord>, HookError> {
        self.claims.ask(told, clock).await
    }
}

#[cfg(test)]
mod tests;
