//! A moment.

use crate::calendar::rfc3339_in_words;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos_bff::once_hydrated;
use web_sys::js_sys::{Date, Function, Object, Reflect};

/// A moment in UTC. The words stay as the server wrote them, so that nothing moves when the page becomes interactive. A
/// pointer that rests on them then shows the moment in the person's own language and time zone.
#[component]
pub(crate) fn Moment(
    /// RFC 3339, UTC.
    moment: String,
) -> impl IntoView {
    let words = rfc3339_in_words(&moment);
    let local = RwSignal::new(None);
    let datetime = moment.clone();
    once_hydrated(move || local.set(in_local_words(&moment)));
    view! {
        <time datetime=datetime title=move || local.get()>
            {words}
        </time>
    }
}

/// None where the browser cannot say it. A browser may be set to a language that `Intl` refuses (`C`, `de-DE@euro`), and
/// throws; then its own default serves.
fn in_local_words(moment: &str) -> Option<String> {
    let date = Date::new(&moment.into());
    if date.get_time().is_nan() {
        return None;
    }
    let options = Object::new();
    for (option, value) in [("dateStyle", "long"), ("timeStyle", "long")] {
        Reflect::set(&options, &option.into(), &value.into()).ok()?;
    }
    let method: Function = Reflect::get(&date, &"toLocaleString".into()).ok()?.dyn_into().ok()?;
    let in_language = |language: &JsValue| method.call2(&date, language, &options).ok()?.as_string();
    let language = window().navigator().language().map(JsValue::from);
    language
        .and_then(|language| in_language(&language))
        .or_else(|| in_language(&JsValue::UNDEFINED))
}
