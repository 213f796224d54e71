//! The link that starts a sign-in.

use crate::provide::use_problem;
use crate::public_path::use_public_path;
use crate::sign_in::{return_to, sign_in_below, use_here};
use crate::words::use_words;
use leptos::prelude::*;

/// A link that starts the sign-in. It always loads a page, with or without a script. Use it inside of a router.
#[component]
pub fn SignInLink(
    /// The path of the page after the sign-in; by default the page that is shown.
    #[prop(optional, into)]
    to: Option<String>,
    /// The classes of the link.
    #[prop(default = "button", into)]
    class: &'static str,
    /// The text of the link; by default [`Words::sign_in`](crate::Words::sign_in).
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (here, words) = (use_here(), use_words());
    let is_problem = use_problem().is_some();
    let (paths, public_path) = (crate::use_paths(), use_public_path());
    let href = move || match &to {
        Some(to) => sign_in_below(&public_path, to),
        None => sign_in_below(&public_path, return_to(paths, &here.get(), is_problem)),
    };
    let label = children.map_or_else(|| words.sign_in.into_any(), |children| children());
    view! {
        <a class=class rel="external" href=href>
            {label}
        </a>
    }
}
