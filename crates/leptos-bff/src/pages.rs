//! Pages in the place of others.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod problem;
mod while_signed_in;

pub use problem::{NotFoundPage, ProblemPage};
pub use while_signed_in::WhileSignedIn;
