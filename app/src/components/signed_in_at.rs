//! When the person signed in.

use crate::calendar::rfc3339_in_words;
use crate::erased::dynamic;
use leptos::prelude::*;
use web_sys::js_sys::{Date, Object, Reflect};

/// A moment: in UTC from the server, in the person's own language and time zone once hydrated.
#[component]
pub(crate) fn SignedInAt(
    /// RFC 3339, UTC.
    moment: String,
) -> impl IntoView {
    let words = RwSignal::new(rfc3339_in_words(&moment));
    let datetime = moment.clone();
    Effect::new(move |_| {
        if let Some(local) = in_local_words(&moment) {
            words.set(local);
        }
    });
    view! { <time datetime=datetime>{dynamic(move || words.get())}</time> }
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
