//! The demonstration's program: its pages behind `axum-bff`, and its notes as an ordinary feature of an application.

// A rendered page is one type, nested as deep as its markup.
#![recursion_limit = "256"]

pub mod notes;
mod pages;

pub use pages::application;

/// The code of docs/calling-apis.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/calling-apis.md")]
struct CallingApis;

/// The code of docs/guarding.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guarding.md")]
struct Guarding;
