//! How two spellings of an issuer differ.

use url::Url;

/// One way in which the issuer that the metadata names differs from the configured one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IssuerDifference {
    /// Only the metadata's has a slash at its end.
    SlashAdded,
    /// Only the configured one has a slash at its end.
    SlashMissing,
    /// One is `http`, the other `https`.
    Scheme,
    /// They are the same but for upper and lower case.
    Case,
    /// They name different ports, or only one of them names one.
    Port,
    /// They name different hosts.
    Host,
    /// They name different paths.
    Path,
    /// The metadata's has a place to be filled in, such as `{tenantid}`: it is of no one issuer.
    Template,
    /// They name the same thing in different letters, for instance percent-encoded.
    Spelling,
}

/// All differences; none where both are the same, character by character.
pub(super) fn differences(configured: &str, named: &str) -> Vec<IssuerDifference> {
    if configured == named {
        return Vec::new();
    }
    if named.contains('{') {
        return vec![IssuerDifference::Template];
    }
    let mut found = Vec::new();
    match (configured.ends_with('/'), named.ends_with('/')) {
        (false, true) => found.push(IssuerDifference::SlashAdded),
        (true, false) => found.push(IssuerDifference::SlashMissing),
        _ => {}
    }
    let (configured, named) = (configured.trim_end_matches('/'), named.trim_end_matches('/'));
    if configured != named && configured.eq_ignore_ascii_case(named) {
        found.push(IssuerDifference::Case);
        return found;
    }
    if let (Ok(ours), Ok(theirs)) = (Url::parse(configured), Url::parse(named)) {
        let parts = [
            (ours.scheme() != theirs.scheme(), IssuerDifference::Scheme),
            (ours.host_str() != theirs.host_str(), IssuerDifference::Host),
            (port(configured) != port(named), IssuerDifference::Port),
            (ours.path() != theirs.path(), IssuerDifference::Path),
        ];
        found.extend(parts.iter().filter(|(differs, _)| *differs).map(|(_, part)| *part));
    }
    if found.is_empty() {
        found.push(IssuerDifference::Spelling);
    }
    found
}

/// The port as it is written: `https://op` and `https://op:443` are the same address and different issuers.
fn port(issuer: &str) -> Option<&str> {
    let (_, rest) = issuer.split_once("://")?;
    let authority = rest.split('/').next()?;
    // The text after the last colon; inside brackets it belongs to an address of IPv6.
    authority
        .rsplit_once(':')
        .map(|(_, port)| port)
        .filter(|port| !port.ends_with(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DISC-02
    #[test]
    fn every_difference_of_an_issuer_is_named() {
        use IssuerDifference::{Case, Host, Path, Port, Scheme, SlashAdded, SlashMissing, Spelling, Template};
        for (configured, named, expected) in [
            ("https://op.example", "https://op.example", vec![]),
            ("https://op.example", "https://op.example/", vec![SlashAdded]),
            ("https://op.example/t/", "https://op.example/t", vec![SlashMissing]),
            ("https://OP.example", "https://op.example", vec![Case]),
            (
                "https://op.example/Main",
                "https://op.example/main/",
                vec![SlashAdded, Case],
            ),
            ("https://op.example:443", "https://op.example", vec![Port]),
            ("https://op.example", "https://op.example:8443", vec![Port]),
            ("http://[::1]:80", "http://[::1]", vec![Port]),
            ("http://op.example", "https://op.example", vec![Scheme]),
            ("https://op.example", "https://sts.example", vec![Host]),
            ("https://op.example/a", "https://op.example/b", vec![Path]),
            (
                "https://op.example/a",
                "http://other.example/b",
                vec![Scheme, Host, Path],
            ),
            (
                "https://login.example/common/v2.0",
                "https://login.example/{tenantid}/v2.0",
                vec![Template],
            ),
            (
                "https://op.example/%61é",
                "https://op.example/%61%C3%A9",
                vec![Spelling],
            ),
        ] {
            assert_eq!(differences(configured, named), expected, "{configured} and {named}");
        }
    }
}
