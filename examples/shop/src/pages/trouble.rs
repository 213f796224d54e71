//! The shop's views of a problem.

use crate::app::Frame;
use leptos::prelude::*;
use leptos_bff::problem::{NextStep, Problem};
use leptos_bff::{SignInLink, href, use_problem, use_words};
use leptos_meta::Title;

/// The problem page of the shop, in the shop's own layout.
#[component]
pub(crate) fn Trouble() -> impl IntoView {
    let words = use_words();
    let page = move |problem: Problem| {
        let said = (words.problem)(&problem.code, problem.status);
        let onward = match said.next {
            NextStep::SignIn | NextStep::SignInAgain => view! { <SignInLink /> }.into_any(),
            NextStep::TryAgain | NextStep::Home => {
                let home = "To the shelf";
                view! {
                    <a class="button" rel="external" href=href("/")>
                        {home}
                    </a>
                }
                .into_any()
            }
        };
        view! {
            <Title text=said.title />
            <article class="trouble">
                <p class="trouble-sign" aria-hidden="true">
                    "🔔"
                </p>
                <h1 tabindex="-1">{said.title}</h1>
                <p>{said.happened} " " {said.advice}</p>
                <p>{onward}</p>
                <p class="reference">"Ask us about " <code>{problem.reference}</code></p>
            </article>
        }
    };
    view! { <Frame>{use_problem().map(page)}</Frame> }
}

/// The message in a part of a page whose request failed.
#[component]
pub(crate) fn Unanswered(
    /// The problem of the request.
    problem: Problem,
) -> impl IntoView {
    let said = (use_words().problem)(&problem.code, problem.status);
    view! { <p class="unanswered">{said.title} ". " {said.advice}</p> }
}
