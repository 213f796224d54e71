//! The layers around every dynamic route. Their order is in `router.rs`.

mod access;
mod csrf;
mod request_log;
mod security_headers;
mod session_state;

pub(crate) use access::access;
pub(crate) use csrf::csrf;
pub use request_log::RequestId;
pub(crate) use request_log::request_log;
pub(crate) use security_headers::{PageNonce, security_headers, static_headers};
pub(crate) use session_state::session_state_layer;
pub use session_state::{Presented, session_state};
