//! Why a login cannot go on.

use crate::error::Failure;
use axum::http::StatusCode;
use bff_contract::problem::Code;

/// Why a callback's `state` belongs to no login of this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginTransactionError {
    /// It does not open: altered, from another browser, from before a change of keys, or the
    /// login cookie is not there.
    #[error("the state does not belong to a login of this browser")]
    Unknown,
    /// The login was started more than [`LIFETIME`](super::LIFETIME) ago.
    #[error("the login has expired")]
    Expired,
    /// It has been used.
    #[error("the login has been finished before")]
    Spent,
}

impl Failure for LoginTransactionError {
    fn status(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }

    fn problem_code(&self) -> Code {
        match self {
            Self::Unknown => Code::LoginUnknown,
            Self::Expired => Code::LoginExpired,
            Self::Spent => Code::LoginSpent,
        }
    }
}
