//! The provider's own session with a browser, so that signing out here can be seen: the next sign-in asks again.

use std::{collections::HashMap, fmt, sync::Mutex, time::Duration};

use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};

use crate::{calls::Call, lock::lock, random::random_value};

// No `Secure`: the provider speaks plain HTTP on loopback, where some browsers would drop the cookie.
const COOKIE: &str = "provider-session";

/// The longest time that a sign-in is kept.
pub(crate) const LONGEST: Duration = Duration::from_hours(30 * 24);

/// The sign-in of one browser at the provider.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BrowserSession {
    pub(crate) username: String,
    /// The session ID of ID Tokens (Front-Channel Logout 1.0 §3). Not the cookie's value.
    pub(crate) sid: String,
    /// Seconds since 1970.
    pub(crate) auth_time: u64,
}

impl BrowserSession {
    pub(crate) fn new(username: &str, auth_time: u64) -> Self {
        Self {
            username: username.to_owned(),
            sid: random_value(),
            auth_time,
        }
    }
}

/// All of them, by cookie value.
#[derive(Default)]
pub(crate) struct BrowserSessions(Mutex<HashMap<String, BrowserSession>>);

impl BrowserSessions {
    /// The sessions of an earlier process.
    pub(crate) fn restored(kept: HashMap<String, BrowserSession>) -> Self {
        Self(Mutex::new(kept))
    }

    /// Those that are kept for the next process.
    pub(crate) fn kept(&self, now: u64) -> HashMap<String, BrowserSession> {
        let mut kept = lock(&self.0).clone();
        kept.retain(|_, session| session.auth_time + LONGEST.as_secs() > now);
        kept
    }

    /// The session of the browser that made this call.
    pub(crate) fn of(&self, call: &Call) -> Option<BrowserSession> {
        lock(&self.0).get(cookie(call)?).cloned()
    }

    /// Starts a session in place of the one this browser may have had; the headers set its cookie.
    pub(crate) fn start(&self, call: &Call, session: BrowserSession) -> HeaderMap {
        let value = random_value();
        let set_cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax");
        let mut sessions = lock(&self.0);
        if let Some(old) = cookie(call) {
            sessions.remove(old);
        }
        sessions.insert(value, session);
        set(&set_cookie)
    }

    /// Every session that is young enough to be kept, oldest first.
    pub(crate) fn all(&self, now: u64) -> Vec<BrowserSession> {
        let mut all: Vec<BrowserSession> = self.kept(now).into_values().collect();
        all.sort_by(|one, other| (one.auth_time, &one.sid).cmp(&(other.auth_time, &other.sid)));
        all
    }

    /// Ends all sessions of a person.
    pub(crate) fn end_all_of(&self, username: &str) {
        lock(&self.0).retain(|_, session| session.username != username);
    }

    /// Ends the session of the browser that made this call, which is given back, and the one with this `sid`: a form posted
    /// from another site arrives without the cookie. The headers drop the cookie.
    pub(crate) fn end(&self, call: &Call, sid: Option<&str>) -> (Option<BrowserSession>, HeaderMap) {
        let mut sessions = lock(&self.0);
        let own = cookie(call).and_then(|value| sessions.remove(value));
        sessions.retain(|_, session| Some(session.sid.as_str()) != sid);
        let set_cookie = set(&format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
        (own, set_cookie)
    }
}

impl fmt::Debug for BrowserSessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BrowserSessions({})", lock(&self.0).len())
    }
}

fn cookie(call: &Call) -> Option<&str> {
    let cookies = call.header("cookie")?.split(';');
    let mut values = cookies.filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    values.next()
}

fn set(cookie: &str) -> HeaderMap {
    let value = HeaderValue::from_str(cookie).expect("a cookie of base64url and attributes");
    HeaderMap::from_iter([(header::SET_COOKIE, value)])
}
