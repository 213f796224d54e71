//! The parts that pages are made of.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

mod asking;
mod claims_table;
mod device_icon;
mod footer;
mod header;
mod moment;
mod outcome;
mod person;
mod reread_claims;
mod table_head;
mod unreadable;

pub(crate) use asking::{Asking, Cancel, focus_on, put_away};
pub(crate) use claims_table::ClaimsTable;
pub(crate) use device_icon::DeviceIcon;
pub(crate) use footer::Footer;
pub(crate) use header::Header;
pub(crate) use moment::Moment;
pub(crate) use outcome::{OutcomeLine, Said};
pub(crate) use person::{Monogram, Roles};
pub(crate) use reread_claims::RereadClaims;
pub(crate) use table_head::table_head;
pub(crate) use unreadable::Unreadable;
