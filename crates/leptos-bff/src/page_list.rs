//! The list of an application's pages, made once in a process.
//!
//! Leptos makes the list by rendering the application without a request. Meanwhile no resource of the whole process begins to
//! load, and a resource that is polled for the first time then never does: the page that waits for it hangs
//! (leptos-rs/leptos#4773). A program makes its list before it serves. A process of tests makes one for each application that
//! it starts, while others are already asked for pages.

use leptos_axum::AxumRouteListing;
use std::any::TypeId;
use std::sync::{Mutex, PoisonError};

static LISTS: Mutex<Vec<(TypeId, Vec<AxumRouteListing>)>> = Mutex::new(Vec::new());

/// The list of this application: the one that was made before, if an application of type `F` always has the same pages.
pub(crate) fn of<F: 'static>(make: impl FnOnce() -> Vec<AxumRouteListing>) -> Vec<AxumRouteListing> {
    let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
    // A closure that holds something may render other pages each time.
    let is_always_the_same = size_of::<F>() == 0;
    let application = TypeId::of::<F>();
    if let Some((_, list)) = lists
        .iter()
        .find(|(known, _)| *known == application && is_always_the_same)
    {
        return list.clone();
    }
    let list = make();
    if is_always_the_same {
        lists.push((application, list.clone()));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::of;
    use std::cell::Cell;

    #[test]
    fn a_function_is_listed_once_and_a_closure_that_holds_something_each_time() {
        struct Function;
        let count = Cell::new(0);
        let make = || {
            count.set(count.get() + 1);
            vec![leptos_axum::AxumRouteListing::default()]
        };
        assert_eq!(of::<Function>(make).len(), 1);
        assert_eq!(of::<Function>(make).len(), 1);
        assert_eq!(count.get(), 1);
        of::<String>(make);
        of::<String>(make);
        assert_eq!(count.get(), 3);
    }
}
