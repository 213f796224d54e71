//! The page in the window of a sign-in that was made beside another page.

use crate::hydrated::once_hydrated;
use crate::pages::WhileSignedIn;
use crate::paths::use_paths;
use crate::public_path::href;
use crate::words::use_words;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page at which a sign-in in a window of its own ends ([`Paths::signed_in_window`](crate::Paths)). It says that the other
/// window goes on, and closes its own window if the browser allows that.
///
/// [`ParkingClient`](crate::ParkingClient) and [`SessionNotice`](crate::SessionNotice) open that window, so each application has
/// a route for the page. `server::pages` refuses an application without it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_bff::SignedInPage;
/// use leptos_router::components::{Route, Routes};
/// use leptos_router::path;
///
/// #[component]
/// fn Pages() -> impl IntoView {
///     view! {
///         <Routes fallback=|| "not found">
///             <Route path=path!("/signed-in") view=SignedInPage />
///         </Routes>
///     }
/// }
/// ```
#[component]
pub fn SignedInPage() -> impl IntoView {
    let (words, after_sign_in) = (use_words(), use_paths().after_sign_in);
    // The session is told to the other tabs before this one closes. A browser does not close a tab that a person opened.
    once_hydrated(|| {
        let _ = window().close();
    });
    view! {
        <Title text=words.signed_in.title />
        <WhileSignedIn>
            <article class="problem">
                <h1 tabindex="-1">{words.signed_in.title}</h1>
                <p class="lead">{words.signed_in.happened}</p>
                <p class="actions">
                    <a class="button button-quiet" rel="external" href=href(after_sign_in)>
                        {words.signed_in.stay}
                    </a>
                </p>
            </article>
        </WhileSignedIn>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::SignedInPage;
    use crate::session::{ActiveSession, SessionState};
    use crate::{BffProvider, Paths, Words};
    use bff_contract::access::Table;
    use leptos::prelude::*;
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;
    use serde_json::Map;

    const TABLE: Table = Table::new(&[]);
    const PATHS: Paths = Paths {
        after_sign_in: "/profile",
        ..Paths::DEFAULT
    };

    fn page(state: SessionState) -> String {
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/signed-in"));
            provide_context(state);
            let view = view! {
                <BffProvider table=TABLE paths=PATHS>
                    <Router>
                        <SignedInPage />
                    </Router>
                </BffProvider>
            };
            view.to_html()
        })
    }

    #[test]
    fn the_window_of_a_sign_in_says_that_the_other_one_goes_on() {
        let signed_in = page(SessionState::Active(ActiveSession {
            claims: Map::new(),
            roles: Vec::new(),
            left_out: None,
            issuer: String::new(),
            signed_in_at: String::new(),
            authenticated_ago: None,
            acr: None,
            expires_in: 1000,
            idle_expires_in: 1000,
            warning: 120,
        }));
        let words = Words::ENGLISH.signed_in;
        assert!(
            signed_in.contains(words.title) && signed_in.contains(words.happened),
            "{signed_in}"
        );
        assert!(signed_in.contains("href=\"/profile\""), "{signed_in}");
        let stranger = page(SessionState::Anonymous);
        assert!(!stranger.contains(words.happened), "{stranger}");
    }
}
