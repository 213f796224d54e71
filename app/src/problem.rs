//! What a page says when it cannot be what was asked for.
//!
//! The server answers with the status and hands the page a [`Problem`]; the words for each code
//! are here, so that every error reads the same whether it was rendered or fetched.

use serde::{Deserialize, Serialize};

/// Something went wrong, said without its cause: the server's log has that under `reference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status that the response has.
    pub status: u16,
    /// A stable code, such as `login_expired` or `provider_unavailable`. Unknown codes are
    /// spoken of by their status.
    pub code: String,
    /// The correlation id: the request id under which an operator finds the cause.
    pub reference: String,
}
