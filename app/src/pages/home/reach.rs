//! What a script in this page can reach, counted and not assumed.

use crate::tour::key;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, Storage};

/// The number of entries in each place that a script can read. None where the browser has no such place, or refuses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) cookies: Option<usize>,
    pub(super) local_storage: Option<usize>,
    pub(super) session_storage: Option<usize>,
}

impl Reach {
    /// In the browser only. The marks of the tour, which this page keeps itself, are not counted.
    pub(super) fn measured() -> Self {
        Self {
            cookies: cookies().map(|cookies| entries(&cookies)),
            local_storage: window()
                .local_storage()
                .ok()
                .flatten()
                .and_then(|storage| in_it(&storage)),
            session_storage: window()
                .session_storage()
                .ok()
                .flatten()
                .and_then(|storage| in_it(&storage)),
        }
    }
}

fn cookies() -> Option<String> {
    document().dyn_into::<HtmlDocument>().ok()?.cookie().ok()
}

/// The number of cookies in `document.cookie`.
fn entries(cookies: &str) -> usize {
    cookies.split(';').filter(|cookie| !cookie.trim().is_empty()).count()
}

fn in_it(storage: &Storage) -> Option<usize> {
    let all = storage.length().ok()? as usize;
    let is_marked = storage.get_item(&key()).ok()?.is_some();
    Some(all - usize::from(is_marked))
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn cookies_that_a_script_can_read_are_counted() {
        assert_eq!(entries(""), 0);
        assert_eq!(entries("a=1"), 1);
        assert_eq!(entries("a=1; b=2;"), 2);
    }
}
