//! The document's title.

use leptos::prelude::*;

/// What the application calls itself.
#[derive(Clone, Copy)]
struct Name(&'static str);

/// Has the titles inside end with the application's name.
pub(crate) fn provide_name(name: &'static str) {
    provide_context(Name(name));
}

/// Calls the document by what the page is about.
pub(crate) fn set_title(about: impl Fn() -> String + Send + Sync + 'static) {
    let name = use_context::<Name>().map(|Name(name)| name);
    title(Box::new(move || match name {
        Some(name) => format!("{} · {name}", about()),
        None => about(),
    }));
}

/// Being called is what tells the server; there is nothing of it in the page's body. The text is
/// made here: where the head is written, on whatever thread, signals may not be there any more.
#[cfg(feature = "ssr")]
fn title(text: Box<dyn FnOnce() -> String>) {
    use leptos_meta::{Title, TitleProps};
    let _ = Title(TitleProps::builder().text(text()).build());
}

#[cfg(not(feature = "ssr"))]
fn title(text: Box<dyn Fn() -> String + Send + Sync>) {
    Effect::new(move |_| document().set_title(&text()));
}
