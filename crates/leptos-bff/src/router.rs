//! The router, and links, of an application that may be below a path of its origin.

#![expect(unreachable_pub, reason = "the component macro makes each component `pub`")]

use crate::public_path::use_public_path;
use leptos::oco::Oco;
use leptos::prelude::*;
use leptos_router::components::ToHref;

/// `leptos_router`'s `Router`, below the path of `BFF_PUBLIC_URL`. The routes inside name no part of that path. Use it inside of
/// [`BffProvider`](crate::BffProvider).
#[component(transparent)]
pub fn Router<Chil>(
    /// A signal that is on while a page is awaited.
    #[prop(optional, into)]
    set_is_routing: Option<SignalSetter<bool>>,
    /// The application with its `Routes`.
    children: TypedChildren<Chil>,
) -> impl IntoView
where
    Chil: IntoView,
{
    leptos_router::components::Router(leptos_router::components::RouterProps {
        base: Some(use_public_path().as_str().to_owned().into()),
        set_is_routing,
        children,
    })
}

/// `leptos_router`'s `A` for a path of the application, which is below the path of `BFF_PUBLIC_URL`. Use it inside of a [`Router`].
///
/// `leptos_router`'s own `A` leads past that path: it treats an `href` that begins with a slash as the whole address.
#[component]
pub fn A<H>(
    /// The path, or a path relative to the route.
    href: H,
    /// The window in which the page opens.
    #[prop(optional, into)]
    target: Option<Oco<'static, str>>,
    /// The link is current at its own address alone, and not at addresses below it. A link to `/` always behaves so.
    #[prop(optional)]
    exact: bool,
    /// An `href` with a slash at its end is current only at an address with one.
    #[prop(optional)]
    strict_trailing_slash: bool,
    /// The new page is shown from its top.
    #[prop(default = true)]
    scroll: bool,
    /// The content of the link.
    children: Children,
) -> impl IntoView
where
    H: ToHref + Send + Sync + 'static,
{
    let public_path = use_public_path();
    // Below a path the home page would be the beginning of each address.
    let is_home = untrack(|| href.to_href()()) == "/";
    leptos_router::components::A(leptos_router::components::AProps {
        href: move || public_path.before(&href.to_href()()),
        target,
        exact: exact || is_home,
        strict_trailing_slash,
        scroll,
        children,
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{A, Router};
    use crate::public_path::PublicPath;
    use leptos::prelude::*;
    use leptos_router::components::{FlatRoutes, Route};
    use leptos_router::location::RequestUrl;
    use leptos_router::path;

    fn page(public_path: &str, address: &str) -> String {
        Owner::new().with(|| {
            provide_context(PublicPath::new(public_path));
            provide_context(RequestUrl::new(address));
            let view = view! {
                <Router>
                    <A href="/">"home"</A>
                    <A href="/cart">"cart"</A>
                    <FlatRoutes fallback=|| "nothing">
                        <Route path=path!("/") view=|| "the shelf" />
                        <Route path=path!("/cart") view=|| "the cart" />
                    </FlatRoutes>
                </Router>
            };
            view.to_html()
        })
    }

    #[test]
    fn links_and_routes_are_below_the_public_path() {
        let cart = page("/shop", "/shop/cart");
        assert!(
            cart.contains("href=\"/shop/\">home") && cart.contains("the cart"),
            "{cart}"
        );
        assert!(
            cart.contains("href=\"/shop/cart\" aria-current=\"page\">cart"),
            "{cart}"
        );
        let beside = page("/shop", "/cart");
        assert!(beside.contains("nothing") && !beside.contains("the cart"), "{beside}");
    }

    #[test]
    fn the_link_to_the_home_page_is_current_there_alone() {
        for public_path in ["", "/shop"] {
            let at_home = page(public_path, &format!("{public_path}/"));
            let home = format!("href=\"{public_path}/\" aria-current=\"page\">home");
            assert!(at_home.contains(&home) && at_home.contains("the shelf"), "{at_home}");
            let elsewhere = page(public_path, &format!("{public_path}/cart"));
            assert!(
                !elsewhere.contains(&home) && elsewhere.contains("the cart"),
                "{elsewhere}"
            );
        }
    }
}
