//! The parts that every application shows.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod copy_button;
mod ended_notice;
mod remaining_time;
mod session_notice;
mod sign_in_link;
mod sign_out_button;

pub use copy_button::CopyButton;
pub use ended_notice::EndedNotice;
pub use remaining_time::RemainingTime;
pub use session_notice::SessionNotice;
pub use sign_in_link::SignInLink;
pub use sign_out_button::SignOutButton;
