//! Text inside `<title>` and `<textarea>`, whose content a parser reads as characters and character references (HTML
//! §13.1.2, escapable raw text).
//!
//! Neither tachys nor `leptos_meta` escapes that text: it would end the element with `</textarea>`.

/// Any text as [`leptos_meta::Title`] takes it. In the browser it is the text itself: nothing is parsed there.
#[must_use]
pub fn title(text: &str) -> String {
    escaped(text)
}

/// Text for the content of a `<textarea>`, in which a parser drops a newline that comes first. In the browser it is the text
/// itself.
#[must_use]
pub fn textarea(text: &str) -> String {
    if cfg!(feature = "ssr") {
        format!("\n{}", escaped(text))
    } else {
        text.to_owned()
    }
}

fn escaped(text: &str) -> String {
    if cfg!(feature = "ssr") {
        // `&` first: the others make new ones.
        text.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        text.to_owned()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{textarea, title};
    use futures::StreamExt;
    use leptos::prelude::*;
    use leptos_meta::{ServerMetaContext, Title, TitleProps};

    /// HDR-12
    #[tokio::test]
    async fn a_title_is_text_whatever_it_says() {
        // An error says that another test has done it.
        let _ = any_spawner::Executor::init_tokio();
        let owner = Owner::new();
        owner.set();
        let (meta, output) = ServerMetaContext::new();
        provide_context(meta);
        let _ = Title(TitleProps::builder().text(title("</title><script>&amp;")).build());
        let head = futures::stream::iter(["<head></head>".to_owned()]);
        let page: String = output.inject_meta_context(head).await.collect().await;
        assert_eq!(page, "<head><title>&lt;/title>&lt;script>&amp;amp;</title></head>");
    }

    #[test]
    fn a_text_area_keeps_its_text_and_its_first_newline() {
        assert_eq!(textarea("\n</textarea>&"), "\n\n&lt;/textarea>&amp;");
    }
}
