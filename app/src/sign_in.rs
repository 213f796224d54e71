//! The addresses that come back to a page: where signing in starts, and where a notice is put away.

use std::fmt::Write;

/// Signing in beside a page, which hears of it and goes on.
pub(crate) const SIGN_IN_BESIDE: &str = "/auth/login?return_to=/signed-in";

/// `/auth/login` with the local path to come back to.
pub(crate) fn sign_in_href(return_to: &str) -> String {
    and_back("/auth/login?return_to=", return_to)
}

/// `/auth/dismiss` with the local path to come back to: see [`EndedNotice`](crate::components::EndedNotice).
pub(crate) fn dismiss_href(return_to: &str) -> String {
    and_back("/auth/dismiss?return_to=", return_to)
}

fn and_back(address: &str, return_to: &str) -> String {
    let mut href = String::from(address);
    for byte in return_to.bytes() {
        // RFC 3986 §2.3 unreserved, and `/`, which a query may hold as it is (§3.4).
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            href.push(char::from(byte));
        } else {
            let _ = write!(href, "%{byte:02X}");
        }
    }
    href
}

/// Where a person who signs in from the page at `path` wants to be afterwards: there, unless
/// that page is about signing in or out, or is an error.
pub(crate) fn return_to(path: &str, is_problem: bool) -> &str {
    match path {
        "/signed-out" | "/sign-in-failed" => "/profile",
        _ if is_problem => "/",
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::{return_to, sign_in_href};

    #[test]
    fn a_path_is_escaped_for_the_query() {
        assert_eq!(
            sign_in_href("/a b?c=d&e#f%/é"),
            "/auth/login?return_to=/a%20b%3Fc%3Dd%26e%23f%25/%C3%A9"
        );
    }

    #[test]
    fn a_page_about_signing_in_is_not_returned_to() {
        assert_eq!(return_to("/admin", false), "/admin");
        assert_eq!(return_to("/signed-out", false), "/profile");
        assert_eq!(return_to("/sign-in-failed", true), "/profile");
        assert_eq!(return_to("/auth/callback", true), "/");
    }
}
