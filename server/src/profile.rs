//! The server's side of signed-in pages: reading the claims again from the provider, the person's sessions,
//! and the person's notes.

mod notes;

use crate::notes::Notes;
use app::server_functions::{
    BoxFuture, CurrentSession, EraseRefusal, RereadRefusal, SessionList, SessionSummary, SessionsRefusal,
};
use axum_bff::{EndOtherError, OwnSession, RereadError, Session, SessionsPage};
use leptos_bff::session::SessionState;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The signed-in person of a request.
#[derive(Debug)]
pub(crate) struct SignedIn {
    session: Session,
    notes: Notes,
}

impl SignedIn {
    pub(crate) fn new(session: Session, notes: Notes) -> Self {
        Self { session, notes }
    }
}

impl CurrentSession for SignedIn {
    fn reread_claims(&self) -> BoxFuture<'_, Result<SessionState, RereadRefusal>> {
        Box::pin(async { self.session.reread_claims().await.map_err(not_reread) })
    }

    fn sessions(&self, page: u32) -> BoxFuture<'_, Result<SessionList, SessionsRefusal>> {
        Box::pin(async move {
            let page = self.session.sessions_of_person(page).await;
            page.map(listed).map_err(|_| SessionsRefusal::Unavailable)
        })
    }

    fn end_session<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SessionsRefusal>> {
        Box::pin(async move {
            self.session.end_other(name).await.map_err(|error| match error {
                EndOtherError::This => SessionsRefusal::ThisSession,
                EndOtherError::NotFound => SessionsRefusal::NotFound,
                EndOtherError::Store(_) => SessionsRefusal::Unavailable,
            })
        })
    }

    fn end_other_sessions(&self) -> BoxFuture<'_, Result<(), SessionsRefusal>> {
        Box::pin(async {
            let ended = self.session.end_others().await;
            ended.map_err(|_| SessionsRefusal::Unavailable)
        })
    }

    fn erase_notes(&self) -> BoxFuture<'_, Result<(), EraseRefusal>> {
        Box::pin(self.erase_all_notes())
    }
}

fn not_reread(error: RereadError) -> RereadRefusal {
    match error {
        RereadError::SessionEnded => RereadRefusal::SessionEnded,
        RereadError::SignInAgain => RereadRefusal::SignInAgain,
        RereadError::NotOffered => RereadRefusal::NotOffered,
        RereadError::Unavailable => RereadRefusal::Unavailable,
    }
}

fn listed(page: SessionsPage) -> SessionList {
    SessionList {
        sessions: page.sessions.into_iter().map(summary).collect(),
        others: page.others,
        page: page.page,
        pages: page.pages,
    }
}

fn summary(session: OwnSession) -> SessionSummary {
    SessionSummary {
        name: session.name,
        current: session.is_this,
        signed_in_at: rfc3339(session.signed_in_at),
        last_seen: rfc3339(session.last_seen),
        last_seen_ago: session.last_seen_ago,
        user_agent: session.user_agent,
        address: session.address.map(|address| address.to_string()),
    }
}

/// As the pages want it: in UTC, with whole seconds.
fn rfc3339(time: OffsetDateTime) -> String {
    let whole = time.replace_nanosecond(0).unwrap_or(time);
    whole.format(&Rfc3339).unwrap_or_default()
}
