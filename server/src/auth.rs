//! The routes of signing in and out. One file each; each is one step of the protocol as the
//! browser sees it.

mod callback;
mod login;
mod logout;
mod session;

pub(crate) use callback::callback;
pub(crate) use login::login;
pub(crate) use logout::logout;
pub(crate) use session::session;
