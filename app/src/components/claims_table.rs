//! The claims as a table that can be searched.

use super::table_head;
use crate::claim::{Claim, Shown};
use leptos::html::Input;
use leptos::prelude::*;
use leptos_bff::{CopyButton, href};

/// The button that a browser without scripts shows beside the field.
const FILTER_BUTTON: &str = "<button class=\"button button-quiet\">Filter</button>";

/// Claims with name, value and kind, and a filter. Without JavaScript the filter is a form that
/// asks for `/profile?filter=`; with it, the rows follow each key.
#[component]
pub(crate) fn ClaimsTable(
    /// The claims, in the order they are shown.
    claims: Vec<Claim>,
    /// The typed text. It outlives this component, which is drawn anew with the claims.
    filter: RwSignal<String>,
    /// Where the number of rows and copying are announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let rows = claims
        .iter()
        .cloned()
        .map(|claim| view! { <ClaimRow claim filter announce /> })
        .collect_view();
    let count = Memo::new(move |_| {
        let found = filter.with(|text| claims.iter().filter(|claim| claim.matches(text)).count());
        count_in_words(found, claims.len())
    });
    Effect::new(move |is_first: Option<()>| {
        let count = count.get();
        if is_first.is_some() {
            announce.set(count);
        }
    });
    view! {
        <FilterForm filter />
        <p class="table-count">{move || count.get()}</p>
        <table class="claims" role="table">
            <caption class="visually-hidden">"Claims about you"</caption>
            {table_head(["Name", "Value", "Kind"])}
            <tbody role="rowgroup">
                {rows}
            </tbody>
        </table>
    }
}

/// The field to type in.
#[component]
fn FilterForm(
    /// The typed text.
    filter: RwSignal<String>,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    // Somebody may have typed before the page became interactive.
    Effect::new(move |_| {
        if let Some(input) = field.get() {
            filter.set(input.value());
        }
    });
    view! {
        <form
            class="filter"
            method="get"
            action=href("/profile")
            role="search"
            on:submit=|event| event.prevent_default()
        >
            <label for="claims-filter">"Filter claims"</label>
            <input
                id="claims-filter"
                class="field"
                type="search"
                name="filter"
                value=filter.get_untracked()
                placeholder="Name, value or kind"
                autocomplete="off"
                spellcheck="false"
                node_ref=field
                on:input:target=move |event| filter.set(event.target().value())
            />
            // As text: in a browser with scripts the content of `noscript` is no elements.
            <noscript inner_html=FILTER_BUTTON></noscript>
        </form>
    }
}

/// One claim. A row that does not match is hidden rather than removed, so that its button keeps
/// the focus and its place.
#[component]
fn ClaimRow(
    /// The claim.
    claim: Claim,
    /// The typed text.
    filter: RwSignal<String>,
    /// Where copying is announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let Claim {
        name,
        kind,
        value,
        shown,
    } = claim.clone();
    view! {
        <tr role="row" hidden=move || filter.with(|text| !claim.matches(text))>
            <th scope="row" role="rowheader">
                <code>{name.clone()}</code>
            </th>
            <td role="cell" class="claim-value">
                <div class="claim-value-row">
                    {shown_value(shown)}
                    <CopyButton text=value of=name announce />
                </div>
            </td>
            <td role="cell" class="claim-kind">
                {kind.words()}
            </td>
        </tr>
    }
}

/// The value. `bdi`: it may run in another direction than the page.
fn shown_value(shown: Shown) -> AnyView {
    match shown {
        Shown::Line(text) => view! { <bdi>{text}</bdi> }.into_any(),
        Shown::Items(items) => {
            let items = items
                .into_iter()
                .map(|item| view! { <li class="badge"><bdi>{item}</bdi></li> })
                .collect_view();
            view! { <ul class="badges">{items}</ul> }.into_any()
        }
        Shown::Json(text) => view! { <pre tabindex="0"><code>{text}</code></pre> }.into_any(),
    }
}

fn count_in_words(found: usize, all: usize) -> String {
    match (found, all) {
        (_, 0) => "The provider sent no claims.".to_owned(),
        (0, _) => "No claim matches.".to_owned(),
        (1, 1) => "1 claim".to_owned(),
        (found, all) if found == all => format!("{all} claims"),
        (found, all) => format!("{found} of {all} claims"),
    }
}

#[cfg(test)]
mod tests {
    use super::count_in_words;

    #[test]
    fn the_count_is_in_words() {
        assert_eq!(count_in_words(0, 0), "The provider sent no claims.");
        assert_eq!(count_in_words(0, 4), "No claim matches.");
        assert_eq!(count_in_words(1, 1), "1 claim");
        assert_eq!(count_in_words(4, 4), "4 claims");
        assert_eq!(count_in_words(1, 4), "1 of 4 claims");
    }
}
