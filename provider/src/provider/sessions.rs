//! The view and the control that a test has of sessions and grants.

use std::time::Instant;

use super::Provider;
use crate::{
    lock::lock,
    logout_token::{LogoutTokenParts, logout_token},
};

impl Provider {
    /// How many refreshes were granted, whether their answers arrived or not.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.state.grants.refreshes()
    }

    /// When refreshes were granted to this person, oldest first, by the machine's clock: a clock in the settings does
    /// not count.
    #[must_use]
    pub fn refreshes_of(&self, username: &str) -> Vec<Instant> {
        self.state.grants.refreshes_of(username)
    }

    /// How often a refresh token came that was spent before. Each time its grant was revoked.
    #[must_use]
    pub fn reuse_alarms(&self) -> usize {
        self.state.grants.reuse_alarms()
    }

    /// Revokes everything that this person granted so far: the next refresh gets `invalid_grant`, and access tokens are not
    /// good any more.
    pub fn revoke_grants(&self, username: &str) {
        self.state.grants.revoke_all_of(username);
    }

    /// The `sid` of each of this person's logins so far, oldest first.
    #[must_use]
    pub fn sids(&self, username: &str) -> Vec<String> {
        self.state.grants.sids(username)
    }

    /// The `sub` of this person's tokens.
    #[must_use]
    pub fn subject(&self, username: &str) -> String {
        self.state.subject(username).to_owned()
    }

    /// A logout token of these parts. It is posted nowhere.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers write LogoutTokenParts::of_session(..) in place"
    )]
    pub fn logout_token(&self, parts: LogoutTokenParts) -> String {
        logout_token(&self.state, &parts)
    }

    /// The HTTP status that each logout token posted to the client got, oldest first; `None` where no answer came in time.
    #[must_use]
    pub fn logout_answers(&self) -> Vec<Option<u16>> {
        lock(&self.state.logout_answers).clone()
    }
}
