//! The target after a sign-in: a path of this application, or nothing (RED-01).

use crate::config::PublicUrl;
use std::fmt;
use std::sync::LazyLock;
use url::Url;

/// Longer targets than this many bytes are dropped: they travel sealed in `state`.
const LIMIT: usize = 1024;

/// Paths that nobody lands on: they sign in, sign out or answer programs (RED-03).
const NOT_PAGES: &[&str] = &["/auth", "/api", "/_fn", "/pkg", "/livez", "/readyz"];

/// A path with an optional query and fragment of this application, without the path of `BFF_PUBLIC_URL`. The only way to
/// make one is to have it judged, so the holder of one can redirect to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl Default for ReturnTo {
    /// The home page.
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl ReturnTo {
    /// Judges a target that somebody sent. Anything that is not plainly a page of this
    /// application becomes the home page. Only a page names the place in it to go on from: a fragment that is
    /// not plain is dropped.
    #[must_use]
    pub fn judge(target: &str) -> Self {
        let (page, fragment) = target.split_once('#').unwrap_or((target, ""));
        if !is_page(page) {
            Self::default()
        } else if !fragment.is_empty() && target.len() <= LIMIT && is_fragment(fragment) && stays_here(target) {
            Self(target.to_owned())
        } else {
            Self(page.to_owned())
        }
    }

    /// Judges the parameter `return_to` of a query, if it is there. It is a path as browsers see it: one that is not
    /// below the path of `public_url` becomes the home page.
    #[must_use]
    pub fn of_query(query: &str, public_url: &PublicUrl) -> Option<Self> {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "return_to")
            .map(|(_, target)| Self::seen(&target, public_url))
    }

    /// Judges a target as browsers see it.
    #[must_use]
    pub fn seen(target: &str, public_url: &PublicUrl) -> Self {
        Self::judge(public_url.below(target).unwrap_or_default())
    }

    /// The path with its query and its fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path alone, as the access table names it.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split(['?', '#']).next().unwrap_or_default()
    }

    /// The login address that comes back here, as a path of the application.
    #[must_use]
    pub fn login_address(&self, public_url: &PublicUrl) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", &public_url.seen(&self.0))
            .finish();
        format!("{}?{query}", crate::paths::LOGIN)
    }
}

fn is_page(target: &str) -> bool {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    target.len() <= LIMIT
        && target.bytes().all(is_plain)
        && path_is_plain(path)
        // In a query a slash, a backslash and a percent sign are data.
        && encodes_only(path, |byte| !(byte.is_ascii_control() || is_unreserved(byte) || matches!(byte, b'/' | b'\\' | b'%')))
        && encodes_only(query, |byte| !byte.is_ascii_control())
        && stays_here(target)
        && !NOT_PAGES.iter().any(|prefix| is_under(path, prefix))
}

/// A fragment names a place in a page. In a response it is the last part of the address.
fn is_fragment(fragment: &str) -> bool {
    fragment.bytes().all(|byte| is_plain(byte) && byte != b'#')
        && encodes_only(fragment, |byte| !byte.is_ascii_control())
}

/// Printable ASCII that every URL parser reads alike: no backslash, no white space, no controls.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'^')
}

/// One leading slash and no empty, `.` or `..` segment; nothing before which a lenient parser
/// could see an authority (`/@evil`, `/:80`).
fn path_is_plain(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    let segments_are_plain = rest.is_empty()
        || rest
            .split('/')
            .rev()
            .enumerate()
            .all(|(from_end, segment)| match segment {
                "." | ".." => false,
                // A trailing slash is a page too.
                "" => from_end == 0,
                _ => true,
            });
    let first = rest.split('/').next().unwrap_or_default();
    segments_are_plain && !first.contains(['@', ':', ';'])
}

/// Characters that encoded mean the same as bare (RFC 3986 §2.3). Nobody needs to encode them, and encoded they would be a
/// second spelling of a path: `/%61uth`.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Percent-encodings are complete, and none hides a forbidden character: line ends and other controls
/// anywhere, and in a path characters that a server might read as structure after decoding it again.
fn encodes_only(part: &str, is_allowed: impl Fn(u8) -> bool) -> bool {
    part.split('%').skip(1).all(|after| {
        let byte = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(&is_allowed)
    })
}

/// The judge of last resort: the parser that browsers have, against an origin of our own.
fn stays_here(target: &str) -> bool {
    static HERE: LazyLock<Url> = LazyLock::new(|| Url::parse("https://here.invalid/").expect("an address"));
    // Scheme, host and port are the origin (URL Standard §4.7).
    HERE.join(target).is_ok_and(|there| {
        there.scheme() == HERE.scheme()
            && there.host() == HERE.host()
            && there.port() == HERE.port()
            && there.username().is_empty()
            && there.password().is_none()
    })
}

fn is_under(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
