//! The parts that pages are made of.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod claims_table;
mod copy_button;
mod ended_notice;
mod fact;
mod footer;
mod header;
mod person;
mod remaining_time;
mod reread_claims;
mod session_notice;
mod signed_in_at;

pub(crate) use claims_table::{ClaimsTable, use_filter};
pub(crate) use ended_notice::EndedNotice;
pub(crate) use fact::{fact, text_fact};
pub(crate) use footer::Footer;
pub(crate) use header::Header;
pub(crate) use person::{Monogram, Roles, initials};
pub(crate) use remaining_time::RemainingTime;
pub(crate) use reread_claims::{Progress, RereadClaims, use_progress};
pub use session_notice::SessionNotice;
pub(crate) use signed_in_at::SignedInAt;
