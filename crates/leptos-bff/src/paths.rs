//! The paths of the pages that an application has for signing in and out.

use bff_contract::paths::Paths;
use leptos::prelude::*;

/// Gives the application's own paths to everything inside. They have to be those that the server is given.
pub fn provide_paths(paths: Paths) {
    provide_context(paths);
}

/// The application's own paths, or the default ones.
#[must_use]
pub fn use_paths() -> Paths {
    use_context::<Paths>().unwrap_or_default()
}
