//! The sources of settings, and the faults in them.

mod at_start;
mod file;
mod origin;
mod readers;

pub use at_start::SettingsAtStart;
pub(crate) use origin::Origin;

use super::own::OwnSettings;
use super::presets::{self, Preset};
use super::service_links;
use super::settings::{self, Setting};
use super::values::others_may_read;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

/// The prefix of our own variables.
const BFF: &str = "BFF_";

/// How alike two names are, from 0 to 1, before one is taken for a misspelling of the other.
const ALIKE: f64 = 0.75;

/// One thing that is missing or wrong. Never holds a setting's value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct SettingError {
    /// The setting's name.
    pub name: String,
    /// The fault, and the right form.
    pub problem: String,
}

/// A setting that works and is risky. Never holds a setting's value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingWarning {
    /// The setting's name.
    pub name: String,
    /// The risk, and the better form.
    pub problem: String,
}

/// The settings as text, and the errors and warnings found so far.
#[derive(Debug)]
pub struct Source {
    values: BTreeMap<String, String>,
    own: Own,
    preset: Option<&'static Preset>,
    origin: Origin,
    errors: Vec<SettingError>,
    warnings: Vec<SettingWarning>,
}

/// The application's own list, beside [`settings::all`].
#[derive(Clone, Copy, Debug)]
struct Own {
    prefix: &'static str,
    settings: &'static [Setting],
}

impl Own {
    fn of<S: OwnSettings>() -> Self {
        Self {
            prefix: S::PREFIX,
            settings: S::SETTINGS,
        }
    }

    /// The table of the TOML file: `shop` for `SHOP_`.
    fn section(self) -> Option<String> {
        let section = self.prefix.trim_end_matches('_').to_lowercase();
        (!section.is_empty()).then_some(section)
    }
}

/// The variables of this process. Names and values may be any bytes: the variables of other programs are in it too.
#[must_use]
pub fn environment() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}

impl Source {
    /// Collects the settings from the environment and an optional TOML file. A variable wins over
    /// the file; an empty variable counts as not set. A variable of ours that is not UTF-8 is an error, which does not
    /// show its value; variables of other programs are ignored.
    pub fn collect<N, V>(environment: impl IntoIterator<Item = (N, V)>, file: Option<&Path>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        Self::collect_with::<()>(
            environment.into_iter().map(|(name, value)| (name.into(), value.into())),
            file,
        )
    }

    /// Collects the settings as [`Source::collect`] does, and those of an application beside them.
    pub fn collect_with<S: OwnSettings>(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Option<&Path>,
    ) -> Self {
        Self::collect_of(Own::of::<S>(), environment.into_iter(), file)
    }

    fn collect_of(own: Own, environment: impl Iterator<Item = (OsString, OsString)>, file: Option<&Path>) -> Self {
        let mut source = Self {
            values: BTreeMap::new(),
            own,
            preset: None,
            origin: Origin::new(own, file),
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        source.check_own();
        if let Some(path) = file {
            source.take_file(path);
        }
        let mut environment = source.ours(environment);
        for service in service_links::take_out(&mut environment) {
            let problem = "variables of a service link of Kubernetes or Docker are not read as settings; \
                           `enableServiceLinks: false` keeps them away";
            source.warning(&format!("{service}_SERVICE_HOST"), problem);
        }
        for (name, value) in &environment {
            source.take_variable(name, value, &environment);
        }
        source.origin.complete(environment, &source.values);
        source.preset = source.parsed("BFF_PROVIDER", presets::find);
        source
    }

    /// The list of an application is code: its mistakes stop every start.
    fn check_own(&mut self) {
        let Own { prefix, settings } = self.own;
        let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_prefix = prefix.len() > 1 && prefix.ends_with('_') && prefix.bytes().all(is_upper);
        if !prefix.is_empty() && (!is_prefix || prefix.starts_with(BFF) || prefix == "API_") {
            let problem =
                "the prefix of an application's settings is upper case with `_` at its end, and neither BFF_ nor API_";
            self.error(prefix, problem);
        }
        for setting in settings {
            if prefix.is_empty() || setting.name.strip_prefix(prefix).is_none_or(str::is_empty) {
                self.error(
                    setting.name,
                    format!("the application lists it, but its prefix is {prefix:?}"),
                );
            }
        }
    }

    /// The variables whose names begin with `BFF_` or the application's prefix, without those that are empty.
    fn ours(&mut self, environment: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
        let mut ours = BTreeMap::new();
        for (name, value) in environment {
            let begins_with = |prefix: &str| name.as_encoded_bytes().starts_with(prefix.as_bytes());
            if !begins_with(BFF) && (self.own.prefix.is_empty() || !begins_with(self.own.prefix)) {
                continue;
            }
            match (name.into_string(), value.into_string()) {
                (Ok(_), Ok(value)) if value.trim().is_empty() => {}
                (Ok(name), Ok(value)) => {
                    ours.insert(name, value);
                }
                (Ok(name), Err(_)) => self.error(&name, "its value is not UTF-8"),
                (Err(name), _) => self.error(&name.to_string_lossy(), "its name is not UTF-8"),
            }
        }
        ours
    }

    fn find(&self, name: &str) -> Option<&'static Setting> {
        settings::find(name).or_else(|| self.own.settings.iter().find(|setting| setting.name == name))
    }

    fn take_variable(&mut self, name: &str, value: &str, environment: &BTreeMap<String, String>) {
        if self.find(name).is_some() {
            self.values.insert(name.to_owned(), value.to_owned());
            return;
        }
        let secret = name
            .strip_suffix("_FILE")
            .and_then(|name| self.find(name))
            .filter(|setting| setting.secret);
        let Some(setting) = secret else {
            return self.unknown(name);
        };
        if environment.contains_key(setting.name) {
            self.error(setting.name, "is set both directly and with _FILE: remove one");
            return;
        }
        // Before the reading: a change during it is noticed at the next look.
        self.origin.note(Path::new(value));
        match std::fs::read_to_string(value) {
            Ok(content) => {
                if others_may_read(Path::new(value)) {
                    self.warning(
                        name,
                        "others on this machine can read the file: remove that right (chmod o-r)",
                    );
                }
                self.values.insert(setting.name.to_owned(), content.trim().to_owned());
            }
            Err(error) => self.error(name, format!("cannot be read: {error}")),
        }
    }

    /// Refuses a name that no list has, and names the setting that was probably meant.
    fn unknown(&mut self, name: &str) {
        let all = settings::all().chain(self.own.settings);
        let near = all
            .map(|setting| (strsim::normalized_damerau_levenshtein(name, setting.name), setting.name))
            .filter(|(likeness, _)| *likeness > ALIKE)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        let help = "there is no such setting; `bff --help` lists them";
        match near {
            Some((_, meant)) => self.error(name, format!("{help}. {meant} is a similar one")),
            None => self.error(name, help),
        }
    }

    /// The `<NAME>`s of all variables `BFF_API_<NAME>...` that are set.
    #[must_use]
    pub fn apis(&self) -> BTreeSet<String> {
        let names = self.values.keys().filter_map(|variable| settings::api_key(variable));
        names.map(|(name, _)| name.to_owned()).collect()
    }

    /// Whether the setting has been set, rather than taken from its default.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether something was found wrong with the setting, or with the file that it comes from.
    #[must_use]
    pub fn is_wrong(&self, name: &str) -> bool {
        let file = format!("{name}_FILE");
        self.errors.iter().any(|error| error.name == name || error.name == file)
    }

    /// Notes that something is wrong with a setting.
    pub fn error(&mut self, name: &str, problem: impl Into<String>) {
        self.errors.push(SettingError {
            name: name.to_owned(),
            problem: problem.into(),
        });
    }

    pub(super) fn warning(&mut self, name: &str, problem: &str) {
        self.warnings.push(SettingWarning {
            name: name.to_owned(),
            problem: problem.to_owned(),
        });
    }

    /// The settings of the application.
    pub(crate) fn own<S: OwnSettings>(&mut self) -> Option<S> {
        let own = S::read(self);
        if own.is_none() && !self.errors.iter().any(|error| error.name.starts_with(S::PREFIX)) {
            self.error(
                S::PREFIX,
                "the application refuses its own settings, and does not say why",
            );
        }
        own
    }

    /// The sources, to read them again.
    pub(crate) fn origin(&self) -> Origin {
        self.origin.clone()
    }

    /// The errors, and the warnings.
    #[must_use]
    pub fn finish(self) -> (Vec<SettingError>, Vec<SettingWarning>) {
        (self.errors, self.warnings)
    }
}
