//! When the person signed in.

use crate::calendar::rfc3339_in_words;
use leptos::prelude::*;
use web_sys::js_sys::{Date, Object, Reflect};

/// A moment: in UTC from the server, in the person's own language and time zone once hydrated.
#[component]
pub(crate) fn SignedInAt(
    /// RFC 3339, UTC.
    #[prop(into)]
    moment: Signal<String>,
) -> impl IntoView {
    let local = RwSignal::new(None);
    Effect::new(move |_| local.set(moment.with(|moment| in_local_words(moment))));
    view! {
        <time datetime=move || moment.get()>
            {move || local.get().unwrap_or_else(|| moment.with(|moment| rfc3339_in_words(moment)))}
        </time>
    }
}

/// None where the browser cannot read the moment.
fn in_local_words(moment: &str) -> Option<String> {
    let date = Date::new(&moment.into());
    if date.get_time().is_nan() {
        return None;
    }
    let options = Object::new();
    for (option, value) in [("dateStyle", "long"), ("timeStyle", "short")] {
        Reflect::set(&options, &option.into(), &value.into()).ok()?;
    }
    let language = window().navigator().language()?;
    date.to_locale_string(&language, &options).as_string()
}
