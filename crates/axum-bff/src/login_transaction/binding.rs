//! The login cookie: it binds logins to a browser, and counts those that were completed just now.
//!
//! The value is the secret in base64url, and after a login `.<count>.<second>`: how many logins were finished one soon
//! after the other, and when the last was. A browser that is back at the login right after a login, without the
//! session's cookie, does not keep that cookie; without the count it would sign in again for ever (invariant 8, CB-14). The
//! count is not sealed: a person who changes it stops or misleads nobody but this browser.

use crate::cookies::{self, CookieNames};
use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::Sessions;
use bff_session::key_ring;
use time::{Duration, OffsetDateTime};
use tower_sessions::session::Id;
use zeroize::Zeroizing;

/// How long the browser keeps the cookie. It is longer than a login may take, so that the answer to a login that was
/// left open over night differs from the answer to a login that was never begun here.
const KEPT: Duration = Duration::DAY;

/// Logins that land within so long after another count together.
const SOON: Duration = Duration::MINUTE;

/// So many logins in a row are no accident.
const ROUNDS: u8 = 3;

/// The content of the login cookie. All pending logins of a browser share its secret.
pub struct LoginBinding {
    secret: Zeroizing<[u8; 32]>,
    completed: Option<Completed>,
}

/// Logins that were finished one soon after the other.
#[derive(Clone, Copy)]
struct Completed {
    count: u8,
    last: OffsetDateTime,
}

impl std::fmt::Debug for LoginBinding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LoginBinding([redacted])")
    }
}

impl LoginBinding {
    /// The binding that this browser has.
    #[must_use]
    pub fn read(headers: &HeaderMap, names: &CookieNames) -> Option<Self> {
        let value = cookies::read(headers, &names.login)?;
        let (secret, completed) = value.split_once('.').unwrap_or((value, ""));
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(secret).ok()?);
        Some(Self {
            secret: Zeroizing::new(bytes.as_slice().try_into().ok()?),
            completed: Completed::read(completed),
        })
    }

    /// A new binding.
    #[must_use]
    pub fn new() -> Self {
        Self {
            secret: Zeroizing::new(key_ring::random()),
            completed: None,
        }
    }

    /// The same after a login that was finished.
    #[must_use]
    pub fn completed(mut self, now: OffsetDateTime) -> Self {
        let before = self.completed.filter(|completed| completed.is_recent(now));
        let count = before.map_or(0, |completed| completed.count).saturating_add(1);
        self.completed = Some(Completed { count, last: now });
        self
    }

    /// The binding after a logout, if there is a count to forget: a person who signs in again then is in no loop.
    #[must_use]
    pub fn after_logout(self) -> Option<Self> {
        self.completed?;
        Some(Self {
            completed: None,
            ..self
        })
    }

    /// Whether logins go round in a circle: too many have just been finished, for a browser that comes without a session.
    #[must_use]
    pub fn is_looping(&self, now: OffsetDateTime) -> bool {
        self.completed
            .is_some_and(|completed| completed.count >= ROUNDS && completed.is_recent(now))
    }

    /// The header that keeps this binding in the browser.
    #[must_use]
    pub fn set_cookie(&self, names: &CookieNames) -> HeaderValue {
        let secret = URL_SAFE_NO_PAD.encode(*self.secret);
        let value = match self.completed {
            Some(Completed { count, last }) => format!("{secret}.{count}.{}", last.unix_timestamp()),
            None => secret,
        };
        cookies::set(&names.login, &value, KEPT)
    }

    /// This browser's name among those that have a session.
    #[must_use]
    pub fn browser(&self, sessions: &Sessions) -> Option<Id> {
        sessions.browser(&*self.secret)
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl Completed {
    fn read(text: &str) -> Option<Self> {
        let (count, last) = text.split_once('.')?;
        Some(Self {
            count: count.parse().ok()?,
            last: OffsetDateTime::from_unix_timestamp(last.parse().ok()?).ok()?,
        })
    }

    fn is_recent(self, now: OffsetDateTime) -> bool {
        (self.last..self.last.saturating_add(SOON)).contains(&now)
    }
}

impl Default for LoginBinding {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    fn again(binding: &LoginBinding) -> LoginBinding {
        let line = binding.set_cookie(&CookieNames::default());
        let pair = line
            .to_str()
            .expect("ASCII")
            .split(';')
            .next()
            .expect("a pair")
            .to_owned();
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(pair).expect("a header"))]);
        LoginBinding::read(&headers, &CookieNames::default()).expect("reads")
    }

    fn second(number: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + number).expect("a time")
    }

    /// AUTHZ-06
    #[test]
    fn the_cookie_does_not_grow_with_the_number_of_tabs() {
        let binding = LoginBinding::new();
        assert_eq!(
            again(&binding).set_cookie(&CookieNames::default()),
            binding.set_cookie(&CookieNames::default())
        );
        assert!(binding.set_cookie(&CookieNames::default()).len() < 160);
    }

    /// CB-14
    #[test]
    fn three_logins_in_a_row_are_a_circle_and_a_pause_ends_it() {
        let mut binding = LoginBinding::new();
        for round in 0..3 {
            assert!(!binding.is_looping(second(round)), "{round}");
            binding = again(&binding.completed(second(round)));
        }
        assert!(binding.is_looping(second(3)));
        assert!(!binding.is_looping(second(62)), "one minute after the last login");
        let binding = again(&binding.completed(second(70)));
        assert!(!binding.is_looping(second(71)), "the count starts again");
    }

    /// CB-14
    #[test]
    fn a_logout_forgets_the_count_and_keeps_the_secret() {
        let binding = LoginBinding::new();
        let plain = binding.set_cookie(&CookieNames::default());
        let after_logout = binding.completed(second(0)).after_logout().expect("there is a count");
        assert_eq!(after_logout.set_cookie(&CookieNames::default()), plain);
        assert!(after_logout.after_logout().is_none(), "the cookie does not change");
    }

    #[test]
    fn a_count_that_is_none_counts_nothing() {
        for text in ["", "3", "3.", "x.1", "3.x", "300.1", "3.1.1", "-1.5"] {
            assert!(Completed::read(text).is_none(), "{text}");
        }
    }
}
