//! The button that signs out.

use crate::public_path::href;
use crate::session::leave;
use crate::words::use_words;
use bff_contract::paths::LOGOUT;
use leptos::prelude::*;

/// A form with one button, which ends the session. The browser sends it, with or without a script.
#[component]
pub fn SignOutButton(
    /// The classes of the button.
    #[prop(default = "button button-quiet", into)]
    class: &'static str,
    /// The text of the button; by default [`Words::sign_out`](crate::Words::sign_out).
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = use_words();
    let label = children.map_or_else(|| words.sign_out.into_any(), |children| children());
    view! {
        <form method="post" action=href(LOGOUT) on:submit=|_| leave()>
            <button class=class>{label}</button>
        </form>
    }
}
