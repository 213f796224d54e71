//! The document's title.

use leptos::prelude::*;

/// What the application calls itself.
#[derive(Clone, Copy)]
struct Name(&'static str);

/// Has the titles inside end with the application's name.
pub fn provide_name(name: &'static str) {
    provide_context(Name(name));
}

/// Calls the document by what the page is about.
pub fn set_title(about: impl Fn() -> String + Send + Sync + 'static) {
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
    use crate::rcdata::rcdata;
    use leptos_meta::{Title, TitleProps};
    let _ = Title(TitleProps::builder().text(rcdata(&text())).build());
}

#[cfg(not(feature = "ssr"))]
fn title(text: Box<dyn Fn() -> String + Send + Sync>) {
    Effect::new(move |_| document().set_title(&text()));
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use futures::StreamExt;
    use leptos_meta::ServerMetaContext;

    #[tokio::test]
    async fn hdr_12_a_title_is_text_whatever_it_says() {
        // An error says that another test has done it.
        let _ = any_spawner::Executor::init_tokio();
        let owner = Owner::new();
        owner.set();
        let (meta, output) = ServerMetaContext::new();
        provide_context(meta);
        set_title(|| "</title><script>&amp;".to_owned());
        let head = futures::stream::iter(["<head></head>".to_owned()]);
        let page: String = output.inject_meta_context(head).await.collect().await;
        assert_eq!(page, "<head><title>&lt;/title>&lt;script>&amp;amp;</title></head>");
    }
}
