//! One session, with the button that ends it.

use super::ending::{Ending, Endings};
use crate::calendar::{ago_in_words, rfc3339_in_words};
use crate::components::SignedInAt;
use crate::device::device_in_words;
use crate::server_functions::{EndSession, SessionSummary};
use leptos::prelude::*;
use leptos_bff::ActionForm;
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
    /// The messages about an ending.
    endings: Endings,
) -> impl IntoView {
    let Row { session, gone } = row;
    let device = device_in_words(&session.user_agent);
    let name = session.name.clone();
    // Two sessions may be on two devices of one kind: when one was last seen tells them apart.
    let of = format!(" {device}, last seen {}", ago_in_words(session.last_seen_ago));
    let action = ServerAction::<EndSession>::new();
    let pending = action.pending();
    endings.follow(pending, action.value(), Ending::One, vec![gone]);
    view! {
        <li class="session-row" hidden=move || gone.get()>
            <div>
                <h3>{device}</h3>
                <Facts session />
            </div>
            <ActionForm action>
                <input type="hidden" name="name" value=name />
                // Not `disabled`, which would take the focus away while the answer is awaited.
                <button class="button button-quiet" aria-disabled=move || pending.get().then_some("true")>
                    "Sign out"
                    <span class="visually-hidden">{of}</span>
                </button>
            </ActionForm>
        </li>
    }
}

/// When and from where.
#[component]
pub(super) fn Facts(
    /// The session.
    session: SessionSummary,
) -> impl IntoView {
    let SessionSummary {
        current,
        signed_in_at,
        last_seen,
        last_seen_ago,
        address,
        ..
    } = session;
    let from = address.unwrap_or_else(|| "an unknown address".to_owned());
    view! {
        <dl class="session-facts">
            <div>
                <dt>"Last seen"</dt>
                <dd>
                    {if current {
                        "now".into_any()
                    } else {
                        view! { <LastSeen moment=last_seen ago=last_seen_ago /> }.into_any()
                    }}
                </dd>
            </div>
            <div>
                <dt>"Signed in"</dt>
                <dd>
                    <SignedInAt moment=signed_in_at />
                </dd>
            </div>
            <div>
                <dt>"From"</dt>
                <dd>
                    <bdi>{from}</bdi>
                </dd>
            </div>
        </dl>
    }
}

/// How long ago it was, counted on while the page is open.
#[component]
fn LastSeen(
    /// RFC 3339, UTC.
    moment: String,
    /// Seconds since then, on the server's clock.
    ago: u64,
) -> impl IntoView {
    let elapsed = use_elapsed();
    let counted_from = elapsed.get_untracked();
    view! {
        <time title=rfc3339_in_words(&moment) datetime=moment>
            {move || ago_in_words(ago + elapsed.get().saturating_sub(counted_from))}
        </time>
    }
}
