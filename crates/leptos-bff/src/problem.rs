//! What a page says when it cannot be what was asked for.
//!
//! The server answers with the status and hands the page a [`Problem`]; the words for each code
//! are here, so that every error reads the same whether it was rendered or fetched.

use crate::json;
use serde_json::Value;

mod words;

pub use bff_contract::problem::{Code, Problem};
pub use words::{CODES, NextStep, Words, words};

impl json::Read for Option<Problem> {
    fn read(json: Value) -> Option<Self> {
        Some((!json.is_null()).then(|| Problem::from(json)))
    }
}
