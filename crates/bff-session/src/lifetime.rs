//! How long a session lives: an idle limit and an absolute one, both kept by the server (SES-05).

use super::UserSession;
use time::{Duration, OffsetDateTime};

/// How long after the absolute limit the end of a session is still noticed.
const NOTICED: Duration = Duration::HOUR;

/// The two limits of a session. It ends at whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// How long a session lives without a request.
    pub idle: Duration,
    /// How long a session lives at most, counted from the sign-in. Nothing extends it.
    pub absolute: Duration,
}

impl Lifetime {
    /// The activity of a session is written at most this often: a minute, or a tenth of a short
    /// idle limit. A session may so end that much before its idle limit, never after it.
    #[must_use]
    pub fn touch_interval(&self) -> Duration {
        Duration::MINUTE.min(self.idle / 10)
    }

    /// So long before the end of a session its person is warned: two minutes, or a quarter of a short
    /// idle limit (WCAG 2.2.1 asks for twenty seconds at least; an idle limit of more than eighty has them).
    #[must_use]
    pub fn warning(&self) -> Duration {
        Duration::minutes(2).min(self.idle / 4)
    }

    /// When the session is about to end, if nothing more happens: browsers count whole seconds.
    #[must_use]
    pub fn warning_at(&self, session: &UserSession) -> OffsetDateTime {
        let warning = Duration::seconds(self.warning().whole_seconds());
        self.ends_at(session).saturating_sub(warning)
    }

    /// When the session ends if nothing more happens.
    #[must_use]
    pub fn ends_at(&self, session: &UserSession) -> OffsetDateTime {
        self.idle_end(session).min(self.absolute_end(session))
    }

    /// Until when the store keeps the session's record. A session that requests keep alive up to the absolute limit leaves
    /// its record for an hour, so that its end is noticed and its person is known then. The tokens go at the limit.
    pub(super) fn kept_until(&self, session: &UserSession) -> OffsetDateTime {
        let absolute_end = self.absolute_end(session);
        if self.idle_end(session) < absolute_end {
            self.idle_end(session)
        } else {
            absolute_end.saturating_add(NOTICED)
        }
    }

    /// When the session ends for lack of requests.
    #[must_use]
    pub fn idle_end(&self, session: &UserSession) -> OffsetDateTime {
        session.last_seen.saturating_add(self.idle)
    }

    /// When the session ends even if it is in use.
    #[must_use]
    pub fn absolute_end(&self, session: &UserSession) -> OffsetDateTime {
        session.signed_in_at.saturating_add(self.absolute)
    }

    /// Whether the session lives at `now`. At the very limit it does not.
    #[must_use]
    pub fn is_live(&self, session: &UserSession, now: OffsetDateTime) -> bool {
        now < self.ends_at(session)
    }
}
