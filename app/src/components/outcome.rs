//! What became of something that a person asked for.

use leptos::prelude::*;

/// The message about the last thing that a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Said {
    Nothing,
    /// It is under way, or it is done.
    Done(&'static str),
    /// It came to nothing.
    Failed(&'static str),
}

/// The message. A failure is told at once, and looks like one.
#[component]
pub(crate) fn OutcomeLine(
    /// The message.
    #[prop(into)]
    said: Signal<Said>,
) -> impl IntoView {
    view! {
        <div role="status">
            {move || match said.get() {
                Said::Done(words) => Some(view! { <p class="outcome">{words}</p> }),
                Said::Nothing | Said::Failed(_) => None,
            }}
        </div>
        {move || match said.get() {
            Said::Failed(words) => {
                Some(
                    view! {
                        <p class="outcome outcome-failed" role="alert">
                            {words}
                        </p>
                    },
                )
            }
            Said::Nothing | Said::Done(_) => None,
        }}
    }
}
