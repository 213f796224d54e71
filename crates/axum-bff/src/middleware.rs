//! The layers around every dynamic route. Their order is in `router.rs`.

mod access;
mod body_limit;
mod check;
mod csrf;
mod error_response;
mod form_answer;
mod outer;
mod prefetch;
mod request_log;
mod security_headers;
mod session_state;
mod shared;

pub(crate) use access::{access, admitted, satisfied};
pub(crate) use body_limit::body_limit;
pub(crate) use check::check;
pub(crate) use csrf::csrf;
pub(crate) use form_answer::form_answer;
pub(crate) use outer::outer;
pub(crate) use prefetch::refuse_prefetch;
pub(crate) use security_headers::static_headers;
pub use session_state::session_state;
pub(crate) use session_state::session_state_layer;
pub(crate) use shared::shared;
