//! The list of settings as text for `--help`.

use super::DefaultValue::{Described, Required, Value};
use super::{Setting, all};
use crate::config::OwnSettings;
use std::fmt::Write;

/// The sources of settings, and the forms that several settings have in common.
const INTRODUCTION: &str = "\
Settings come from the environment, or from the file given with --config (TOML, the same names without BFF_ in lower
case). A variable wins over the file, and an empty variable counts as not set.

A span of time is a number with a unit: 500ms, 30s, 15m, 8h. A size is a number of bytes, or has the unit KiB, MiB or
GiB. A list has spaces or commas between its entries. A switch is on or off. A missing setting, a value that cannot be
read or an unknown name keeps the program from starting: it prints all such faults and ends with exit status 2.

Secrets, keys, certificates and authorities from files are read again when a file changes, or at SIGHUP.
";

/// The settings as `bff --help` prints them.
#[must_use]
pub fn help() -> String {
    help_with::<()>()
}

/// The settings as `--help` prints them for an application with settings of its own, listed after all others.
#[must_use]
pub fn help_with<S: OwnSettings>() -> String {
    let mut text = String::from(INTRODUCTION);
    list(&mut text, all());
    if !S::SETTINGS.is_empty() {
        let section = S::PREFIX.trim_end_matches('_').to_lowercase();
        let _ = write!(
            text,
            "\nSettings of this application (in the file under [{section}], without {}):\n",
            S::PREFIX
        );
        list(&mut text, S::SETTINGS);
    }
    text
}

fn list<'a>(text: &mut String, settings: impl IntoIterator<Item = &'a Setting>) {
    for setting in settings {
        let file = if setting.secret {
            " (or the file named by this variable with _FILE)"
        } else {
            ""
        };
        let default = match setting.default {
            Required => "required".to_owned(),
            Value(value) => format!("default: {value}"),
            Described(description) => format!("default: {description}"),
        };
        let _ = write!(
            text,
            "\n  {}{file}\n      {}\n      [{default}]\n",
            setting.name, setting.help
        );
    }
}
