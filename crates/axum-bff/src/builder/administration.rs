//! Who may administer sessions over HTTP.

use super::Builder;
use bff_contract::access::Rule;

impl Builder {
    /// Switches on the HTTP API with which an administrator lists and ends the sessions of everybody, for people who satisfy this
    /// rule and who authenticated at most five minutes ago. Without it the API is not there.
    ///
    /// | request | answer, as JSON |
    /// |---|---|
    /// | `GET /auth/admin/sessions` | a page ([`AdministeredSessions`](crate::administration::AdministeredSessions)); `?subject=` or `?sid=`, `count` (50; at most 200), `after` (the `next` of the page before) |
    /// | `GET /auth/admin/sessions/{name}` | one session |
    /// | `POST /auth/admin/sessions/end` | with `{"name": ..}`, `{"subject": ..}`, `{"sid": ..}` or `{"all": true}`: `{"ended": 3}` |
    ///
    /// A refusal is a problem document (RFC 9457). Each request is told to the hook for events
    /// ([`EventKind::Administered`](crate::EventKind::Administered)), refused ones too. A rule that asks a check
    /// ([`Rule::Check`]) lets nobody in. A role that the rule names stands in the access table too, so that it is always kept.
    ///
    /// ```
    /// use axum_bff::{Bff, access::Rule};
    ///
    /// let builder = Bff::builder().administration(Rule::Role("operator"));
    /// ```
    pub fn administration(mut self, rule: Rule) -> Self {
        self.administration = Some(rule);
        self
    }
}
