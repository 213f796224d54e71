//! The sessions of a page, each with the button that ends it, and one that ends all of a person.

use super::address::page_after;
use crate::components::{Asking, Cancel, DeviceIcon, Moment};
use crate::device::{device_in_words, is_handheld};
use crate::server_functions::{AllSessions, EndAnySession, EndSessionsOf, ListedSession};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_bff::href;

/// A page of the list.
#[component]
pub(super) fn List(
    /// The sessions.
    list: AllSessions,
    /// The person that the address names, if it names one.
    subject: Option<String>,
) -> impl IntoView {
    let is_empty = list.sessions.is_empty();
    let older = list.next.map(|next| page_after(subject.as_deref(), &next));
    let rows = list
        .sessions
        .into_iter()
        .map(|session| view! { <Row session /> })
        .collect_view();
    let older = older.map(|address| {
        view! {
            <nav class="session-pages" aria-label="More of this list">
                <a class="button button-quiet" rel="external" href=href(&address)>
                    "Older"
                </a>
            </nav>
        }
    });
    let all = subject
        .filter(|_| !is_empty)
        .map(|subject| view! { <EndAll subject /> });
    view! {
        <ul class="session-rows">{rows}</ul>
        {is_empty.then(|| view! { <p class="session-none">"There is no live session here."</p> })}
        {older}
        {all}
    }
}

#[component]
fn Row(
    /// The session.
    session: ListedSession,
) -> impl IntoView {
    let asking = Asking::new();
    let device = device_in_words(&session.user_agent);
    let of = format!(" {}, {device}", session.subject);
    let question = if session.current {
        "End this session? It is your own."
    } else {
        "End this session? Unsaved work there may be lost."
    };
    view! {
        <li class="session-row">
            <DeviceIcon is_handheld=is_handheld(&session.user_agent) />
            <div class="session-head">
                <h3>
                    <bdi>{session.subject.clone()}</bdi>
                </h3>
                {session.current.then(|| view! { <p class="badge">"This session"</p> })}
            </div>
            <Facts session=session.clone() device />
            <details class="asks session-end" node_ref=asking>
                <summary class="button button-quiet">
                    "End" <span class="visually-hidden">{of}</span>
                </summary>
                <form method="post" action=href(EndAnySession::url())>
                    <input type="hidden" name="name" value=session.name />
                    <p>{question}</p>
                    <p class="actions">
                        <button class="button button-danger">"Yes, end it"</button>
                        <Cancel asking />
                    </p>
                </form>
            </details>
        </li>
    }
}

/// When, until when, from where, and how.
#[component]
fn Facts(
    /// The session.
    session: ListedSession,
    /// The browser in words.
    device: String,
) -> impl IntoView {
    let from = session.address.unwrap_or_else(|| "an unknown address".to_owned());
    let acr = session.acr.map(|acr| {
        view! {
            <div>
                <dt>"Way"</dt>
                <dd>
                    <bdi>{acr}</bdi>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="session-facts">
            <div>
                <dt>"Last seen"</dt>
                <dd>
                    <Moment moment=session.last_seen />
                </dd>
            </div>
            <div>
                <dt>"Started"</dt>
                <dd>
                    <Moment moment=session.signed_in_at />
                </dd>
            </div>
            <div>
                <dt>"Ends"</dt>
                <dd>
                    <Moment moment=session.ends_at />
                </dd>
            </div>
            <div>
                <dt>"From"</dt>
                <dd>
                    <bdi>{from}</bdi>
                </dd>
            </div>
            <div>
                <dt>"Browser"</dt>
                <dd>{device}</dd>
            </div>
            {acr}
        </dl>
    }
}

/// Ends all sessions of the person, after a second question.
#[component]
fn EndAll(
    /// The `sub` of the person.
    subject: String,
) -> impl IntoView {
    let asking = Asking::new();
    view! {
        <details class="asks end-others" node_ref=asking>
            <summary class="button button-quiet">"End all sessions of this person"</summary>
            <form method="post" action=href(EndSessionsOf::url())>
                <input type="hidden" name="subject" value=subject.clone() />
                <p>
                    "This ends every session of " <bdi>{subject}</bdi>
                    ", on all pages of the list, and a sign-in that is under way. Unsaved work there may be lost."
                </p>
                <p class="actions">
                    <button class="button button-danger">"Yes, end all of them"</button>
                    <Cancel asking />
                </p>
            </form>
        </details>
    }
}
