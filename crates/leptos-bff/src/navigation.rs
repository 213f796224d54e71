//! From page to page, on top of `leptos_router`.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_router::hooks::{use_query_map, use_url};
use leptos_router::location::Url;
use web_sys::{FocusOptions, HtmlElement};

/// The value of a query parameter, at this moment. Call it inside of a router.
///
/// # Panics
///
/// Outside of a router.
#[must_use]
pub fn use_query(name: &str) -> Option<String> {
    use_query_map().with_untracked(|query| query.get(name))
}

/// After a navigation inside the browser, moves the focus to the new page's heading (`main h1`, which needs
/// `tabindex="-1"`): a screen reader then reads it out, and the next Tab starts there. After a page load the browser does this
/// by itself. Call it once, inside of a router.
///
/// # Panics
///
/// Outside of a router.
pub fn focus_heading_after_navigation() {
    let url = use_url();
    let path = move |url: &Url| url.path().to_owned();
    // The page that is loaded, and not the one of the effect's first run: a person may have followed a link by then.
    let mut before = url.with_untracked(path);
    Effect::new(move |_| {
        let now = url.with(path);
        if now != before {
            before.clone_from(&now);
            focus_once_shown(now, url);
        }
    });
}

/// The router changes the browser's address once it shows the page, which takes as long as the code of a lazy route takes to
/// arrive. The frame after that has the page in it.
fn focus_once_shown(path: String, url: ReadSignal<Url>) {
    request_animation_frame(move || {
        let is_wanted = url.with_untracked(|url| url.path() == path);
        let is_shown = location().pathname().is_ok_and(|shown| shown == path);
        match (is_wanted, is_shown) {
            (true, true) => request_animation_frame(focus_heading),
            (true, false) => focus_once_shown(path, url),
            // Another navigation has begun, and looks for its own page.
            (false, _) => {}
        }
    });
}

fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        // After Back the browser has scrolled to the place that the person had left.
        options.set_prevent_scroll(true);
        // Focus is a convenience here: a heading that refuses it is still on the page.
        let _ = heading.focus_with_options(&options);
    }
}
