//! The layers around every dynamic route. Their order is in `router.rs`.

mod access;
mod around;
mod below;
mod check;
mod error_response;
mod forms;
mod outer;
mod security_headers;
mod session_state;
mod shared;
mod timeout;

pub(crate) use access::{access, admitted, satisfied};
pub(crate) use around::{Answer, Inner, Waiting, around};
pub(crate) use below::below;
pub(crate) use check::{check, csrf, refuse_prefetch};
pub(crate) use forms::{body_limit, form_response};
pub(crate) use outer::outer;
pub(crate) use security_headers::{USUAL, static_headers};
pub use session_state::session_state;
pub(crate) use session_state::{Reading, with_session};
pub(crate) use shared::shared;
pub(crate) use timeout::timeout;
