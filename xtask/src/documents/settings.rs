//! The names of settings in a text, and those that exist.

use std::collections::BTreeSet;

/// The prefix of the settings of one API. The API's name follows.
const API: &str = "BFF_API_";

/// Stands for that name on the page that lists the settings.
const PLACEHOLDER: &str = "BFF_API_<NAME>";

/// The settings that a page lists.
#[derive(Debug)]
pub(super) struct Settings(BTreeSet<String>);

impl Settings {
    pub(super) fn listed(page: &str) -> Self {
        Self(named(page).map(str::to_owned).collect())
    }

    /// Whether there is a setting of this name: itself, as a file, or for an API of any name.
    pub(super) fn has(&self, name: &str) -> bool {
        let plain = name.strip_suffix("_FILE").unwrap_or(name);
        self.0.contains(name) || self.0.contains(plain) || self.is_of_an_api(name)
    }

    fn is_of_an_api(&self, name: &str) -> bool {
        let mut ends = self.0.iter().filter_map(|known| known.strip_prefix(PLACEHOLDER));
        name.strip_prefix(API).is_some_and(|rest| {
            let is_name = !rest.is_empty() && !rest.contains('_');
            is_name || ends.any(|end| !end.is_empty() && rest.len() > end.len() && rest.ends_with(end))
        })
    }
}

/// Every name in the text that has the form of a setting of ours.
pub(super) fn named(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || "_<>".contains(letter);
    text.split(move |letter: char| !is_part(letter))
        .map(|word| word.trim_start_matches(['<', '>']).trim_end_matches(['_', '<']))
        .filter(|word| word.starts_with("BFF_") && word.len() > "BFF_".len())
}

#[cfg(test)]
mod tests {
    use super::{Settings, named};

    #[test]
    fn a_setting_exists_by_its_name_as_a_file_and_for_each_api() {
        let settings = Settings::listed("`BFF_CLIENT_SECRET` `BFF_API_<NAME>` `BFF_API_<NAME>_TIMEOUT`");
        for name in [
            "BFF_CLIENT_SECRET",
            "BFF_CLIENT_SECRET_FILE",
            "BFF_API_ORDERS",
            "BFF_API_MY_ORDERS_TIMEOUT",
        ] {
            assert!(settings.has(name), "{name}");
        }
        for name in ["BFF_CLIENT", "BFF_API_ORDERS_TIMEOUTS", "BFF_SECRET_FILE"] {
            assert!(!settings.has(name), "{name}");
        }
    }

    #[test]
    fn names_are_found_in_prose_and_in_code() {
        let text = "Set BFF_ONE, `BFF_TWO=3` or BFF_API_<NAME>_X; not BFF_ alone, nor MY_BFF_FOUR.";
        assert_eq!(
            named(text).collect::<Vec<_>>(),
            ["BFF_ONE", "BFF_TWO", "BFF_API_<NAME>_X"]
        );
    }
}
