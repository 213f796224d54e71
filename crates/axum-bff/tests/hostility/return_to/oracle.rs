//! The oracle for pages of ours. The URL parser of browsers finds our origin and the path as it was written. A server
//! that decodes the path once or twice more finds no other place in it.

use url::Url;

const ORIGIN: &str = "https://app.example";

/// Paths that are no pages.
const PROTOCOL: [&str; 6] = ["/auth", "/api", "/_fn", "/pkg", "/livez", "/readyz"];

pub(super) fn is_page_of_ours(target: &str) -> Result<(), String> {
    let base = Url::parse(ORIGIN).expect("a URL");
    let url = base.join(target).map_err(|_| "it is no URL")?;
    let written = target.split(['?', '#']).next().unwrap_or_default();
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("it leads to {}", url.origin().ascii_serialization()));
    }
    if url.path() != written {
        return Err(format!("a browser asks for {}", url.path()));
    }
    let mut path = written.as_bytes().to_vec();
    for _ in 0..3 {
        is_path(&path)?;
        path = decoded(&path);
    }
    // The text behind the path is data, but a line end in it would end a header.
    let line_ends = |byte: &u8| byte.is_ascii_control();
    if decoded(target.as_bytes()).iter().any(line_ends) {
        return Err("it hides a control character".to_owned());
    }
    Ok(())
}

fn is_path(path: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(path);
    let is_protocol = |prefix: &&&str| {
        let rest = text.strip_prefix(**prefix);
        // To all servers, an encoded question mark is a character of a name, for instance of a title.
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if let Some(prefix) = PROTOCOL.iter().find(is_protocol) {
        return Err(format!("it is under {prefix}"));
    }
    let is_relative = |segment: &str| segment == "." || segment == "..";
    match () {
        () if !text.starts_with('/') => Err("it begins with no slash".to_owned()),
        () if text.contains("//") || text.contains('\\') => Err("some parser sees an authority in it".to_owned()),
        () if text.split('/').any(is_relative) => Err("it goes up".to_owned()),
        () if path.iter().any(u8::is_ascii_control) => Err("it has a control character".to_owned()),
        () => Ok(()),
    }
}

/// Whether the target is plainly a page: it has letters, digits and little else, and is not too long.
pub(super) fn is_plain(target: &str) -> bool {
    let (before, fragment) = target.split_once('#').unwrap_or((target, "x"));
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    let word = |text: &str, more: &str| {
        text.chars()
            .all(|character| character.is_ascii_alphanumeric() || more.contains(character))
    };
    let segments = path.strip_prefix('/').unwrap_or("!");
    let is_path = path == "/"
        || segments
            .split('/')
            .all(|segment| !segment.is_empty() && word(segment, "-_~"));
    let is_page = !PROTOCOL
        .iter()
        .any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}/")));
    is_path && is_page && word(query, "-_=&/:@") && !fragment.is_empty() && word(fragment, "-_") && target.len() <= 1024
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let hex = |byte: &u8| char::from(*byte).to_digit(16);
    let (mut out, mut rest) = (Vec::new(), text);
    while let [first, after @ ..] = rest {
        let pair = match (first, after) {
            (b'%', [high, low, ..]) => hex(high).zip(hex(low)),
            _ => None,
        };
        let (byte, taken) = pair.map_or((*first, 1), |(high, low)| {
            (u8::try_from(high * 16 + low).unwrap_or(0), 3)
        });
        out.push(byte);
        rest = &rest[taken..];
    }
    out
}
