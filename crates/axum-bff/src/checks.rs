//! Checks: rules of access that only the application can decide ([`Rule::Check`]), such as whether an order is the
//! person's own.
//!
//! A check is the application's code. It may hang, panic or fail, and then it opens nothing: all checks of one request
//! together have five seconds, and a missing answer counts as an outage. A check reads no session: its request holds the one
//! that was read for it.

mod function;

pub use function::CheckFunction;

use crate::error::{ApplicationError, Error, Failure};
use crate::paths;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::any;
use bff_clock::Clock;
use bff_contract::access::{Access, Decision, Rule, decide_checked};
use bff_contract::problem::Code;
use bff_contract::session::SessionState;
use function::{Function, Functions};
use futures::FutureExt;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;

/// How long all checks of one request may take.
const TIME: Duration = Duration::seconds(5);

/// Why a check has given no answer.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// Its function failed.
    #[error("the check {0} failed")]
    Failed(&'static str, #[source] ApplicationError),
    /// Its function panicked.
    #[error("the check {0} panicked")]
    Panicked(&'static str),
    /// The checks of the request took longer than five seconds.
    #[error("the check {0} did not answer in time")]
    Timeout(&'static str),
    /// [`Session::require`](crate::Session::require) got a rule with it, and asks no checks.
    #[error("a handler requires the check {0}: it has to call the function itself")]
    NotAsked(&'static str),
}

impl Failure for CheckError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Failed(..) | Self::Panicked(_) | Self::Timeout(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotAsked(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn problem_code(&self) -> Code {
        match self {
            Self::Failed(..) | Self::Panicked(_) | Self::Timeout(_) => Code::CheckUnavailable,
            Self::NotAsked(_) => Code::Internal,
        }
    }

    fn log_code(&self) -> &'static str {
        match self {
            Self::Failed(..) => "check_failed",
            Self::Panicked(_) => "check_panicked",
            Self::Timeout(_) => "check_timeout",
            Self::NotAsked(_) => "check_not_asked",
        }
    }
}

/// Checks of the access table without a function, and functions that no check of the table names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnmetChecks {
    /// The checks that a rule names and no function answers.
    pub without_function: Vec<&'static str>,
    /// The checks that a function answers and no rule names.
    pub without_rule: Vec<&'static str>,
}

impl fmt::Display for UnmetChecks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions = self.without_function.iter();
        let functions = functions.map(|name| format!("the check {name:?} has no function (`Builder::check`)"));
        let rules = self.without_rule.iter();
        let rules = rules.map(|name| format!("the check {name:?} has a function, and no rule names it"));
        formatter.write_str(&functions.chain(rules).collect::<Vec<_>>().join("; "))
    }
}

/// The checks of an application. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Checks {
    functions: Functions,
    /// Takes the parameters of a path apart as a line of the access table has them: a router for each line that asks checks.
    lines: Arc<BTreeMap<&'static str, Router>>,
}

impl fmt::Debug for Checks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.functions.keys()).finish()
    }
}

impl Checks {
    pub(crate) fn add<T: 'static>(&mut self, name: &'static str, function: impl CheckFunction<T>) {
        self.functions.insert(name, function::of(function));
    }

    /// The same, for the lines of this table.
    pub(crate) fn of_table(self, access: &Access) -> Result<Self, UnmetChecks> {
        let asking: Vec<_> = access
            .table()
            .rules()
            .filter(|(_, rule)| !rule.checks().is_empty())
            .collect();
        let mut named: Vec<_> = asking.iter().flat_map(|(_, rule)| rule.checks()).collect();
        named.sort_unstable();
        named.dedup();
        let is_unmet = |name: &&str| !self.functions.contains_key(*name);
        let unmet = UnmetChecks {
            without_function: named.iter().copied().filter(is_unmet).collect(),
            without_rule: self
                .functions
                .keys()
                .copied()
                .filter(|name| !named.contains(name))
                .collect(),
        };
        if unmet != UnmetChecks::default() {
            return Err(unmet);
        }
        let lines = asking
            .into_iter()
            .filter_map(|(line, _)| Some((line, parameters(access, line)?)));
        Ok(Self {
            lines: Arc::new(lines.collect()),
            ..self
        })
    }

    /// Decides about a request whose rule, of this line of the table, asks checks. The decision is never another check.
    pub(crate) async fn decide(
        &self,
        (line, rule): (&str, Rule),
        session: &SessionState,
        request: Request,
        clock: &dyn Clock,
    ) -> Result<Decision, Error> {
        let request = match self.lines.get(line) {
            Some(line) => with_parameters(line.clone(), request).await,
            None => request.into_parts().0,
        };
        let until = clock.now() + TIME;
        let mut answers = Vec::new();
        loop {
            let answer = |asked: &str| {
                answers
                    .iter()
                    .find(|(name, _)| *name == asked)
                    .map(|(_, answer)| *answer)
            };
            let decision = decide_checked(rule, session, &answer);
            let Decision::Check(name) = decision else {
                return Ok(decision);
            };
            let function = self.functions.get(name).ok_or(CheckError::NotAsked(name))?;
            answers.push((name, ask(name, &**function, &request, (clock, until)).await?));
        }
    }
}

async fn ask(
    name: &'static str,
    function: &dyn Function,
    request: &Parts,
    (clock, until): (&dyn Clock, OffsetDateTime),
) -> Result<bool, Error> {
    // A check that panicked is gone, with all that it held.
    let answer = AssertUnwindSafe(async { function.ask(request.clone()).await }).catch_unwind();
    let answer = tokio::select! {
        biased;
        answer = answer => answer.map_err(|_| CheckError::Panicked(name)),
        () = clock.sleep_until(until) => Err(CheckError::Timeout(name)),
    };
    // An error of ours keeps its own answer: that of an extractor, or of a call that the check makes.
    answer?.map_err(|error| match error.downcast::<Error>() {
        Ok(error) => *error,
        Err(error) => CheckError::Failed(name, error).into(),
    })
}

/// A router that reads the parameters of this line. `None` if the line is no route of axum's: such a line stops the start.
fn parameters(access: &Access, line: &'static str) -> Option<Router> {
    let router = Router::new().fallback(parts);
    if let Some(api) = line.strip_prefix(paths::API) {
        let below = format!("{line}/{{*path}}");
        return (!api.contains(['{', '}'])).then(|| router.route(&below, any(parts)));
    }
    let is_unusable = access.unusable().iter().any(|(unusable, _)| *unusable == line);
    let is_route = line.starts_with('/') && !line.contains("/:") && !line.contains("/*");
    (is_route && !is_unusable).then(|| router.route(line, any(parts)))
}

/// Answers with the request.
async fn parts(request: Request) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(request.into_parts().0);
    response
}

async fn with_parameters(line: Router, request: Request) -> Parts {
    let Ok(mut response) = line.oneshot(request).await;
    let parts = response.extensions_mut().remove::<Parts>();
    parts.expect("every route of the router, and its fallback, answers with the request")
}
