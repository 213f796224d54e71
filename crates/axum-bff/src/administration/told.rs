//! The steps of an administration, told to the stream of events: also those that are refused.

use crate::bff::Bff;
use crate::events::{AdministrativeAct, EventContext, EventKind, Events, Person};
use crate::middleware::{Answer, Inner, Waiting};
use crate::session::Session;
use axum::extract::Request;
use axum::http::StatusCode;
use tower::ServiceExt;

/// The person who administers, and the name of the session in which that person does it.
#[derive(Clone, Debug)]
pub(crate) struct Administrator {
    person: Person,
    session: Option<String>,
}

impl Administrator {
    pub(crate) fn of<C>(session: &Session<C>) -> Self {
        Self {
            person: Person::of(session.identity()),
            session: session.name(),
        }
    }
}

impl Events {
    /// A step of an administration, by this person.
    pub(crate) fn administered(&self, act: AdministrativeAct, by: Option<&Administrator>) {
        let context = EventContext {
            person: by.map(|by| by.person.clone()),
            session: by.and_then(|by| by.session.clone()),
            ..EventContext::default()
        };
        self.tell(EventKind::Administered { act }, context);
    }
}

/// Tells of each request that is refused inside: without a session, a role or a fresh authentication, or from another site.
pub(crate) fn refusals_told<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Waiting + Clone {
    move |inner, request| Box::pin(answer(bff.clone(), request, inner.clone()))
}

async fn answer<S: Inner>(bff: Bff, request: Request, inner: S) -> Answer {
    let response = inner.oneshot(request).await?;
    if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        let by = response.extensions().get::<Administrator>();
        bff.events.administered(AdministrativeAct::Refused, by);
    }
    Ok(response)
}
