//! The signed-in person, drawn without asking anybody for a picture: a `picture` claim is an
//! address of the provider's choosing, and loading it would tell that host about this visit.

#![expect(clippy::needless_pass_by_value, reason = "a component takes its properties by value")]

use leptos::prelude::*;

/// The first letters of a name in a disc. The style sheet shows them in upper case: the tables of letters that Rust needs for
/// it weigh more than the rest of the page's head.
#[component]
pub(crate) fn Monogram(
    /// The name that stands beside it.
    name: String,
) -> impl IntoView {
    let initials = initials(&name);
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
            {roles.into_iter().map(|role| view! { <li class="badge">{role}</li> }).collect_view()}
        </ul>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Alice"), "A");
        assert_eq!(initials("alice van  dam"), "ad");
        assert_eq!(initials("élodie (Ops) ß"), "éß");
        assert_eq!(initials("  … "), "");
    }
}
