//! `bff keys`: makes a key for `BFF_SESSION_KEY`, and judges those that are set. A key that is set is never printed.

use super::{WRONG_SETTINGS, complain, said};
use crate::config::{Source, WrongSettings, environment};
use bff_session::key_ring::{KeyFinding, KeyRing};
use clap::Subcommand;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

const SETTING: &str = "BFF_SESSION_KEY";

/// A command about keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(super) enum KeysCommand {
    /// Print a new random key in the form of `BFF_SESSION_KEY`. Append it on every replica first. When all have read it, put it in
    /// front (docs/operations.md, "Keys").
    New,
    /// List the keys of `BFF_SESSION_KEY` by their position: which one seals, which ones open, and which entries are no keys.
    #[command(
        after_help = "Exit status: 0 if the server starts with these keys, 1 if an entry is wrong, 2 if the setting is missing."
    )]
    Check,
}

pub(super) fn run(command: KeysCommand, file: Option<&Path>) -> ExitCode {
    match command {
        KeysCommand::New => {
            let key = KeyRing::new_key();
            said(writeln!(std::io::stdout(), "{}", *key).map_err(Into::into))
        }
        KeysCommand::Check => check(file),
    }
}

fn check(file: Option<&Path>) -> ExitCode {
    let mut source = Source::collect(environment(), file);
    let Some(list) = source.text(SETTING) else {
        let (mut errors, _) = source.finish();
        errors.retain(|error| error.name.starts_with(SETTING));
        complain(&format!("bff: {}", WrongSettings(errors)));
        return ExitCode::from(WRONG_SETTINGS);
    };
    let found = KeyRing::check(&list);
    let is_a_ring = !found.is_empty() && found.iter().all(|finding| finding.is_a_key());
    if let Err(error) = std::io::stdout().write_all(report(&found, is_a_ring).as_bytes()) {
        return said(Err(error.into()));
    }
    if is_a_ring {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A line for each entry.
fn report(found: &[KeyFinding], is_a_ring: bool) -> String {
    let mut text = String::new();
    for (index, finding) in found.iter().enumerate() {
        let role = if index == 0 { "seals and opens" } else { "opens" };
        let words = match finding {
            KeyFinding::Good => role.to_owned(),
            KeyFinding::Weak => format!("{role}; probably not random: replace it by one of `bff keys new`"),
            KeyFinding::NotAKey => "wrong: not 32 bytes in base64".to_owned(),
            KeyFinding::Repeated => "wrong: stands in the list already".to_owned(),
        };
        let _ = writeln!(text, "key {}  {words}", index + 1);
    }
    if found.is_empty() {
        text.push_str("no key: make one with `bff keys new`\n");
    } else if !is_a_ring {
        text.push_str("The server does not start with these keys.\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;

    /// A key that one replica seals with, and another one does not know, ends sessions there.
    #[test]
    fn the_help_of_new_says_to_append_the_key_before_it_goes_to_the_front() {
        let commands = KeysCommand::augment_subcommands(Command::new("keys"));
        let new = commands.find_subcommand("new").expect("a command");
        let help = new.get_long_about().or(new.get_about()).expect("a help").to_string();
        let (append, front) = (help.find("Append it on every replica"), help.find("front"));
        assert!(append.is_some() && append < front, "{help}");
    }

    #[test]
    fn a_line_says_of_each_position_what_the_key_is_used_for() {
        let found = [
            KeyFinding::Good,
            KeyFinding::Weak,
            KeyFinding::NotAKey,
            KeyFinding::Repeated,
        ];
        let text = report(&found, false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "key 1  seals and opens");
        assert!(lines[1].starts_with("key 2  opens; probably not random"));
        assert_eq!(lines[2], "key 3  wrong: not 32 bytes in base64");
        assert_eq!(lines[3], "key 4  wrong: stands in the list already");
        assert_eq!(report(&[KeyFinding::Good], true), "key 1  seals and opens\n");
    }
}
