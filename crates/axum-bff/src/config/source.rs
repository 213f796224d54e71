//! Where settings come from, and what is wrong with them.

use super::file_rights::others_may_read;
use super::presets::{self, Preset};
use super::service_links;
use super::settings::{self, DefaultValue};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

/// One thing that is missing or wrong. Never holds a setting's value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct SettingError {
    /// The setting's name.
    pub name: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// A setting that works and should be another way. Never holds a setting's value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingWarning {
    /// The setting's name.
    pub name: String,
    /// What is risky, and what would be better.
    pub problem: String,
}

/// The settings as text, and the errors and warnings found so far.
#[derive(Debug)]
pub struct Source {
    values: BTreeMap<String, String>,
    preset: Option<&'static Preset>,
    errors: Vec<SettingError>,
    warnings: Vec<SettingWarning>,
}

/// The variables of this process. Names and values may be any bytes: the variables of other programs are in it too.
#[must_use]
pub fn environment() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}

impl Source {
    /// Collects the settings from the environment and an optional TOML file. A variable wins over
    /// the file; an empty variable counts as not set. A variable of ours that is not UTF-8 is an error, which does not
    /// show its value; variables of others are not looked at.
    pub fn collect<N, V>(environment: impl IntoIterator<Item = (N, V)>, file: Option<&Path>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let mut source = Self {
            values: BTreeMap::new(),
            preset: None,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        if let Some(path) = file {
            source.take_file(path);
        }
        let mut environment = source.ours(environment.into_iter().map(|(name, value)| (name.into(), value.into())));
        for service in service_links::take_out(&mut environment) {
            let problem = "variables of a service link of Kubernetes or Docker are not read as settings; \
                           `enableServiceLinks: false` keeps them away";
            source.warning(&format!("{service}_SERVICE_HOST"), problem);
        }
        for (name, value) in &environment {
            source.take_variable(name, value, &environment);
        }
        source.preset = source.parsed("BFF_PROVIDER", presets::find);
        source
    }

    /// The variables whose names begin with `BFF_`, without those that are empty.
    fn ours(&mut self, environment: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
        let mut ours = BTreeMap::new();
        for (name, value) in environment {
            if !name.as_encoded_bytes().starts_with(b"BFF_") {
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

    fn take_variable(&mut self, name: &str, value: &str, environment: &BTreeMap<String, String>) {
        if settings::find(name).is_some() {
            self.values.insert(name.to_owned(), value.to_owned());
            return;
        }
        let secret = name
            .strip_suffix("_FILE")
            .and_then(settings::find)
            .filter(|setting| setting.secret);
        let Some(setting) = secret else {
            self.error(name, "there is no such setting; `bff --help` lists them");
            return;
        };
        if environment.contains_key(setting.name) {
            self.error(setting.name, "set both by itself and with _FILE; leave one out");
            return;
        }
        match std::fs::read_to_string(value) {
            Ok(content) => {
                if others_may_read(Path::new(value)) {
                    self.warning(
                        name,
                        "others on this machine can read the file: take that right away (chmod o-r)",
                    );
                }
                self.values.insert(setting.name.to_owned(), content.trim().to_owned());
            }
            Err(error) => self.error(name, format!("cannot be read: {error}")),
        }
    }

    fn take_file(&mut self, path: &Path) {
        let table = std::fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|text| text.parse::<toml::Table>().map_err(|error| error.message().to_owned()));
        let table = match table {
            Ok(table) => table,
            Err(problem) => return self.error("--config", format!("{}: {problem}", path.display())),
        };
        let holds_a_secret = table.keys().any(|key| {
            let setting = settings::find(&format!("BFF_{}", key.to_uppercase()));
            setting.is_some_and(|setting| setting.secret)
        });
        if holds_a_secret && others_may_read(path) {
            self.warning(
                "--config",
                "the file has a secret in it, and others on this machine can read it: chmod o-r",
            );
        }
        for (key, value) in table {
            match value {
                toml::Value::Table(apis) if key == "api" => self.take_apis(apis),
                value => self.take_variable(
                    &format!("BFF_{}", key.to_uppercase()),
                    &text_of(value),
                    &BTreeMap::new(),
                ),
            }
        }
    }

    /// The tables `[api.<name>]`: `url` is the variable `BFF_API_<NAME>`, the other keys are the
    /// ends of the other variables.
    fn take_apis(&mut self, apis: toml::Table) {
        let mut taken = BTreeSet::new();
        for (api, table) in apis {
            let name = api.to_uppercase().replace('-', "_");
            let variable = format!("BFF_API_{name}");
            let toml::Value::Table(table) = table else {
                self.error(&variable, "is no table; write [api.<name>]");
                continue;
            };
            if !taken.insert(name.clone()) {
                self.error(&variable, "two tables of the file have this name");
                continue;
            }
            for (key, value) in table {
                let (variable, key) = match key.as_str() {
                    "url" => (variable.clone(), String::new()),
                    key => (format!("{variable}_{}", key.to_uppercase()), key.to_uppercase()),
                };
                // A name that ends like a key would be read as that key.
                if settings::api_key(&variable) == Some((name.as_str(), key.as_str())) {
                    self.take_variable(&variable, &text_of(value), &BTreeMap::new());
                } else {
                    self.error(&variable, "there is no such setting; `bff --help` lists them");
                }
            }
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

    fn warning(&mut self, name: &str, problem: &str) {
        self.warnings.push(SettingWarning {
            name: name.to_owned(),
            problem: problem.to_owned(),
        });
    }

    /// The setting's text, or the preset's, or its default; None where there is neither, noted if it is required.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let setting = settings::find(name)?;
        if let Some(value) = self.values.get(name) {
            return Some(value.clone());
        }
        let of_preset = self.preset.and_then(|preset| {
            let mut settings = preset.settings.iter();
            settings.find(|(preset, _)| *preset == name).map(|(_, value)| *value)
        });
        if let Some(value) = of_preset {
            return Some(value.to_owned());
        }
        match setting.default {
            DefaultValue::Value(value) => Some(value.to_owned()),
            DefaultValue::Described(_) => None,
            DefaultValue::Required => {
                // Whoever gave a broken file for it has been told already.
                if !self.is_wrong(name) {
                    self.error(name, "is missing");
                }
                None
            }
        }
    }

    /// The setting, read by `parse`. An error of `parse` is noted.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(name)?;
        parse(text.trim()).map_err(|problem| self.error(name, problem)).ok()
    }

    /// A switch: `on` or `off`.
    pub fn switch(&mut self, name: &str) -> Option<bool> {
        self.parsed(name, |text| match text {
            "on" => Ok(true),
            "off" => Ok(false),
            _ => Err("is neither on nor off".to_owned()),
        })
    }

    /// A span of time such as `30s`, `15m` or `8h`, more than none.
    pub fn duration(&mut self, name: &str) -> Option<std::time::Duration> {
        self.parsed(name, |text| match humantime::parse_duration(text) {
            Ok(duration) if duration.is_zero() => Err("has to be longer than nothing".to_owned()),
            Ok(duration) => Ok(duration),
            Err(_) => Err("is no span of time such as 30s, 15m or 8h".to_owned()),
        })
    }

    /// A list separated by white space or commas.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split([' ', ',', '\n', '\t'])
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// All that was found wrong, and all that is risky.
    #[must_use]
    pub fn finish(self) -> (Vec<SettingError>, Vec<SettingWarning>) {
        (self.errors, self.warnings)
    }
}

fn text_of(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        toml::Value::Boolean(flag) => (if flag { "on" } else { "off" }).to_owned(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Array(list) => list
            .iter()
            .filter_map(toml::Value::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}
