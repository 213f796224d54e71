//! The document, the frame around each page, and the routes.

use crate::access::TABLE;
use crate::pages::{CartRoute, HomePage, OrderRoute, OrdersRoute, SignedOutRoute, StaffRoute, Trouble};
use crate::words::WORDS;
use leptos::prelude::*;
use leptos_bff::access::Decision;
use leptos_bff::guard::use_decision;
use leptos_bff::session::use_session;
use leptos_bff::{
    A, BffProvider, BffScripts, EndedNotice, NotFoundPage, Router, SignInLink, SignOutButton, SignedInPage, href,
    public_path,
};
use leptos_meta::{HashedStylesheet, MetaTags, Title};
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{Lazy, SsrMode, path};

/// The document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" type="image/svg+xml" href=href("/favicon.svg") />
                <AutoReload options=options.clone() />
                <BffScripts options=options.clone() words=WORDS />
                <HashedStylesheet options id="leptos" root=public_path() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole shop.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <BffProvider table=TABLE words=WORDS problem=Trouble>
            <Router>
                <Frame>
                    <FlatRoutes fallback=NotFoundPage>
                        <Route path=path!("/") view=HomePage />
                        <Route path=path!("/cart") view={Lazy::<CartRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/orders") view={Lazy::<OrdersRoute>::new()} ssr=SsrMode::Async />
                        // The status depends on the person, so the server has to know it before it sends the page.
                        <Route path=path!("/orders/:id") view={Lazy::<OrderRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/staff/orders") view={Lazy::<StaffRoute>::new()} ssr=SsrMode::Async />
                        <Route path=path!("/signed-in") view=SignedInPage />
                        <Route path=path!("/signed-out") view={Lazy::<SignedOutRoute>::new()} />
                    </FlatRoutes>
                </Frame>
            </Router>
        </BffProvider>
    }
}

/// The layout around each page and around a problem.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let decision = use_decision();
    let may_open = move |path| decision(path) == Decision::Allow;
    view! {
        <Title formatter=|text: String| format!("{text} · The bell shop") />
        <header>
            <a class="brand" href=href("/")>
                "The bell shop"
            </a>
            <nav>
                <Show when=move || may_open("/cart")>
                    <A href="/cart">"Cart"</A>
                    <A href="/orders" exact=true>
                        "Orders"
                    </A>
                </Show>
                <Show when=move || may_open("/staff/orders")>
                    <A href="/staff/orders">"Staff"</A>
                </Show>
            </nav>
            <Account />
        </header>
        <EndedNotice />
        <main>{children()}</main>
    }
}

/// The name of the signed-in person and the sign-out, or the sign-in.
#[component]
fn Account() -> impl IntoView {
    let session = use_session();
    let name =
        Memo::new(move |_| session.with(|state| state.active().map(|session| session.display_name().to_owned())));
    move || match name.get() {
        Some(name) => view! {
            <span class="person">{name}</span>
            <SignOutButton />
        }
        .into_any(),
        None => view! { <SignInLink /> }.into_any(),
    }
}
