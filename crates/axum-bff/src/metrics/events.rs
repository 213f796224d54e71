//! Counters of the events that an application hears of: sign-ins, beginnings and ends of sessions.

use super::{Metrics, counter, table};
use crate::events::EventKind;
use ::metrics::Counter;
use bff_contract::problem::Code;
use bff_contract::session::EndReason;
use std::collections::HashMap;
use std::sync::Arc;

/// The code of a refusal by the application, whose own code has no bound.
const APPLICATION: &str = "application";
/// The code of a sign-in that was not refused.
const NONE: &str = "none";

/// The counters of events. Clones share everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventCounters(Option<Arc<Counters>>);

#[derive(Debug)]
struct Counters {
    signed_in: Counter,
    stepped_up: Counter,
    /// By the code of the problem.
    refused: HashMap<&'static str, Counter>,
    refused_by_application: Counter,
    begun: Counter,
    ended: HashMap<&'static str, Counter>,
    lost: Counter,
}

impl EventCounters {
    /// The counters of this recorder; nothing where it is off.
    pub(crate) fn new(metrics: &Metrics) -> Self {
        if !metrics.are_on() {
            return Self(None);
        }
        let recorder = metrics.recorder();
        let sign_ins = |outcome: &'static str, code: &'static str| {
            counter(recorder, &table::SIGN_INS, &[("outcome", outcome), ("code", code)])
        };
        let refused = |code: &Code| (code.as_str(), sign_ins("refused", code.as_str()));
        let ended = |reason: EndReason| {
            let labels = [("reason", reason.word())];
            (reason.word(), counter(recorder, &table::SESSIONS_ENDED, &labels))
        };
        Self(Some(Arc::new(Counters {
            signed_in: sign_ins("signed_in", NONE),
            stepped_up: sign_ins("stepped_up", NONE),
            refused: Code::ALL.iter().map(refused).collect(),
            refused_by_application: sign_ins("refused", APPLICATION),
            begun: counter(recorder, &table::SESSIONS_BEGUN, &[]),
            ended: EndReason::ALL.into_iter().map(ended).collect(),
            lost: counter(recorder, &table::EVENTS_LOST, &[]),
        })))
    }

    /// Something has happened.
    pub(crate) fn count(&self, kind: &EventKind) {
        let Some(counters) = &self.0 else { return };
        match kind {
            EventKind::SignedIn => {
                counters.signed_in.increment(1);
                counters.begun.increment(1);
            }
            EventKind::SteppedUp => {
                counters.stepped_up.increment(1);
                counters.begun.increment(1);
            }
            EventKind::SignInRefused { code } => {
                let of_code = counters.refused.get(code.as_str());
                of_code.unwrap_or(&counters.refused_by_application).increment(1);
            }
            EventKind::Ended { reason } => {
                if let Some(ended) = counters.ended.get(reason.word()) {
                    ended.increment(1);
                }
            }
            EventKind::Refreshed
            | EventKind::ClaimsChanged
            | EventKind::AccessRefused { .. }
            | EventKind::Administered { .. }
            | EventKind::Started { .. }
            | EventKind::Lost { .. } => {}
        }
    }

    /// An event did not reach the application's hook.
    pub(crate) fn count_lost(&self) {
        if let Some(counters) = &self.0 {
            counters.lost.increment(1);
        }
    }
}
