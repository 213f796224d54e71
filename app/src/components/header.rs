//! The head of every page: the links, and the person who is signed in. It has one row, or two on a narrow screen: the links
//! then scroll sideways.
//!
//! All of it is in the first HTML, from the session's state that the server provided, so nothing
//! flashes and nothing is asked for.

use super::Monogram;
use crate::app::NAME;
use bff_contract::access::Decision;
use leptos::prelude::*;
use leptos_bff::guard::use_decision;
use leptos_bff::session::{SessionState, use_session};
use leptos_bff::{A, EndedNotice, SignInLink, SignOutButton, href};

/// The pages that the header shows to a person who may open them, if need be after authenticating again. The profile
/// is shown to everybody, because a sign-in leads there.
const LINKS: [(&str, &str); 4] = [
    ("/notes", "Notes"),
    ("/sessions", "Sessions"),
    ("/orders", "API call"),
    ("/admin", "Access"),
];

/// Brand, navigation, and the account.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let decision = use_decision();
    let is_offered = move |path| matches!(decision(path), Decision::Allow | Decision::StepUp(_));
    view! {
        <header class="site-header">
            <div class="site-header-row">
                <a class="brand" href=href("/")>
                    <span class="brand-drawing" inner_html=BRAND_MARK></span>
                    <span class="brand-name">{NAME}</span>
                </a>
                <nav class="site-nav" aria-label="Pages">
                    <ul>
                        <li>
                            <A href="/profile" exact=true>
                                "Profile"
                            </A>
                        </li>
                        {LINKS
                            .map(|(path, label)| {
                                view! {
                                    <Show when=move || is_offered(path)>
                                        <li>
                                            <A href=path exact=true>
                                                {label}
                                            </A>
                                        </li>
                                    </Show>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
                <div class="account">
                    <Account />
                </div>
            </div>
            <EndedNotice />
        </header>
    }
}

/// The person's name with the sign-out, or the sign-in, or the notice that the session is uncertain.
#[component]
fn Account() -> impl IntoView {
    let session = use_session();
    move || match session.get() {
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            let name = session.display_name().to_owned();
            view! {
                <span class="person">
                    <Monogram name=name.clone() />
                    <span class="visually-hidden">"Signed in as "</span>
                    <bdi class="person-name">{name}</bdi>
                </span>
                <SignOutButton />
            }
            .into_any()
        }
        SessionState::Anonymous | SessionState::Ended { .. } => view! { <SignInLink /> }.into_any(),
        SessionState::Degraded(None) => {
            view! { <span class="account-note">"Sessions are unavailable"</span> }.into_any()
        }
    }
}

/// A gate with a keyhole cut out of it, in the colour of the text around it, so it follows the colours of the system where a
/// person has chosen some. As text, because it never changes.
const BRAND_MARK: &str = concat!(
    r#"<svg class="brand-mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">"#,
    r#"<path fill-rule="evenodd" d="M5 29V14.5C5 8.1 9.9 3 16 3s11 5.1 11 11.5V29z"#,
    r#"M16 11.5a3.4 3.4 0 0 0-1.7 6.3L13.2 24h5.6l-1.1-6.2A3.4 3.4 0 0 0 16 11.5z"/></svg>"#,
);
