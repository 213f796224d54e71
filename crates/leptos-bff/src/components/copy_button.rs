//! Copying a text to the clipboard.

use crate::hydrated::use_hydrated;
use crate::words::use_words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::Reflect;

/// How long the button shows the outcome.
const OUTCOME_STAYS: Duration = Duration::from_secs(2);

/// A button that copies a text. It is hidden until the page is interactive: without a script nothing can be copied.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(into)]
    text: String,
    /// Its label. Without one it is the word for "Copy".
    #[prop(optional)]
    label: Option<&'static str>,
    /// The text's name. A screen reader reads it after the button's label.
    #[prop(into)]
    of: String,
    /// The place that announces the outcome: the text of a live region of the page.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let words = use_words().copy;
    let usual = label.unwrap_or(words.copy);
    let label = RwSignal::new(usual);
    let name = of.clone();
    let copy = move |_| {
        let (text, name) = (text.clone(), name.clone());
        spawn_local(async move {
            let is_copied = write_to_clipboard(&text).await;
            // The button may be gone by now: then there is nobody to tell.
            label.try_set(if is_copied { words.copied } else { words.not_copied });
            announce.try_set((words.outcome)(&name, is_copied));
            set_timeout(
                move || {
                    label.try_set(usual);
                },
                OUTCOME_STAYS,
            );
        });
    };
    view! {
        <button type="button" class="copy" hidden=move || !hydrated.get() on:click=copy>
            {move || label.get()}
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
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
