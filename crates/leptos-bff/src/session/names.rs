//! Names that the parts of a page agree on, the script that starts it (`scripts/start.js`) among them.

/// The lock of the tab that leads, and the channel on which tabs speak; the path of `BFF_PUBLIC_URL` stands behind it. Browsers
/// have one of a name for all applications of an origin.
pub(crate) const CHANNEL: &str = "session-state";
/// The event of the window when its page is interactive.
pub(crate) const PAGE_HYDRATED: &str = "page-hydrated";
/// The event of the window when its WASM has stopped for good.
pub(crate) const PAGE_FAILED: &str = "page-failed";
