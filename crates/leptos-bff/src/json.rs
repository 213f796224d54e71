//! JSON between text and [`Value`], with little code.
//!
//! `serde_json`'s own reader and writer bring to the browser what it has already and what hardly
//! compresses: tables for reading and writing floats, and words for each mistake.

mod reader;
mod writer;

pub use reader::read;
pub use writer::{write, write_indented};

use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde_json::Value;

/// What is read from JSON here, by way of [`Value`].
pub trait Read: Sized {
    /// Reads one. None where the JSON is something else.
    fn read(json: Value) -> Option<Self>;
}

/// How values travel inside a page.
#[derive(Clone, Copy, Debug)]
pub struct Json;

/// Text that is not the JSON of what it should be.
#[derive(Clone, Copy, Debug)]
pub struct Unreadable;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: Read> Decoder<T> for Json {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        read(text).and_then(T::read).ok_or(Unreadable)
    }
}

#[cfg(test)]
mod tests;
