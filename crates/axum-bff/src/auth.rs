//! The routes of signing in and out. One file each; each is one step of the protocol as the
//! browser or the provider sees it.

mod backchannel_logout;
mod callback;
mod dismiss;
mod events;
mod frontchannel_logout;
mod jwks;
mod login;
mod logout;
mod page_failed;
mod session;

pub(crate) use backchannel_logout::backchannel_logout;
pub(crate) use callback::{callback, refuse_head};
pub(crate) use dismiss::dismiss;
pub(crate) use events::events;
pub(crate) use frontchannel_logout::frontchannel_logout;
pub(crate) use jwks::jwks;
pub(crate) use login::login;
pub(crate) use logout::{at_provider, logout};
pub(crate) use page_failed::page_failed;
pub(crate) use session::{extend_session, session};

use crate::bff::Bff;
use bff_session::EndedSession;

/// Revokes the tokens of a session that the provider says is over, but for those that were granted to work without the
/// person (Back-Channel Logout §2.7, LO-23).
fn revoke_unless_offline(state: &Bff, EndedSession { tokens, .. }: EndedSession) {
    let of_this_session = tokens.filter(|tokens| !tokens.scope.split(' ').any(|scope| scope == "offline_access"));
    state.revocations.revoke(of_this_session);
}
