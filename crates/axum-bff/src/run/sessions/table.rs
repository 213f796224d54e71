//! Sessions as text for people.

use crate::administration::{AdministeredSession, AdministeredSessions};
use std::fmt::Write;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const HEAD: [&str; 7] = ["ID", "SUBJECT", "SIGNED IN", "LAST SEEN", "ENDS", "ADDRESS", "BROWSER"];

/// A line for each session, and how the next page is had.
pub(super) fn page(page: &AdministeredSessions) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(page.sessions.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; HEAD.len()] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if let Some(next) = &page.next {
        let _ = writeln!(text, "more: --after {next}");
    }
    text
}

fn row(session: &AdministeredSession) -> [String; HEAD.len()] {
    [
        session.name.clone(),
        plain(&session.subject),
        moment(session.signed_in_at),
        moment(session.last_seen),
        moment(session.ends_at),
        address(session),
        plain(&session.user_agent),
    ]
}

/// A line for each fact.
pub(super) fn one(session: &AdministeredSession) -> String {
    let facts = [
        ("id", session.name.clone()),
        ("subject", plain(&session.subject)),
        ("issuer", plain(&session.issuer)),
        ("signed in", moment(session.signed_in_at)),
        ("last seen", moment(session.last_seen)),
        ("ends", moment(session.ends_at)),
        ("at the latest", moment(session.expires_at)),
        ("address", address(session)),
        ("browser", plain(&session.user_agent)),
        ("acr", session.acr.as_deref().map_or_else(|| "-".to_owned(), plain)),
    ];
    facts.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "{name:<14} {value}");
        text
    })
}

fn address(session: &AdministeredSession) -> String {
    session
        .address
        .map_or_else(|| "-".to_owned(), |address| address.to_string())
}

fn moment(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
}

/// Foreign text must not steer a terminal.
fn plain(text: &str) -> String {
    let plain = |character: char| if character.is_control() { '?' } else { character };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(subject: &str) -> AdministeredSession {
        let at = OffsetDateTime::UNIX_EPOCH;
        AdministeredSession {
            name: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            subject: subject.to_owned(),
            issuer: "https://op.example".to_owned(),
            signed_in_at: at,
            last_seen: at,
            ends_at: at,
            expires_at: at,
            address: None,
            user_agent: "Browser \u{1b}[2J 1".to_owned(),
            acr: None,
        }
    }

    #[test]
    fn columns_stand_below_each_other_and_foreign_text_steers_no_terminal() {
        let listed = AdministeredSessions {
            sessions: vec![session("ada"), session("a longer subject")],
            next: Some("1.A".to_owned()),
        };
        let text = page(&listed);
        let lines: Vec<&str> = text.lines().collect();
        let column = lines[0].find("SIGNED IN");
        assert_eq!(lines[1].find("1970-01-01T00:00:00Z"), column);
        assert_eq!(lines[2].find("1970-01-01T00:00:00Z"), column);
        assert_eq!(lines[3], "more: --after 1.A");
        assert!(!text.contains('\u{1b}') && text.contains("Browser ?[2J 1"), "{text}");
        assert!(one(&session("ada")).contains("subject        ada\n"));
    }
}
