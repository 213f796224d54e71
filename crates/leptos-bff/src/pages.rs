//! What stands in the place of a page.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod no_session;
mod problem;

pub use no_session::{session_ended, session_unreadable, while_signed_in};
pub use problem::{NotFoundPage, ProblemPage, SignInFailedPage};
