//! The steps of the sign-in by which this session began, and its latest refreshes.

#[cfg(feature = "ssr")]
mod words;

use super::Outcome;
use leptos::prelude::*;
use leptos_bff::SessionClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why the steps are not told.
    FlowRefusal {
        /// Nobody wrote them down: the session began on an earlier version of this application.
        NotKept = "not_kept",
        /// The session store did not answer as it should; later may work.
        Unavailable = "unavailable",
    }
}

/// The steps of a sign-in, in words: lengths, algorithms and times, and no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFlow {
    /// When the login began: RFC 3339, UTC, whole seconds.
    pub begun_at: String,
    /// How long all steps took together, in words.
    pub took: String,
    /// The steps in their order.
    pub steps: Vec<FlowStep>,
    /// The latest refreshes that brought new tokens, the oldest first.
    pub refreshes: Vec<FlowStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStep {
    /// The party that took it.
    pub party: Party,
    /// The step.
    pub title: String,
    /// Its lengths and algorithms.
    pub detail: String,
    /// How long it took, in words. None: it took no time of its own.
    pub took: Option<String>,
    /// Its outcome, in a word or two. None: there was nothing to judge.
    pub verdict: Option<String>,
    /// When it was taken: RFC 3339, UTC, whole seconds. None: in its turn.
    pub at: Option<String>,
}

/// A party of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person's browser.
    Browser,
    /// The server of this application.
    Server,
    /// The OpenID Provider, and the person there.
    Provider,
}

impl Party {
    /// The party in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "Browser",
            Self::Server => "Server",
            Self::Provider => "Provider",
        }
    }
}

/// The steps of the sign-in by which the session of this request began.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a
/// session. Where the steps cannot be told, a [`FlowRefusal`] in the outcome.
#[server(prefix = "/_fn", endpoint = "read_sign_in_flow", client = SessionClient)]
pub async fn read_sign_in_flow() -> Result<Outcome<SignInFlow, FlowRefusal>, Problem> {
    let kept = super::session()?.code_flow().await;
    let told = match kept {
        Ok(Some(flow)) => Ok(SignInFlow::from(flow)),
        Ok(None) => Err(FlowRefusal::NotKept),
        Err(_) => Err(FlowRefusal::Unavailable),
    };
    Ok(told.into())
}
