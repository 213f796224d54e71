//! The steps of a login, put together for people to see: from its start in the browser to its session.

use crate::login_transaction::Carried;
use bff_session::CodeFlow;
use oidc_relying_party::{Authentication, Redemption};
use std::time::Duration;
use time::OffsetDateTime;

/// The steps up to the answer of the provider.
#[derive(Clone, Copy)]
pub(super) struct Answered {
    carried: Carried,
    at: OffsetDateTime,
}

/// The steps up to the verified ID Token, and to userinfo.
pub(super) struct Redeemed {
    answered: Answered,
    redemption: Redemption,
    dpop: bool,
}

impl Answered {
    pub(super) fn new(carried: Carried, at: OffsetDateTime) -> Self {
        Self { carried, at }
    }

    pub(super) fn redeemed(self, authentication: &Authentication) -> Redeemed {
        Redeemed {
            answered: self,
            redemption: authentication.redemption(),
            dpop: authentication.tokens().dpop_key.is_some(),
        }
    }
}

impl Redeemed {
    /// All steps, with a session that begins `now`.
    pub(super) fn with_session(self, now: OffsetDateTime) -> CodeFlow {
        let Answered { carried, at } = self.answered;
        CodeFlow {
            begun_at: carried.begun_at,
            took: between(carried.begun_at, now),
            state_length: carried.state_length,
            at_provider: between(carried.begun_at, at),
            code_length: carried.code_length,
            iss: carried.iss,
            client_authentication: self.redemption.client_authentication.name().to_owned(),
            token_request: self.redemption.token_request,
            dpop: self.dpop,
            algorithm: self.redemption.algorithm.name().to_owned(),
            at_hash: self.redemption.at_hash,
            id_token_checks: self.redemption.id_token_checks,
            userinfo: self.redemption.userinfo,
            refreshes: Vec::new(),
        }
    }
}

/// Zero if another replica began the login, and its clock is ahead.
fn between(from: OffsetDateTime, to: OffsetDateTime) -> Duration {
    (to - from).try_into().unwrap_or_default()
}
