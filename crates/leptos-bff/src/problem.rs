//! The words of a page that replaces the requested page.
//!
//! The server answers with the status and hands the page a [`Problem`]; the words for each code
//! are here, so that every error reads the same whether it was rendered or fetched.

mod words;

pub use bff_contract::problem::{Code, Problem};
pub use words::{NextStep, ProblemWords, words};
