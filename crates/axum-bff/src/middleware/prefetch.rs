//! What a browser asks for before anybody has asked for it.
//!
//! A page that was prepared in advance shows whoever was signed in then, and is put on the screen later, perhaps after they
//! have signed out; and it would count as activity of somebody who did nothing. So nothing that depends on the session is
//! prepared: the browser drops what is refused, and asks again when a person does.

use crate::error::Error;
use axum::extract::Request;

/// Refuses what `Sec-Purpose` (Fetch §3.9), or `Purpose` as older browsers say it, calls a prefetch. A prerender is one too.
pub(crate) fn refuse_prefetch(request: &Request) -> Result<(), Error> {
    let headers = request.headers();
    let is_prefetch = ["sec-purpose", "purpose"].iter().any(|name| {
        let purpose = headers.get(*name).and_then(|value| value.to_str().ok());
        purpose.is_some_and(|purpose| purpose.trim_start().starts_with("prefetch"))
    });
    if is_prefetch { Err(Error::Prefetch) } else { Ok(()) }
}
