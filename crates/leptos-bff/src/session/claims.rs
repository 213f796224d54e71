//! Claims as an application's own type, followed.

use super::{ActiveSession, ClaimsError, use_session};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

/// The claims of the signed-in person as a type of the application's own. They stay up to date while the
/// page is open. `Ok(None)` if nobody is signed in.
///
/// # Errors
///
/// The signal holds a [`ClaimsError`] if the claims do not fit the type.
///
/// # Panics
///
/// Without [`BffProvider`](crate::BffProvider).
#[must_use]
pub fn use_claims<T>() -> Memo<Result<Option<T>, ClaimsError>>
where
    T: DeserializeOwned + PartialEq + Send + Sync + 'static,
{
    let session = use_session();
    Memo::new(move |_| session.with(|state| state.active().map(ActiveSession::claims_as).transpose()))
}
