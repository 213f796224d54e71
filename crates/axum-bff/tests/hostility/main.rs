//! Generated hostility: what a browser or a provider may send, made wrong in every way that we could think of and in some
//! that nobody did.
//!
//! A target has a corpus (`corpus/<target>`: real shapes in `accepted.txt`, known attacks in `refused.txt`, and in
//! `found.txt` what was found on the way), a generator that makes more of it, and an oracle: the rules once more, written
//! straight down and sharing no code with the server. The server must not panic, must not accept what the oracle refuses,
//! and must not refuse what the oracle calls good.
//!
//! Here each runs some thousand cases, the same in each run, and all of its corpus; `cargo xtask fuzz` makes others for as
//! long as it is told. An input on which the two disagree is made small and written to `found.txt`, so that it is tried in
//! every run from then on. Built on proptest because that is stable Rust: libFuzzer and its like need a nightly compiler to
//! see which lines an input reaches. The generators make up for it by knowing the formats: most of what they make passes
//! the outer layers.

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
