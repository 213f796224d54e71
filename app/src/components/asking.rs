//! A button that asks once more before it does something that cannot be undone, in its own place: `details` asks without
//! JavaScript too.

use leptos::html::Details;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_bff::use_hydrated;
use web_sys::HtmlElement;

/// The `details` that asks.
pub(crate) type Asking = NodeRef<Details>;

/// Puts the question away.
pub(crate) fn put_away(asking: Asking) {
    if let Some(details) = asking.get_untracked() {
        let _ = details.remove_attribute("open");
    }
}

/// Puts the question away, and gives the focus back to the button that asked it. Without JavaScript there is none.
#[component]
pub(crate) fn Cancel(
    /// The `details` that asks.
    asking: Asking,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let cancel = move |_| {
        put_away(asking);
        let details = asking.get_untracked();
        focus(details.and_then(|details| details.query_selector("summary").ok().flatten()));
    };
    view! {
        <button type="button" class="button button-quiet" hidden=move || !hydrated.get() on:click=cancel>
            "Cancel"
        </button>
    }
}

/// Gives the focus to an element, if there is one.
fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        // Focus is a convenience here: an element that refuses it is still on the page.
        let _ = element.focus();
    }
}

/// Gives the focus to the element of this id, so that it does not fall to the page as a whole.
pub(crate) fn focus_on(id: &str) {
    focus(document().get_element_by_id(id));
}
