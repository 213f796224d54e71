//! Side by side: what this page sent, and what the API saw.

use super::answers::Whoami;
use crate::components::{Roles, fact, text_fact};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_bff::erased::erased;

/// Both sides of one request.
pub(super) fn proof(whoami: Whoami) -> AnyView {
    erased(view! {
        <section class="proof" aria-labelledby="proof">
            <h2 id="proof">"One request, seen from both ends"</h2>
            <div class="proof-sides">{sent()} {saw(whoami)}</div>
        </section>
    })
}

/// What this page sent. The cookie is what a script sees of it, now.
fn sent() -> AnyView {
    let cookie = match readable_cookies() {
        Some(none) if none.is_empty() => "empty".to_owned(),
        Some(some) => some,
        None => "not readable".to_owned(),
    };
    side(Side {
        title: "What this page sent",
        token: "no token",
        facts: vec![
            text_fact("Request", "GET /api/demo/whoami".to_owned()),
            text_fact("Headers that the script set", "x-csrf: 1".to_owned()),
            text_fact("document.cookie", cookie),
        ],
        note: "The browser added the session's cookie. It is HttpOnly: scripts do not see it.",
    })
}

/// What the API says of the same request.
fn saw(whoami: Whoami) -> AnyView {
    let token = if whoami.bearer { "a bearer token" } else { "no token" };
    let note = if whoami.has_header("cookie") {
        "A cookie arrived too: the relay should have kept it back."
    } else {
        "No cookie arrived: the relay keeps it back, and puts the token in its place."
    };
    let subject = whoami.sub.unwrap_or_else(|| "the application itself".to_owned());
    side(Side {
        title: "What the API saw",
        token,
        facts: vec![
            text_fact("In the name of", subject),
            text_fact("Token issued to", whoami.client_id),
            text_fact("Scope", whoami.scope),
            fact("Names of the headers", erased(view! { <Roles roles=whoami.headers /> })),
        ],
        note,
    })
}

struct Side {
    title: &'static str,
    token: &'static str,
    facts: Vec<AnyView>,
    note: &'static str,
}

fn side(side: Side) -> AnyView {
    erased(view! {
        <div class="card">
            <h3>{side.title}</h3>
            <p class="proof-verdict">
                <span class="badge">{side.token}</span>
            </p>
            <dl class="proof-facts">{side.facts}</dl>
            <p class="proof-note">{side.note}</p>
        </div>
    })
}

/// What `document.cookie` gives; None where the browser refuses.
fn readable_cookies() -> Option<String> {
    document().dyn_into::<web_sys::HtmlDocument>().ok()?.cookie().ok()
}
