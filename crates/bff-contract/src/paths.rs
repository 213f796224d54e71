//! The paths that others rely on: browsers, the provider's registration, and the pages.

/// Begins a login.
pub const LOGIN: &str = "/auth/login";
/// The redirection endpoint, registered at the provider.
pub const CALLBACK: &str = "/auth/callback";
/// Ends the session.
pub const LOGOUT: &str = "/auth/logout";
/// Puts away the notice that says why the session ended.
pub const DISMISS: &str = "/auth/dismiss";
/// Where the provider's server says that its session is over; registered at the provider.
pub const BACKCHANNEL_LOGOUT: &str = "/auth/backchannel-logout";
/// What the provider's page shows in a frame while it signs a person out; registered there.
pub const FRONTCHANNEL_LOGOUT: &str = "/auth/frontchannel-logout";
/// The public halves of this client's keys; registered at the provider.
pub const JWKS: &str = "/auth/jwks";
/// The session's state, as JSON.
pub const SESSION: &str = "/auth/session";
/// What happens to the session, as server-sent events.
pub const EVENTS: &str = "/auth/events";
/// Where the browser lands after a logout; registered at the provider. A page.
pub const SIGNED_OUT: &str = "/signed-out";
/// Where a callback that failed lands. A page.
pub const SIGN_IN_FAILED: &str = "/sign-in-failed";
/// Where a page says that it goes on without its script.
pub const PAGE_FAILED: &str = "/auth/page-failed";
/// What is below goes to the APIs: `/api/<name>/...`.
pub const API: &str = "/api/";
/// What is below are server functions.
pub const FUNCTIONS: &str = "/_fn/";
/// Whether this process lives.
pub const LIVE: &str = "/livez";
/// Whether this process can do its work.
pub const READY: &str = "/readyz";
