//! Generated hostile inputs, such as a browser or a provider may send. They are wrong in every way that we could think
//! of, and by chance in other ways too.
//!
//! Each target has
//!
//! - a corpus in `corpus/<target>`: real shapes in `accepted.txt`, known attacks in `refused.txt`, and inputs that an
//!   earlier run found in `found.txt`,
//! - a generator, which makes further inputs from the corpus,
//! - an oracle: a second, simple implementation of the rules, which shares no code with the server.
//!
//! The server must not panic, must not accept an input that the oracle refuses, and must not refuse an input that the
//! oracle accepts.
//!
//! In the tests, each target runs its whole corpus and some thousand generated cases, the same in each run.
//! `cargo xtask fuzz` generates other cases for as long as it is told. If the server and the oracle disagree on an
//! input, it is made small and written to `found.txt`, so that every later run tries it.
//!
//! The generators use proptest because it works with stable Rust. libFuzzer and similar tools need a nightly compiler
//! to see which lines an input reaches. The generators make up for that by knowing the formats: most of their inputs
//! pass the outer layers of checks.

mod callback;
mod cookies;
mod corpus;
mod id_token;
mod logout_token;
mod mutation;
mod provider;
mod return_to;
mod run;
mod tokens;
