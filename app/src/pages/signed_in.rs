//! Where a sign-in ends that was done beside the page that wanted it.

use leptos::prelude::*;
use leptos_bff::erased::erased;
use leptos_bff::guard::guard_navigation;
use leptos_bff::title::set_title;
use leptos_bff::while_signed_in;

/// Says that the other window goes on by itself, and closes this one where the browser lets a
/// page do that.
#[component]
pub(crate) fn SignedInPage() -> impl IntoView {
    guard_navigation();
    // Effects run in the browser only. A tab that somebody opened by hand is not closed by this.
    Effect::new(|_| {
        let _ = window().close();
    });
    set_title(|| "Signed in".to_owned());
    erased(view! {
        {while_signed_in(|| {
            erased(view! {
                <article class="problem">
                    <h1 tabindex="-1">"You are signed in"</h1>
                    <p class="lead">"The window where you were goes on by itself. You can close this one."</p>
                    <p class="actions">
                        <a class="button button-quiet" href="/profile">
                            "Open your profile here"
                        </a>
                    </p>
                </article>
            })
        })}
    })
}
