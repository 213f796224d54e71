//! One request at its three places: this page, this server, and the API.

use super::answers::Whoami;
use crate::components::Roles;
use crate::server_functions::SentCookie;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// A cookie comes in, and a token goes out.
#[component]
pub(super) fn Proof(
    /// The API's answer.
    whoami: Whoami,
    /// The cookies that the browser sent.
    cookies: Vec<SentCookie>,
) -> impl IntoView {
    let token = whoami.token();
    view! {
        <section class="proof" aria-labelledby="proof">
            <h2 id="proof">"One request: cookie in, token out"</h2>
            <ol class="strip">
                <Sent cookies />
                <Changed token />
                <Saw whoami />
            </ol>
        </section>
    }
}

/// The request of this page. The cookie is the part that a script can read now.
#[component]
fn Sent(
    /// The cookies that the browser sent.
    cookies: Vec<SentCookie>,
) -> impl IntoView {
    let readable = match readable_cookies() {
        Some(none) if none.is_empty() => "empty".to_owned(),
        Some(some) => some,
        None => "not readable".to_owned(),
    };
    let sent: Vec<_> = cookies
        .into_iter()
        .map(|SentCookie { name, length }| format!("{name}, {length} characters"))
        .collect();
    let sent = if sent.is_empty() {
        "the session's".to_owned()
    } else {
        sent.join("; ")
    };
    view! {
        <li class="card">
            <h3>"What this page sent"</h3>
            <p class="proof-verdict">
                <span class="badge">"no token"</span>
            </p>
            <dl class="proof-facts">
                <Fact term="Request">"GET /api/demo/whoami"</Fact>
                <Fact term="Headers that the script set">"x-csrf: 1"</Fact>
                <Fact term="Cookie that the browser added">{sent}</Fact>
                <Fact term="document.cookie">{readable}</Fact>
            </dl>
        </li>
    }
}

/// What the relay did with it.
#[component]
fn Changed(
    /// The token, in words.
    token: String,
) -> impl IntoView {
    view! {
        <li class="card">
            <h3>"What this server changed"</h3>
            <p class="proof-verdict">
                <span class="badge">"cookie in, token out"</span>
            </p>
            <dl class="proof-facts">
                <Fact term="Asked first">"is there a session, and may its person call this API?"</Fact>
                <Fact term="Taken off">"the cookie, and the headers that tell of the browser"</Fact>
                <Fact term="Put on">{token}</Fact>
            </dl>
        </li>
    }
}

/// The same request as the API received it.
#[component]
fn Saw(
    /// The API's answer.
    whoami: Whoami,
) -> impl IntoView {
    let (token, has_cookie) = (whoami.token(), whoami.has_header("cookie"));
    let cookie = if has_cookie {
        "one, which the relay should have kept back"
    } else {
        "none"
    };
    let subject = whoami.sub.unwrap_or_else(|| "the application itself".to_owned());
    view! {
        <li class="card">
            <h3>"What the API saw"</h3>
            <p class="proof-verdict">
                <span class="badge">{token}</span>
            </p>
            <dl class="proof-facts">
                <Fact term="In the name of">{subject}</Fact>
                <Fact term="Token issued to">{whoami.client_id}</Fact>
                <Fact term="Scope">{whoami.scope}</Fact>
                <Fact term="Cookie">{cookie}</Fact>
                <div>
                    <dt>"Names of the headers"</dt>
                    <dd>
                        <Roles roles=whoami.headers />
                    </dd>
                </div>
            </dl>
        </li>
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
