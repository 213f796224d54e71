//! The path of `BFF_PUBLIC_URL`, below which the application is.
//!
//! The application names its paths without it: in its routes, in the access table and in the calls of this crate. The router
//! and the browser see whole addresses. On the server the router sees them too, because both have to render the same page.

use leptos::prelude::*;
use leptos::server_fn::client::set_server_url;
use leptos_router::hooks::use_location;
use std::sync::{Arc, OnceLock};

/// The path without a slash at its end: `/shop`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicPath(Arc<str>);

/// The path of the page that the browser shows, for code outside of every component.
static IN_BROWSER: OnceLock<PublicPath> = OnceLock::new();

impl PublicPath {
    pub(crate) fn new(path: &str) -> Self {
        Self(path.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of a path of the application: `/shop/cart` for `/cart`. All else is an address already, such as that of
    /// another origin, and `#place`.
    pub(crate) fn before(&self, path: &str) -> String {
        if path.starts_with('/') && !path.starts_with("//") {
            format!("{}{path}", self.0)
        } else {
            path.to_owned()
        }
    }

    /// The address of the page at a path that an address bar shows. Always of this host: two slashes at the beginning, or a slash
    /// and a backslash, would name another one (URL Standard §4.4). A dot segment before them changes nothing else.
    fn page(&self, path: &str) -> String {
        if path.starts_with("//") || path.starts_with("/\\") {
            format!("{}/.{path}", self.0)
        } else {
            self.before(path)
        }
    }

    /// The application's path for the path of an address: `/cart` for `/shop/cart`. `None` beside the path.
    pub(crate) fn below<'a>(&self, seen: &'a str) -> Option<&'a str> {
        match seen.strip_prefix(&*self.0)? {
            "" => Some("/"),
            path if self.0.is_empty() || path.starts_with('/') => Some(path),
            _ => None,
        }
    }

    /// The same for the path of a link that the router may follow. `None` also if the router would write another host into
    /// the address bar. It decodes the path, and a browser then reads a backslash as a slash and passes over tabs and line ends
    /// (URL Standard §4.4). It refuses such an address to a script, and the page would be loaded from that host instead.
    pub(crate) fn routed<'a>(&self, linked: &'a str) -> Option<&'a str> {
        const PASSED_OVER: [&str; 4] = ["%5C", "%09", "%0A", "%0D"];
        self.below(linked).filter(|path| {
            let start = path.get(1..4).unwrap_or_default();
            !path.starts_with("//") && !PASSED_OVER.iter().any(|code| code.eq_ignore_ascii_case(start))
        })
    }
}

/// Gives the path of the request to everything inside, and to the page in the browser.
pub(crate) fn provide_public_path() {
    // As it is: a reader of JSON that gives a text, and names the fault of another, weighs more than the rest of this file.
    let path = SharedValue::new_str(|| use_context::<PublicPath>().map_or_else(String::new, |path| path.0.to_string()));
    if cfg!(feature = "ssr") {
        return;
    }
    let path: &'static str = path.into_inner().leak();
    // A page has one path for as long as it lives.
    if IN_BROWSER.set(PublicPath::new(path)).is_ok() && !path.is_empty() {
        set_server_url(path);
    }
}

pub(crate) fn use_public_path() -> PublicPath {
    let known = if cfg!(feature = "ssr") {
        use_context()
    } else {
        IN_BROWSER.get().cloned()
    };
    known.unwrap_or_default()
}

/// The address of a path of the application: `/shop/cart` for `/cart`, if `BFF_PUBLIC_URL` is `https://example.com/shop`.
/// An address of another origin, and a reference to a place in the page, stay as they are.
///
/// It is for the `href` of a plain link, for the `action` of a plain form, and for an address that a script asks.
/// [`A`](crate::A), [`ActionForm`](crate::ActionForm), the other components of this crate and [`fetch`](crate::fetch) take
/// paths of the application, and put the path of `BFF_PUBLIC_URL` before them by themselves.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_bff::href;
///
/// #[component]
/// fn Brand() -> impl IntoView {
///     view! { <a href=href("/")>"The bell shop"</a> }
/// }
/// ```
#[must_use]
pub fn href(path: &str) -> String {
    use_public_path().before(path)
}

/// The address of a page whose path the address bar has shown: anybody can write a link with such a path.
pub(crate) fn href_of_page(path: &str) -> String {
    use_public_path().page(path)
}

/// The path of `BFF_PUBLIC_URL`, without a slash at its end: `/shop`, or nothing. It is for components that put it before an
/// address by themselves, such as `leptos_meta`'s `HashedStylesheet` (`root`).
#[must_use]
pub fn public_path() -> String {
    use_public_path().as_str().to_owned()
}

/// The path of the page that is shown, as the routes of the application and the access table name it: `/cart` at
/// `/shop/cart`. `leptos_router`'s `use_location` has the whole path.
///
/// # Panics
///
/// Outside of a router.
#[must_use]
pub fn use_pathname() -> Signal<String> {
    let (seen, public_path) = (use_location().pathname, use_public_path());
    Signal::derive(move || seen.with(|seen| public_path.below(seen).unwrap_or(seen).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::PublicPath;

    #[test]
    fn a_path_of_the_application_is_below_the_public_one_and_nothing_else_is() {
        let shop = PublicPath::new("/shop");
        for (path, address) in [
            ("/", "/shop/"),
            ("/cart?x=1#y", "/shop/cart?x=1#y"),
            ("/shop", "/shop/shop"),
            ("#place", "#place"),
            ("?x=1", "?x=1"),
            ("//elsewhere.example/", "//elsewhere.example/"),
            ("https://elsewhere.example/", "https://elsewhere.example/"),
        ] {
            assert_eq!(shop.before(path), address);
            assert_eq!(PublicPath::default().before(path), path);
        }
    }

    #[test]
    fn a_page_is_of_this_host_whatever_its_path_is() {
        let shop = PublicPath::new("/shop");
        for (path, address) in [
            ("/cart?x=1", "/cart?x=1"),
            ("//elsewhere.example/cart", "/.//elsewhere.example/cart"),
            ("///elsewhere.example", "/.///elsewhere.example"),
            ("/\\elsewhere.example", "/./\\elsewhere.example"),
            ("//", "/.//"),
        ] {
            assert_eq!(PublicPath::default().page(path), address);
            assert_eq!(shop.page(path), format!("/shop{address}"));
        }
    }

    #[test]
    fn an_address_beside_the_public_path_is_none_of_the_application() {
        let shop = PublicPath::new("/shop");
        for (seen, path) in [
            ("/shop", Some("/")),
            ("/shop/", Some("/")),
            ("/shop/cart", Some("/cart")),
            ("/shop/shop", Some("/shop")),
            ("/shopping", None),
            ("/", None),
            ("/cart", None),
        ] {
            assert_eq!(shop.below(seen), path, "{seen}");
        }
        for path in ["/", "/cart", "//"] {
            assert_eq!(PublicPath::default().below(path), Some(path));
        }
    }

    #[test]
    fn a_link_that_the_router_would_take_for_another_host_is_left_to_the_browser() {
        let (root, shop) = (PublicPath::default(), PublicPath::new("/shop"));
        for path in ["/", "/cart", "/%5", "/%25", "/cart//lamp", "/cart/%5Clamp", "/%é"] {
            assert_eq!(root.routed(path), Some(path));
            assert_eq!(shop.routed(&format!("/shop{path}")), Some(path));
            assert_eq!(shop.routed(path), None, "beside the path");
        }
        for path in [
            "//elsewhere.example/cart",
            "/%5Celsewhere.example/cart",
            "/%5celsewhere.example",
            "/%09/elsewhere.example",
            "/%0a%5Celsewhere.example",
            "/%0D",
            "//",
        ] {
            assert_eq!(root.routed(path), None, "{path}");
            assert_eq!(shop.routed(&format!("/shop{path}")), None, "{path}");
        }
    }
}
