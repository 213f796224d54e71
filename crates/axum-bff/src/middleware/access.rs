//! The application's access table, asked before anything is
//! rendered or run. A path that the table does not name needs a session (invariant 2).

use super::around::{Answer, Inner, Waiting};
use crate::bff::Bff;
use crate::checks::CheckError;
use crate::error::Error;
use crate::events::{EventContext, EventKind, Person};
use crate::request::{Presented, RequestId};
use axum::body::Body;
use axum::extract::Request;
use axum::http::Extensions;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use bff_contract::access::{Decision, Missing, Rule, decide};
use bff_contract::session::SessionState;
use futures::future::{Either, Ready, ready};
use std::sync::Arc;
use tower::ServiceExt;

/// If no check is asked, nothing waits: that needs no box.
type Guarded<F> = Either<Either<Ready<Answer>, F>, Waiting>;

/// Refuses a request that the table does not permit to its session.
pub(crate) fn access<S: Inner>(bff: Bff) -> impl Fn(&mut S, Request) -> Guarded<S::Future> + Clone {
    move |inner, request| {
        let rule = bff.access.rule(request.uri().path());
        let decision = decide(rule, session(request.extensions()));
        if let Decision::Check(_) = decision {
            return Either::Right(Box::pin(after_checks(bff.clone(), inner.clone(), rule, request)));
        }
        Either::Left(match answered(decision) {
            Ok(()) => Either::Right(inner.call(request)),
            Err(error) => {
                let line = bff.access.line(request.uri().path()).unwrap_or_default();
                tell_of(&error, &bff, (line, rule), request.extensions());
                Either::Left(ready(Ok(error.into_response())))
            }
        })
    }
}

async fn after_checks<S: Inner>(bff: Bff, inner: S, rule: Rule, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let line = bff.access.line(parts.uri.path()).unwrap_or_default();
    match admitted(&bff, (line, rule), &parts).await {
        Ok(()) => inner.oneshot(Request::from_parts(parts, body)).await,
        Err(error) => Ok(error.into_response()),
    }
}

/// Whether the session of a request, which its extensions hold inside the session layer, satisfies the rule of this line of
/// the table. The checks of the rule are asked.
pub(crate) async fn admitted(bff: &Bff, (line, rule): (&str, Rule), request: &Parts) -> Result<(), Error> {
    let session = session(&request.extensions);
    let mut decision = decide(rule, session);
    if let Decision::Check(_) = decision {
        let decided = bff.checks.decide((line, rule), session, asked(request), &*bff.clock);
        decision = decided.await?;
    }
    answered(decision).inspect_err(|error| tell_of(error, bff, (line, rule), &request.extensions))
}

/// Tells of the refusal of a person with a session. The address of the request is not in it.
fn tell_of(error: &Error, bff: &Bff, (line, rule): (&str, Rule), known: &Extensions) {
    let is_of_the_rule = matches!(
        error,
        Error::RoleMissing(_) | Error::ClaimMissing(_) | Error::NotEntitled | Error::StepUpRequired(_)
    );
    if !is_of_the_rule || !bff.events.are_heard() {
        return;
    }
    let Some(Presented { id, session }) = known.get::<Presented>() else {
        return;
    };
    let context = EventContext {
        person: Some(Person::of(&session.identity)),
        session: bff.sessions.name(id),
        signed_in_from: Some(session.seen_from.clone()),
        acr: session.acr.clone(),
    };
    let kind = EventKind::AccessRefused {
        line: line.to_owned(),
        rule: rule.to_string(),
        code: error.code().to_owned(),
    };
    bff.events.tell(kind, context);
}

/// The request as a check sees it: without its body, and without axum's knowledge of the route, whose parameters may differ
/// from those of the rule.
fn asked(request: &Parts) -> Request {
    let mut asked = Request::new(Body::empty());
    asked.method_mut().clone_from(&request.method);
    asked.uri_mut().clone_from(&request.uri);
    asked.headers_mut().clone_from(&request.headers);
    let (known, ours) = (&request.extensions, asked.extensions_mut());
    keep::<Bff>(known, ours);
    keep::<Arc<SessionState>>(known, ours);
    keep::<Presented>(known, ours);
    keep::<RequestId>(known, ours);
    asked
}

fn keep<T: Clone + Send + Sync + 'static>(known: &Extensions, kept: &mut Extensions) {
    if let Some(value) = known.get::<T>() {
        kept.insert(value.clone());
    }
}

fn session(extensions: &Extensions) -> &SessionState {
    let session = extensions.get::<Arc<SessionState>>();
    session.map_or(&SessionState::Anonymous, |session| &**session)
}

/// Whether a session satisfies the rule. No check is asked.
pub(crate) fn satisfied(asked: Rule, session: &SessionState) -> Result<(), Error> {
    answered(decide(asked, session))
}

fn answered(decision: Decision) -> Result<(), Error> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::SignIn => Err(Error::SignInRequired),
        Decision::SessionEnded(reason) => Err(Error::SessionEnded(reason)),
        Decision::Forbidden(Missing::Role(role)) => Err(Error::RoleMissing(role)),
        Decision::Forbidden(Missing::Claim(claim)) => Err(Error::ClaimMissing(claim)),
        Decision::Forbidden(Missing::Other) => Err(Error::NotEntitled),
        Decision::StepUp(step_up) => Err(Error::StepUpRequired(step_up)),
        Decision::Check(name) => Err(CheckError::NotAsked(name).into()),
        Decision::Unavailable => Err(Error::SessionUnreadable),
    }
}
