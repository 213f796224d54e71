//! Side by side: the request that this page sent, and the request that the API received.

use super::answers::Whoami;
use crate::components::Roles;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// Both sides of one request.
#[component]
pub(super) fn Proof(
    /// The API's answer.
    whoami: Whoami,
) -> impl IntoView {
    view! {
        <section class="proof" aria-labelledby="proof">
            <h2 id="proof">"One request, seen from both ends"</h2>
            <div class="proof-sides">
                <Sent />
                <Saw whoami />
            </div>
        </section>
    }
}

/// The request of this page. The cookie is the part that a script can read now.
#[component]
fn Sent() -> impl IntoView {
    let cookie = match readable_cookies() {
        Some(none) if none.is_empty() => "empty".to_owned(),
        Some(some) => some,
        None => "not readable".to_owned(),
    };
    view! {
        <div class="card">
            <h3>"What this page sent"</h3>
            <p class="proof-verdict">
                <span class="badge">"no token"</span>
            </p>
            <dl class="proof-facts">
                <Fact term="Request">"GET /api/demo/whoami"</Fact>
                <Fact term="Headers that the script set">"x-csrf: 1"</Fact>
                <Fact term="document.cookie">{cookie}</Fact>
            </dl>
            <p class="proof-note">
                "The browser added the session's cookie. It is HttpOnly: scripts do not see it."
            </p>
        </div>
    }
}

/// The same request as the API received it.
#[component]
fn Saw(
    /// The API's answer.
    whoami: Whoami,
) -> impl IntoView {
    let token = if whoami.bearer { "a bearer token" } else { "no token" };
    let note = if whoami.has_header("cookie") {
        "A cookie arrived too: the relay should have kept it back."
    } else {
        "No cookie arrived: the relay keeps it back, and puts the token in its place."
    };
    let subject = whoami.sub.unwrap_or_else(|| "the application itself".to_owned());
    view! {
        <div class="card">
            <h3>"What the API saw"</h3>
            <p class="proof-verdict">
                <span class="badge">{token}</span>
            </p>
            <dl class="proof-facts">
                <Fact term="In the name of">{subject}</Fact>
                <Fact term="Token issued to">{whoami.client_id}</Fact>
                <Fact term="Scope">{whoami.scope}</Fact>
                <div>
                    <dt>"Names of the headers"</dt>
                    <dd>
                        <Roles roles=whoami.headers />
                    </dd>
                </div>
            </dl>
            <p class="proof-note">{note}</p>
        </div>
    }
}

/// A term and its value. The value's text may run from left to right or from right to left.
#[component]
fn Fact(
    /// Its name.
    term: &'static str,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>
                <bdi>{children()}</bdi>
            </dd>
        </div>
    }
}

/// The value of `document.cookie`. `None` where the browser refuses.
fn readable_cookies() -> Option<String> {
    document().dyn_into::<web_sys::HtmlDocument>().ok()?.cookie().ok()
}
