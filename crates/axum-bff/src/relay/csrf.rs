//! Which requests come from our own pages (CSRF-01, CSRF-09).
//!
//! Every relayed request, reads too, has to say that a page of this origin sent it: by
//! `Sec-Fetch-Site: same-origin`, or, if the browser sends none, by an equal `Origin`. (A browser
//! from before 2023 that sends neither with a GET is refused.) On top of that, by kind:
//!
//! - a call carries `x-csrf: 1`. No form, link, image, script or worker of any page can set a
//!   header, ours included, so nothing that an API answers is ever opened as a page;
//! - an `EventSource` cannot set one either. It is a GET with `Accept: text/event-stream` and
//!   nothing else in it, which among requests without a preflight nothing but `EventSource` is;
//! - a WebSocket handshake cannot set one. Browsers always send `Origin` with it, so it has to be
//!   there and equal, with any `Sec-Fetch-Site`.

use super::RelayError;
use super::head::names;
use crate::error::Error;
use crate::request::{is_from_here, the_only};
use axum::http::{HeaderMap, Method, header, request::Parts};

/// The kind of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallKind {
    /// Anything that a script can set headers on.
    Call,
    /// A request of `EventSource`.
    EventStream,
    /// A WebSocket handshake.
    Socket,
}

impl CallKind {
    pub(super) fn of(parts: &Parts) -> Self {
        let headers = &parts.headers;
        let is_get = parts.method == Method::GET;
        if is_get && names(headers, &header::CONNECTION, "upgrade") && names(headers, &header::UPGRADE, "websocket") {
            Self::Socket
        } else if is_get && the_only(headers, header::ACCEPT.as_str()) == Some("text/event-stream") {
            Self::EventStream
        } else {
            Self::Call
        }
    }
}

pub(super) fn check(kind: CallKind, headers: &HeaderMap, origin: &str) -> Result<(), Error> {
    if !is_from_here(headers, origin) {
        return Err(Error::CrossSite);
    }
    match kind {
        CallKind::Socket if the_only(headers, header::ORIGIN.as_str()) != Some(origin) => Err(Error::CrossSite),
        CallKind::Call if the_only(headers, "x-csrf") != Some("1") => Err(RelayError::CsrfHeader.into()),
        _ => Ok(()),
    }
}
