//! The keys in Redis. A session's share a hash tag, so that one script can change them together in a cluster:
//!
//! | key | content |
//! |---|---|
//! | `<place>` | the session record, in the form of tower-sessions-redis-store |
//! | `{<place>}:tokens` | the sealed tokens |
//! | `{<place>}:refresh` | the holder of the lease, during a refresh |
//! | `{<place>}:ended` | why the session ended, for a day or until its person wants to see it no more |
//! | `{<key>}:sessions`, `{<key>}:retired` | the index by person and by the provider's session |
//! | `{<list>}:live`, `{<list>}:retired` | the lists of all sessions |
//! | `{<browser>}:held` | the session that a browser has had last, for a minute |
//! | `spent:<id>` | a login or a logout token that was used |

use tower_sessions::session::Id;

pub(super) fn tokens_key(place: &Id) -> String {
    format!("{{{place}}}:tokens")
}

pub(super) fn refresh_key(place: &Id) -> String {
    format!("{{{place}}}:refresh")
}

pub(super) fn ended_key(place: &Id) -> String {
    format!("{{{place}}}:ended")
}

pub(super) fn spent_key(place: &Id) -> String {
    format!("spent:{place}")
}

pub(super) fn held_key(browser: &Id) -> String {
    format!("{{{browser}}}:held")
}

pub(super) fn index_key(key: &Id) -> String {
    format!("{{{key}}}:sessions")
}

pub(super) fn retired_key(key: &Id) -> String {
    format!("{{{key}}}:retired")
}

pub(super) fn list_key(list: &Id) -> String {
    format!("{{{list}}}:live")
}
