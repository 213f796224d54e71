//! The list of settings, for people.

use super::DefaultValue::{Described, Required, Value};
use super::{Setting, all};
use crate::config::OwnSettings;
use std::fmt::Write;

/// The settings as `bff --help` prints them.
#[must_use]
pub fn help() -> String {
    help_with::<()>()
}

/// The settings as `--help` prints them for an application with settings of its own.
#[must_use]
pub fn help_with<S: OwnSettings>() -> String {
    let mut text = String::from(
        "Settings, from the environment or from the file given with --config (TOML, the same names without BFF_ in lower case):\n",
    );
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
