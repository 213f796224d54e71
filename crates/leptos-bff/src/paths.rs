//! The pages of an application that a sign-in or a sign-out leads to.

use bff_contract::paths::Paths;
use leptos::prelude::*;

/// The paths of the [`BffProvider`](crate::BffProvider), or the default paths.
#[must_use]
pub fn use_paths() -> Paths {
    use_context().unwrap_or_default()
}
