//! Text inside `<title>` and `<textarea>`, whose content a parser reads as characters and character references (HTML
//! §13.1.2, escapable raw text).
//!
//! Neither tachys nor `leptos_meta` escapes what stands there: the text would end the element with `</textarea>`.

/// The text as the HTML has to have it.
#[cfg(feature = "ssr")]
#[must_use]
pub fn rcdata(text: &str) -> String {
    // `&` first: the others make new ones.
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The same inside `<textarea>`, where a parser drops a newline that comes first.
#[cfg(feature = "ssr")]
#[must_use]
pub fn textarea(text: &str) -> String {
    format!("\n{}", rcdata(text))
}

/// The text itself: in the browser nothing is parsed.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn textarea(text: &str) -> String {
    text.to_owned()
}
