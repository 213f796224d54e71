//! The addresses that come back to a page: of the sign-in, and of the request that closes a notice.

use crate::hydrated::use_hydrated;
use crate::paths::use_paths;
use crate::public_path::{PublicPath, use_pathname, use_public_path};
use bff_contract::paths::{DISMISS, FUNCTIONS, LOGIN, Paths, SIGN_IN_FAILED};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::fmt::Write;

/// The address of a sign-in beside a page, for a link that opens a window of its own. The page learns of the sign-in and goes on.
#[must_use]
pub fn sign_in_beside() -> String {
    sign_in_href(use_paths().signed_in_window)
}

/// The address of the sign-in, with the path of the application to come back to.
#[must_use]
pub fn sign_in_href(return_to: &str) -> String {
    sign_in_below(&use_public_path(), return_to)
}

pub(crate) fn sign_in_below(public_path: &PublicPath, return_to: &str) -> String {
    and_back(public_path, LOGIN, return_to)
}

/// The address that closes a notice, with the path of the application to come back to: see
/// [`EndedNotice`](crate::EndedNotice).
pub(crate) fn dismiss_href(return_to: &str) -> String {
    and_back(&use_public_path(), DISMISS, return_to)
}

fn and_back(public_path: &PublicPath, path: &str, return_to: &str) -> String {
    let mut href = format!("{}?return_to=", public_path.before(path));
    for byte in public_path.before(return_to).bytes() {
        // RFC 3986 §2.3 unreserved, and `/`, which a query may hold as it is (§3.4).
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            href.push(char::from(byte));
        } else {
            let _ = write!(href, "%{byte:02X}");
        }
    }
    href
}

/// This page's own path to come back to, as the application names it, with its query and, once the page is interactive,
/// its fragment, which browsers do not send to a server.
///
/// # Panics
///
/// Outside of a router, and without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_here() -> Signal<String> {
    let (pathname, location, hydrated) = (use_pathname(), use_location(), use_hydrated());
    Signal::derive(move || {
        let mut here = pathname.get();
        let query = location.search.get();
        if !query.is_empty() && !query.starts_with('?') {
            here.push('?');
        }
        here.push_str(&query);
        if hydrated.get() {
            here.push_str(&location.hash.get());
        }
        here
    })
}

/// The page after a sign-in from the page at this path: that page, unless
/// it is about signing in or out, or is an error. A server function's path is no page to come back to.
pub(crate) fn return_to(paths: Paths, here: &str, is_problem: bool) -> &str {
    let path = here.split(['?', '#']).next().unwrap_or_default();
    let is_about_signing_in = [paths.signed_in_window, paths.signed_out, SIGN_IN_FAILED].contains(&path);
    match path {
        _ if is_about_signing_in || path.starts_with(FUNCTIONS) => paths.after_sign_in,
        _ if is_problem => "/",
        _ => here,
    }
}

#[cfg(test)]
mod tests {
    use super::sign_in_below;
    use crate::public_path::PublicPath;
    use bff_contract::paths::Paths;

    #[test]
    fn a_path_is_escaped_for_the_query() {
        assert_eq!(
            sign_in_below(&PublicPath::default(), "/a b?c=d&e#f%/é"),
            "/auth/login?return_to=/a%20b%3Fc%3Dd%26e%23f%25/%C3%A9"
        );
    }

    #[test]
    fn the_sign_in_and_the_page_after_it_are_below_the_public_path() {
        assert_eq!(
            sign_in_below(&PublicPath::new("/shop"), "/cart?x=1"),
            "/shop/auth/login?return_to=/shop/cart%3Fx%3D1"
        );
    }

    #[test]
    fn a_page_about_signing_in_is_not_returned_to() {
        let paths = Paths {
            signed_out: "/bye",
            after_sign_in: "/profile",
            ..Paths::DEFAULT
        };
        let return_to = |here, is_problem| super::return_to(paths, here, is_problem);
        assert_eq!(return_to("/admin?a=b#c", false), "/admin?a=b#c");
        assert_eq!(return_to("/_fn/end_session", false), "/profile");
        assert_eq!(return_to("/bye?provider=none", false), "/profile");
        assert_eq!(return_to("/sign-in-failed", true), "/profile");
        assert_eq!(return_to("/auth/callback", true), "/");
    }
}
