//! Copying a value to the clipboard.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_bff::use_hydrated;
use std::time::Duration;
use web_sys::js_sys::Reflect;

/// How long the button shows the result.
const OUTCOME_STAYS: Duration = Duration::from_secs(2);

/// A button that copies a text. Without JavaScript there is none.
#[component]
pub(crate) fn CopyButton(
    /// The text to copy.
    text: String,
    /// Its label.
    #[prop(default = "Copy")]
    label: &'static str,
    /// The rest of its name for a screen reader, after the label.
    of: String,
    /// Where the outcome is announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let shown = RwSignal::new(label);
    let name = of.clone();
    let copy = move |_| {
        let (text, name) = (text.clone(), name.clone());
        spawn_local(async move {
            let copied = write_to_clipboard(&text).await;
            // The row may be gone by now: then there is nobody to tell.
            shown.try_set(if copied { "Copied" } else { "Not copied" });
            announce.try_set(if copied {
                format!("{name} copied.")
            } else {
                format!("{name} could not be copied: the browser did not allow it.")
            });
            set_timeout(
                move || {
                    shown.try_set(label);
                },
                OUTCOME_STAYS,
            );
        });
    };
    view! {
        <button type="button" class="copy" hidden=move || !hydrated.get() on:click=copy>
            {move || shown.get()}
            <span class="visually-hidden">" " {of}</span>
        </button>
    }
}

/// Whether the browser took it. A page that is not a secure context has no clipboard at all.
async fn write_to_clipboard(text: &str) -> bool {
    let window = window();
    if !window.is_secure_context() {
        return false;
    }
    let navigator = window.navigator();
    // Some browsers have no clipboard even in a secure context, and a call on an absent object throws.
    if Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    let written = navigator.clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
}
