//! What changes something has to come from our own pages (invariant 10, CSRF-03 and CSRF-04).
//!
//! tower-http's layer lets a request pass that says nothing of where it comes from, and compares
//! `Origin` with `Host`, which the client chooses. This one refuses the first and compares with
//! the configured origin.

use crate::config::PublicUrl;
use crate::error::Error;
use crate::request::is_from_here;
use axum::extract::Request;
use axum::http::Method;
use std::sync::Arc;

/// Refuses a request that changes something and does not come from a page at `public_url`.
pub(crate) fn csrf(public_url: Arc<PublicUrl>) -> impl Fn(&Request) -> Result<(), Error> + Clone {
    move |request| {
        let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        if changes_nothing || is_from_here(request.headers(), public_url.origin()) {
            Ok(())
        } else {
            Err(Error::CrossSite)
        }
    }
}
