//! Errors that parts of this library have of their own.

use axum::http::{HeaderValue, StatusCode};
use bff_contract::problem::{Code, Problem};
use std::error::Error;
use std::fmt;

/// An error of one part of this library, with the answer that it gives to the browser.
pub trait Failure: Error + Send + Sync + 'static {
    /// The status of the answer.
    fn status(&self) -> StatusCode;

    /// The code of the problem page or document.
    fn problem_code(&self) -> Code;

    /// The stable code of the log. It may say more than the code of the problem.
    fn log_code(&self) -> &'static str {
        self.problem_code().as_str()
    }

    /// Puts the application's own code and words into the problem, if the error holds some.
    fn describe(&self, _problem: &mut Problem) {}

    /// The header `Allow`, which a 405 needs (RFC 9110 §15.5.6).
    fn allow(&self) -> Option<HeaderValue> {
        None
    }
}

/// The error of some part of this library.
pub struct Failed(Box<dyn Failure>);

impl Failed {
    pub(super) fn new(failure: impl Failure) -> Self {
        Self(Box::new(failure))
    }

    pub(super) fn downcast_ref<F: Failure>(&self) -> Option<&F> {
        let error: &(dyn Error + 'static) = &*self.0;
        error.downcast_ref()
    }

    pub(super) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(super) fn problem_code(&self) -> Code {
        self.0.problem_code()
    }

    pub(super) fn code(&self) -> &'static str {
        self.0.log_code()
    }

    pub(super) fn describe(&self, problem: &mut Problem) {
        self.0.describe(problem);
    }

    pub(super) fn allow(&self) -> Option<HeaderValue> {
        self.0.allow()
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
