//! Pages that replace others, and the page of a sign-in window.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod problem;
mod signed_in;
mod while_signed_in;

pub use problem::{NotFoundPage, ProblemPage};
pub use signed_in::SignedInPage;
pub use while_signed_in::WhileSignedIn;
