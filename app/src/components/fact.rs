//! One thing that is known, with what it is called.

use leptos::prelude::*;
use leptos_bff::erased::erased;

/// A term and its value, for a `dl`.
pub(crate) fn fact(term: &'static str, value: AnyView) -> AnyView {
    erased(view! {
        <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
        </div>
    })
}

/// The same where the value is text, in whatever direction it runs.
pub(crate) fn text_fact(term: &'static str, value: String) -> AnyView {
    fact(term, erased(view! { <bdi>{value}</bdi> }))
}
