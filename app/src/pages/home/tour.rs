//! The tour: five things to try, which tick themselves off as they happen.

use crate::tour::{Step, Tour, use_tour};
use leptos::prelude::*;
use leptos_bff::session::use_session;
use leptos_bff::{A, href, use_hydrated};

#[component]
pub(super) fn Cards(
    /// Where a step is announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let (tour, hydrated) = (use_tour(), use_hydrated());
    Effect::new(move |before: Option<usize>| {
        let count = tour.steps().count();
        if hydrated.get_untracked() && before.is_some_and(|before| count > before) {
            announce.set(progress(count));
        }
        count
    });
    view! {
        <section class="tour" aria-labelledby="tour">
            <div class="tour-head">
                <h2 id="tour">"Five things to try"</h2>
                <p class="tour-count">
                    {move || progress(tour.steps().count())}
                    " "
                    <button
                        type="button"
                        class="copy"
                        hidden=move || !hydrated.get() || tour.steps().count() == 0
                        on:click=move |_| tour.forget()
                    >
                        "Start over"
                    </button>
                </p>
            </div>
            <p class="section-lead">"Leave this page open. Each card ticks itself off when its thing happens."</p>
            <ol class="tour-cards">
                <Card
                    tour
                    step=Step::SecondTab
                    title="Sign out in a second tab"
                    says="Sign out over there, and look here: within a second this page shows nothing of you any more."
                >
                    <a class="button button-quiet" href=href("/profile") target="_blank" rel="external">
                        "Open a second tab"
                    </a>
                </Card>
                <Card
                    tour
                    step=Step::Elsewhere
                    title="End a session from elsewhere"
                    says="Be the same person in a private window, and end this browser's session from its list. This page says why."
                >
                    <Way to="/sessions" label="See your sessions" />
                </Card>
                <Card
                    tour
                    step=Step::AtProvider
                    title="Sign out at the provider"
                    says="The provider tells this server when your session there ends, and the server tells every open page."
                >
                    <ProviderLink />
                </Card>
                <Card
                    tour
                    step=Step::Refused
                    title="Be refused as another person"
                    says="Be Bob, who has no role, and ask for the access rules. The server refuses before it renders, and names what is missing."
                >
                    <Way to="/admin" label="Ask for the rules" />
                </Card>
                <Card
                    tour
                    step=Step::Confirmed
                    title="Confirm that it is you"
                    says="Erasing all notes wants a sign-in of the last five minutes. After an older one, the provider asks you again."
                >
                    <Way to="/notes/erase" label="Go where it is dangerous" />
                </Card>
            </ol>
        </section>
    }
}

/// A button that leads to another page of the application.
#[component]
fn Way(
    /// The page's path.
    to: &'static str,
    /// The words on the button.
    label: &'static str,
) -> impl IntoView {
    view! {
        <A href=to attr:class="button button-quiet">
            {label}
        </A>
    }
}

/// To the provider's own page, which only a person with a session knows.
#[component]
fn ProviderLink() -> impl IntoView {
    let session = use_session();
    let issuer = Memo::new(move |_| session.with(|state| state.active().map(|session| session.issuer.clone())));
    move || match issuer.get() {
        Some(issuer) => view! {
            <a class="button button-quiet" href=issuer target="_blank" rel="external noreferrer">
                "Open the provider"
            </a>
        }
        .into_any(),
        None => view! { <Way to="/profile" label="Begin a session" /> }.into_any(),
    }
}

#[component]
fn Card(
    /// The tour.
    tour: Tour,
    /// The step that ticks it off.
    step: Step,
    /// The thing to try.
    title: &'static str,
    /// The effect that the person will see.
    says: &'static str,
    /// Where it begins.
    children: Children,
) -> impl IntoView {
    let is_done = move || tour.steps().has(step);
    view! {
        <li class="card tour-card" class:tour-done=is_done>
            <h3>
                <span class="tour-mark" inner_html=TICK></span>
                <span>
                    {title}
                    <span class="visually-hidden">{move || if is_done() { " (done)" } else { "" }}</span>
                </span>
            </h3>
            <p>{says}</p>
            <p class="tour-way">{children()}</p>
        </li>
    }
}

/// A circle, and the tick that appears in it.
const TICK: &str = concat!(
    r#"<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">"#,
    r#"<circle cx="12" cy="12" r="10.5"/><path d="m7 12.5 3.4 3.4L17.2 9"/></svg>"#,
);

fn progress(count: usize) -> String {
    match count {
        0 => "None done yet".to_owned(),
        5 => "All five done".to_owned(),
        count => format!("{count} of 5 done"),
    }
}

#[cfg(test)]
mod tests {
    use super::progress;

    #[test]
    fn the_progress_is_told_in_words() {
        assert_eq!(
            [progress(0), progress(2), progress(5)],
            ["None done yet", "2 of 5 done", "All five done"]
        );
    }
}
