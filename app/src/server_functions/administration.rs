//! The sessions of everybody, for an administrator: listed, and ended. The access table asks for the role and for an
//! authentication of the last minutes.

mod listed;

pub use listed::{AllSessions, ListedSession};

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;

refusals! {
    /// Why sessions were not listed or not ended.
    AdministrationRefusal {
        /// There is no such session, or there is none any more.
        NotFound = "not_found",
        /// The address names a place that is in no list.
        NoPlace = "no_place",
        /// The session store did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

#[cfg(feature = "ssr")]
impl From<axum_bff::administration::AdministrationError> for AdministrationRefusal {
    fn from(error: axum_bff::administration::AdministrationError) -> Self {
        use axum_bff::administration::AdministrationError;
        match error {
            AdministrationError::Cursor => Self::NoPlace,
            AdministrationError::Store(_) => Self::Unavailable,
        }
    }
}

/// A page of the sessions of everybody, or of one person.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 403 without the role. A failure of the
/// session store is an [`AdministrationRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "list_all_sessions", client = SessionClient)]
pub async fn list_all_sessions(
    /// The `sub` of the person. None: everybody.
    #[server(default)]
    subject: Option<String>,
    /// The [`AllSessions::next`] of the page before. None: the first page.
    #[server(default)]
    after: Option<String>,
) -> Result<Outcome<AllSessions, AdministrationRefusal>, Problem> {
    use axum_bff::administration::Selected;
    const ON_A_PAGE: usize = 50;
    let session = super::session()?;
    let selected = subject.map_or(Selected::All, Selected::Subject);
    let administration = session.administration();
    let page = administration.list(&selected, after.as_deref(), ON_A_PAGE).await;
    let listed = page.map_err(AdministrationRefusal::from);
    let this = session.name();
    Ok(listed.map(|page| AllSessions::of(page, this.as_deref())).into())
}

/// Ends one session, whosever it is.
///
/// A form is answered with a redirect to `/admin/sessions?ended=` and the outcome: `one`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_all_sessions`].
#[server(prefix = "/_fn", endpoint = "end_any_session", client = SessionClient)]
pub async fn end_any_session(
    /// The session's [`ListedSession::name`].
    name: String,
) -> Result<Outcome<(), AdministrationRefusal>, Problem> {
    use axum_bff::administration::Selected;
    let ended = super::session()?.administration().end(Selected::Name(name)).await;
    let outcome = match ended {
        Ok(0) => Err(AdministrationRefusal::NotFound),
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    };
    answer_a_plain_form(outcome, "one");
    Ok(outcome.into())
}

/// Ends all sessions of a person, and a sign-in of that person that is under way.
///
/// A form is answered with a redirect to `/admin/sessions?ended=` and the outcome: `all`, or the word of the refusal.
///
/// # Errors
///
/// As [`list_all_sessions`].
#[server(prefix = "/_fn", endpoint = "end_sessions_of", client = SessionClient)]
pub async fn end_sessions_of(
    /// The `sub` of the person.
    subject: String,
) -> Result<Outcome<(), AdministrationRefusal>, Problem> {
    use axum_bff::administration::Selected;
    let ended = super::session()?.administration().end(Selected::Subject(subject)).await;
    let outcome = ended.map(|_| ()).map_err(AdministrationRefusal::from);
    answer_a_plain_form(outcome, "all");
    Ok(outcome.into())
}

#[cfg(feature = "ssr")]
fn answer_a_plain_form(outcome: Result<(), AdministrationRefusal>, done: &'static str) {
    let word = outcome.map_or_else(AdministrationRefusal::word, |()| done);
    super::answer_a_plain_form(&format!("/admin/sessions?ended={word}"));
}
