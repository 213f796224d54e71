//! The two cookies, read strictly and written in one form (SES-02, SES-04).
//!
//! The names start with `__Host-Http-`: browsers that know that prefix also demand that a response
//! set the cookie and that no script may read it; the others still enforce `__Host-`.

use axum::http::{HeaderMap, HeaderValue, header};
use std::sync::Arc;
use time::Duration;

/// The session cookie of an application that has no other name for it: an opaque id.
pub const SESSION: &str = "__Host-Http-session";

/// The login cookie beside [`SESSION`]: the secret that binds pending logins to this browser.
pub const LOGIN: &str = "__Host-Http-login";

/// The names of the two cookies (`BFF_COOKIE_NAME`). Two applications on one host, such as `localhost` with two ports, need
/// different ones: cookies know no port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieNames {
    /// The cookie with the session's id.
    pub session: Arc<str>,
    /// The cookie that binds pending logins to the browser.
    pub login: Arc<str>,
}

impl Default for CookieNames {
    fn default() -> Self {
        Self {
            session: SESSION.into(),
            login: LOGIN.into(),
        }
    }
}

impl CookieNames {
    /// The names for an application below a path, without a setting: no two applications on one host have one in common. The
    /// path is not the cookie's own: `__Host-` demands `Path=/`.
    ///
    /// # Errors
    ///
    /// For a path that is too long for a name.
    pub(crate) fn below(path: &str) -> Result<Self, String> {
        // A slash is written as a hyphen. So a hyphen, and each other character that is no letter and no digit, is escaped.
        let mut words = String::new();
        for letter in path.chars() {
            match letter {
                '/' => words.push('-'),
                '-' => words.push_str("__"),
                '_' => words.push_str("_u"),
                '.' => words.push_str("_d"),
                '~' => words.push_str("_t"),
                letter => words.push(letter),
            }
        }
        let name = format!("session{words}");
        if !is_name(&name) {
            return Err(
                "is missing, and the path of BFF_PUBLIC_URL is too long to name the cookie after it".to_owned(),
            );
        }
        Ok(Self {
            session: format!("__Host-Http-{name}").into(),
            login: format!("__Host-Http-login{words}").into(),
        })
    }

    /// The names of an application: `__Host-Http-<name>` and `__Host-Http-<name>-login`.
    ///
    /// # Errors
    ///
    /// The fault, in words that follow the setting's name: a name has letters, digits, `-` and `_`, at most 40.
    pub(crate) fn of(name: &str) -> Result<Self, String> {
        match name {
            "session" => Ok(Self::default()),
            _ if is_name(name) => Ok(Self {
                session: format!("__Host-Http-{name}").into(),
                login: format!("__Host-Http-{name}-login").into(),
            }),
            _ => Err("is no name of letters, digits, - and _, 40 at most".to_owned()),
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=40).contains(&name.len()) && name.bytes().all(is_plain)
}

/// Longer values than this many bytes are nobody's.
const LIMIT: usize = 128;

/// The value of a cookie. None if it is absent, too long, or there twice: a second one was
/// planted by somebody (RFC 6265bis §8.6), and nobody can tell which. Read by the bytes, because
/// other cookies on the line may be no ASCII: they neither hide ours nor a second one.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(name_and_value)
        .filter(|(found, _)| *found == name.as_bytes())
        .map(|(_, value)| value);
    let only = values.next().filter(|value| value.len() <= LIMIT)?;
    match values.next() {
        None => std::str::from_utf8(only).ok(),
        Some(_) => None,
    }
}

fn name_and_value(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    Some((pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii()))
}

/// The header that sets a cookie for `max_age`.
///
/// # Panics
///
/// For a value that is not visible ASCII; ours are base64.
#[must_use]
pub fn set(name: &str, value: &str, max_age: Duration) -> HeaderValue {
    let seconds = max_age.whole_seconds();
    let line = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    let mut header = HeaderValue::from_str(&line).expect("cookie values are base64");
    header.set_sensitive(true);
    header
}

/// The header that removes a cookie. Browsers ignore a removal of a `__Host-` cookie that lacks
/// its attributes, so it has them all.
#[must_use]
pub fn remove(name: &str) -> HeaderValue {
    set(name, "", Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (header::COOKIE, HeaderValue::from_str(line).expect("a header")))
            .collect()
    }

    /// SES-04
    #[test]
    fn a_cookie_counts_once_and_by_its_exact_name() {
        let name = SESSION;
        assert_eq!(read(&headers(&["a=1; __Host-Http-session=x; b=2"]), name), Some("x"));
        assert_eq!(
            read(&headers(&["__Host-Http-session=x; __Host-Http-session=y"]), name),
            None
        );
        assert_eq!(
            read(&headers(&["__Host-Http-session=x", "__Host-Http-session=x"]), name),
            None
        );
        assert_eq!(read(&headers(&["__host-http-session=x"]), name), None);
        assert_eq!(read(&headers(&["__Host-Http-session"]), name), None);
        assert_eq!(read(&headers(&[]), name), None);
    }

    /// SES-04
    #[test]
    fn a_cookie_that_is_no_ascii_hides_none_of_ours() {
        let name = SESSION;
        assert_eq!(read(&headers(&["a=é; __Host-Http-session=x"]), name), Some("x"));
        let planted = ["__Host-Http-session=x; a=é", "__Host-Http-session=y"];
        assert_eq!(read(&headers(&planted), name), None);
    }

    #[test]
    fn no_two_paths_of_one_host_have_a_cookie_in_common() {
        let paths = [
            "",
            "/shop",
            "/Shop",
            "/shop/login",
            "/shop-login",
            "/login",
            "/session",
            "/a/b",
            "/a-b",
            "/a_b",
            "/a.b",
            "/a~b",
            "/a-/b",
            "/a/-b",
            "/a__b",
            "/a_ub",
            "/a/b/login",
        ];
        let names = paths.map(|path| CookieNames::below(path).expect("a short path"));
        let all: std::collections::BTreeSet<&str> = names
            .iter()
            .flat_map(|names| [&*names.session, &*names.login])
            .collect();
        assert_eq!(all.len(), 2 * paths.len(), "{all:?}");
    }

    /// SES-02
    #[test]
    fn cookies_are_set_and_removed_with_the_same_attributes() {
        let attributes = "; Secure; HttpOnly; SameSite=Lax";
        let set = set(SESSION, "v", Duration::HOUR);
        assert_eq!(set, format!("__Host-Http-session=v; Path=/; Max-Age=3600{attributes}"));
        assert_eq!(
            remove(SESSION),
            format!("__Host-Http-session=; Path=/; Max-Age=0{attributes}")
        );
        assert!(set.is_sensitive());
    }
}
