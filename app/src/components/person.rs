//! The signed-in person, drawn without asking anybody for a picture: a `picture` claim is an
//! address of the provider's choosing, and loading it would tell its host who looks at this page.

use crate::letters::{is_alphanumeric, upper_case};
use leptos::prelude::*;
use leptos_bff::erased::erased;

/// The first letters of a name in a disc.
#[component]
pub(crate) fn Monogram(
    /// What [`initials`] makes of the name that stands beside it.
    initials: String,
) -> impl IntoView {
    view! {
        <span class="monogram" aria-hidden="true">
            {initials}
        </span>
    }
}

/// The roles of a session as badges.
#[component]
pub(crate) fn Roles(
    /// The roles, in the order the session has them.
    roles: Vec<String>,
) -> impl IntoView {
    view! {
        <ul class="badges">
            {roles.into_iter().map(|role| erased(view! { <li class="badge">{role}</li> })).collect_view()}
        </ul>
    }
}

/// The first letters of the first and the last word, in upper case.
pub(crate) fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| is_alphanumeric(*letter)));
    let first = letters.next();
    let last = letters.next_back();
    upper_case(&first.into_iter().chain(last).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Alice"), "A");
        assert_eq!(initials("alice van  dam"), "AD");
        assert_eq!(initials("élodie (Ops) ß"), "ÉSS");
        assert_eq!(initials("  … "), "");
    }
}
