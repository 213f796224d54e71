//! The pages of an application that signing in and out leads to.

use bff_contract::paths::Paths;
use leptos::prelude::*;

/// The paths that [`BffProvider`](crate::BffProvider) was given, or the default ones.
#[must_use]
pub fn use_paths() -> Paths {
    use_context().unwrap_or_default()
}
