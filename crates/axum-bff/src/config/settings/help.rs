//! The list of settings, for people.

use super::DefaultValue::{Described, Required, Value};
use super::SETTINGS;

/// The settings as `bff --help` prints them.
#[must_use]
pub fn help() -> String {
    use std::fmt::Write;
    let mut text = String::from(
        "Settings, from the environment or from the file given with --config (TOML, the same names without BFF_ in lower case):\n",
    );
    for setting in SETTINGS {
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
    text
}
