//! The paths that others rely on: browsers, the provider's registration, and the pages.

/// Begins a login.
pub const LOGIN: &str = "/auth/login";
/// The redirection endpoint, registered at the provider.
pub const CALLBACK: &str = "/auth/callback";
/// Ends the session.
pub const LOGOUT: &str = "/auth/logout";
/// Leads on to the provider's page, where its session ends.
pub const LOGOUT_AT_PROVIDER: &str = "/auth/logout/provider";
/// Closes the notice that says why the session ended.
pub const DISMISS: &str = "/auth/dismiss";
/// Where the provider's server says that its session is over; registered at the provider.
pub const BACKCHANNEL_LOGOUT: &str = "/auth/backchannel-logout";
/// The provider's page shows it in a frame while it signs a person out; registered there.
pub const FRONTCHANNEL_LOGOUT: &str = "/auth/frontchannel-logout";
/// The public halves of this client's keys; registered at the provider.
pub const JWKS: &str = "/auth/jwks";
/// The session's state, as JSON.
pub const SESSION: &str = "/auth/session";
/// The session's events, as server-sent events.
pub const EVENTS: &str = "/auth/events";
/// Where the browser lands after a logout; registered at the provider. A page.
pub const SIGNED_OUT: &str = "/signed-out";
/// Where a callback that failed lands. A page.
pub const SIGN_IN_FAILED: &str = "/sign-in-failed";
/// Where a page says that it goes on without its script.
pub const PAGE_FAILED: &str = "/auth/page-failed";
/// The sessions of everybody, for an administrator, where the application has switched that on.
pub const ADMINISTRATION: &str = "/auth/admin/sessions";
/// Where an administrator ends sessions.
pub const ADMINISTRATION_END: &str = "/auth/admin/sessions/end";
/// The prefix of relayed APIs: `/api/<name>/...`.
pub const API: &str = "/api/";
/// The prefix of server functions.
pub const FUNCTIONS: &str = "/_fn/";
/// Whether this process lives.
pub const LIVE: &str = "/livez";
/// Whether this process can do its work.
pub const READY: &str = "/readyz";

/// The pages of an application that a sign-in or a sign-out leads to. Each is a path on this origin, without a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The page after a sign-out. It has to be public. Register it at the provider as the post-logout address.
    pub signed_out: &'static str,
    /// The page after a sign-in that no page has started.
    pub after_sign_in: &'static str,
    /// The page after a sign-in in a window of its own, beside a page that waits for it. It needs a session.
    pub signed_in_window: &'static str,
}

impl Paths {
    /// The default paths: [`SIGNED_OUT`], `/` and `/signed-in`.
    pub const DEFAULT: Self = Self {
        signed_out: SIGNED_OUT,
        after_sign_in: "/",
        signed_in_window: "/signed-in",
    };
}

impl Default for Paths {
    fn default() -> Self {
        Self::DEFAULT
    }
}
