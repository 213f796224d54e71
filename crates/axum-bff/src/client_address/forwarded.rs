//! The headers in which proxies write down the addresses that a request came from, nearest last.
//!
//! A node without an address that can be read (`unknown`, a name, a typing error) is `None`: nobody vouches for the nodes
//! before it.

use axum::http::{HeaderMap, HeaderValue};
use std::net::{IpAddr, SocketAddr};

/// The nodes of all lines `X-Forwarded-For`. `None`: there is no such line.
pub(super) fn x_forwarded_for(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    nodes(headers, "x-forwarded-for", |line| line.split(',').map(node).collect())
}

/// The nodes of all lines `Forwarded` (RFC 7239 §4). `None`: there is no such line.
pub(super) fn forwarded(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    nodes(headers, "forwarded", |line| {
        let elements = split(line, ',');
        elements.map_or(vec![None], |elements| elements.into_iter().map(of_element).collect())
    })
}

fn nodes(
    headers: &HeaderMap,
    name: &str,
    of_line: impl Fn(&str) -> Vec<Option<IpAddr>>,
) -> Option<Vec<Option<IpAddr>>> {
    let lines: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
    let of_line = |line: &&HeaderValue| line.to_str().map_or(vec![None], &of_line);
    (!lines.is_empty()).then(|| lines.iter().flat_map(of_line).collect())
}

fn of_element(element: &str) -> Option<IpAddr> {
    split(element, ';')?.into_iter().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| node(value))?
    })
}

/// An address, with a port or without, an IPv6 address also in brackets, all of it also in quotes.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let address: IpAddr = text.parse().ok().or_else(with_port).or_else(in_brackets)?;
    // The unspecified address is nobody's.
    Some(address.to_canonical()).filter(|address| !address.is_unspecified())
}

/// Splits at each place at which the separator is not in quotes. `None`: a quote has no end.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut begin) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (place, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if character == separator && !is_quoted => {
                parts.push(&text[begin..place]);
                begin = place + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begin..]);
    (!is_quoted).then_some(parts)
}
