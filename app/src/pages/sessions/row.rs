//! One session, with the button that ends it.

use super::ending::{Ending, Endings};
use crate::calendar::{ago_in_words, rfc3339_in_words};
use crate::components::{SignedInAt, fact, text_fact};
use crate::device::device_in_words;
use crate::server_functions::{EndSession, SessionSummary};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::erased::{dynamic, erased};
use leptos_bff::session::use_elapsed;

/// Another session than this one.
pub(super) struct Row {
    session: SessionSummary,
    /// Whether it was ended from here: its row is then hidden.
    pub(super) gone: RwSignal<bool>,
}

impl Row {
    pub(super) fn new(session: SessionSummary) -> Self {
        let gone = RwSignal::new(false);
        Self { session, gone }
    }
}

/// Another session, and the button that ends it.
#[component]
pub(super) fn OtherRow(
    /// The session.
    row: Row,
    /// How far the ending is.
    endings: Endings,
) -> impl IntoView {
    let Row { session, gone } = row;
    let device = device_in_words(&session.user_agent);
    let name = session.name.clone();
    // Two sessions may be on two devices of one kind: when one was last seen tells them apart.
    let of = format!(" {device}, last seen {}", ago_in_words(session.last_seen_ago));
    let ask = {
        let name = name.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            // A session's name is safe in an address as it is.
            endings.end(Ending::One, EndSession::url(), format!("name={name}"), vec![gone]);
        }
    };
    view! {
        <li class="session-row" hidden=dynamic(move || gone.get())>
            <div>
                <h3>{device}</h3>
                {facts(session)}
            </div>
            <form method="post" action=EndSession::url() on:submit=ask>
                <input type="hidden" name="name" value=name />
                <button
                    class="button button-quiet"
                    aria-disabled=dynamic(move || endings.is_pending())
                >
                    "Sign out"
                    <span class="visually-hidden">{of}</span>
                </button>
            </form>
        </li>
    }
}

/// When and from where.
pub(super) fn facts(session: SessionSummary) -> AnyView {
    let last_seen = if session.current {
        erased("now")
    } else {
        last_seen(session.last_seen, session.last_seen_ago)
    };
    let from = session.address.unwrap_or_else(|| "an unknown address".to_owned());
    let signed_in = erased(view! { <SignedInAt moment=session.signed_in_at /> });
    let facts = vec![
        fact("Last seen", last_seen),
        fact("Signed in", signed_in),
        text_fact("From", from),
    ];
    erased(view! { <dl class="session-facts">{facts}</dl> })
}

/// How long ago it was, counted on while the page is open.
fn last_seen(moment: String, ago: u64) -> AnyView {
    let elapsed = use_elapsed();
    let counted_from = elapsed.get_untracked();
    let words = dynamic(move || ago_in_words(ago + elapsed.get().saturating_sub(counted_from)));
    erased(view! {
        <time title=rfc3339_in_words(&moment) datetime=moment>
            {words}
        </time>
    })
}
