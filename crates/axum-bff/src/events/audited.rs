//! The audit, as a listener to the stream of events.

use super::Events;
#[cfg(feature = "testing")]
use super::{EventContext, EventKind, Person};
use crate::audit::{Audit, AuditError};

impl Events {
    /// The same, and the audit has a record of each.
    pub(crate) fn audited(self, audit: Option<Audit>) -> Self {
        Self { audit, ..self }
    }

    /// Something that only a test tells of.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    pub fn tell_in_test(&self, kind: EventKind, person: Option<Person>, session: Option<String>) {
        let context = EventContext {
            person,
            session,
            ..EventContext::default()
        };
        self.tell(kind, context);
    }

    /// Resolves when the audit has written a record of everything. While the target of the records is away, that does not
    /// happen.
    pub async fn written(&self) {
        if let Some(audit) = &self.audit {
            audit.written().await;
        }
    }

    /// The server ends: resolves as [`Events::written`] does, and an audit whose target is away tries again without a long
    /// pause.
    pub(crate) async fn end(&self) {
        if let Some(audit) = &self.audit {
            audit.end().await;
        }
    }

    /// How many records the audit has not written.
    pub(crate) fn unwritten(&self) -> usize {
        self.audit.as_ref().map_or(0, Audit::unwritten)
    }

    /// Whether the target of the audit took the first record, where it is on this machine.
    ///
    /// # Errors
    ///
    /// The target does not take it.
    pub(crate) async fn first_written(&self) -> Result<(), AuditError> {
        match &self.audit {
            Some(audit) => audit.first_written().await,
            None => Ok(()),
        }
    }
}
