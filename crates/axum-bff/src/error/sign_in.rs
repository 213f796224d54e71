//! Where a person comes back to who has to sign in first, or to authenticate again.

use crate::return_to::ReturnTo;
use axum::http::{HeaderValue, Method, header, request::Parts};
use bff_contract::access::{Access, StepUp};

/// The page that was asked for, or the one whose form was sent.
pub(super) fn page(asked: &Parts) -> ReturnTo {
    match asked.method {
        Method::GET | Method::HEAD => {
            let target = asked.uri.path_and_query().map(ToString::to_string);
            ReturnTo::judge(&target.unwrap_or_default())
        }
        _ => referring_page(asked.headers.get(header::REFERER)),
    }
}

/// The page that a form or a script's request came from; the home page where nothing says so.
pub(super) fn referring_page(referer: Option<&HeaderValue>) -> ReturnTo {
    let target = referer.and_then(|referer| {
        let page = url::Url::parse(referer.to_str().ok()?).ok()?;
        Some(page[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
    });
    ReturnTo::judge(&target.unwrap_or_default())
}

/// The page itself where signing in for it gives such an authentication; otherwise one that does. The table names such a
/// page for each server function that wants it, and a test sees to that.
pub(super) fn to_step_up(access: &Access, page: ReturnTo, step_up: StepUp) -> ReturnTo {
    let other = access.page_to_step_up_on(page.path(), step_up);
    other.map_or(page, ReturnTo::judge)
}
