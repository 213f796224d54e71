//! In the browser: links to pages are followed without loading one.

use crate::routes::is_page;
use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, FocusOptions, HtmlAnchorElement, HtmlElement, UrlSearchParams};

/// The address of the page that is shown.
#[derive(Clone, Copy)]
pub(crate) struct Location {
    /// The path.
    pub(crate) pathname: RwSignal<String>,
    /// The query with its `?`, or nothing.
    pub(crate) search: RwSignal<String>,
    /// The fragment with its `#`, or nothing.
    pub(crate) hash: RwSignal<String>,
}

/// What is inside knows its address, and its links lead to pages.
pub(crate) fn navigable<V: IntoView + 'static>(inside: impl FnOnce() -> V + Send + 'static) -> impl IntoView {
    let nowhere = || RwSignal::new(String::new());
    let location = Location {
        pathname: nowhere(),
        search: nowhere(),
        hash: nowhere(),
    };
    location.read();
    provide_context(location);
    // An effect runs once the page is hydrated: one that is not leaves its links to the browser.
    Effect::new(move |_| {
        // Both listen for as long as the document lives.
        window_event_listener(ev::click, move |event| {
            follow(location, &event);
        });
        window_event_listener(ev::popstate, move |_| location.read());
    });
    inside()
}

/// The address of the page that is shown.
pub(crate) fn use_location() -> Location {
    expect_context::<Location>()
}

/// What the query says under a name, at this moment.
pub(crate) fn use_query(name: &str) -> Option<String> {
    let query = use_location().search.get_untracked();
    UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

impl Location {
    /// Takes the address over from the browser. The path comes last: the page that it shows reads
    /// the rest.
    fn read(self) {
        let location = window().location();
        for (signal, new) in [
            (self.search, location.search()),
            (self.hash, location.hash()),
            (self.pathname, location.pathname()),
        ] {
            let new = new.unwrap_or_default();
            // A page is drawn anew only when it is another one.
            if signal.with_untracked(|old| *old != new) {
                signal.set(new);
            }
        }
    }
}

/// Follows a link that leads to a page of this application. None where that is left to the browser.
fn follow(location: Location, event: &MouseEvent) -> Option<()> {
    let wants_more = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || wants_more {
        return None;
    }
    let clicked: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = clicked.closest("a[href]").ok()??.dyn_into().ok()?;
    let here = window().location();
    let leads_away = link.origin() != here.origin().ok()? || !is_page(&link.pathname());
    let is_browsers = !link.target().is_empty() || link.has_attribute("download") || link.rel() == "external";
    // A fragment wants to be scrolled to.
    if leads_away || is_browsers || !link.hash().is_empty() {
        return None;
    }
    let address = link.href();
    if here.href().ok()? != address {
        let history = window().history().ok()?;
        // Browsers bound how often; the page is then loaded.
        history.push_state_with_url(&JsValue::NULL, "", Some(&address)).ok()?;
    }
    event.prevent_default();
    location.read();
    window().scroll_to_with_x_and_y(0.0, 0.0);
    Some(())
}

/// After a navigation inside the browser, moves the focus to the new page's heading: a screen
/// reader then reads it out, and the next Tab starts there. A page load needs no help.
pub(crate) fn focus_heading_after_navigation() {
    let path = use_location().pathname;
    Effect::new(move |loaded: Option<()>| {
        path.track();
        if loaded.is_some() {
            // The frame after this one has the new page in it.
            request_animation_frame(|| request_animation_frame(focus_heading));
        }
    });
}

fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        // After Back the browser has scrolled to where the person was.
        options.set_prevent_scroll(true);
        // Focus is a convenience here: a heading that refuses it is still on the page.
        let _ = heading.focus_with_options(&options);
    }
}
