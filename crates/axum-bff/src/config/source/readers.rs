//! How a setting is read.

use super::Source;
use crate::config::settings::DefaultValue;
use secrecy::SecretString;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

impl Source {
    /// The setting's text, or the preset's, or its default; `None` if there is neither, noted if it is required.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let Some(setting) = self.find(name) else {
            self.error(name, "the code reads it, but no list of settings has it");
            return None;
        };
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
                // A broken file for it has been reported already.
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

    /// One of these words.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        self.parsed(name, |text| {
            let choice = choices.iter().find(|(word, _)| *word == text);
            choice.map(|(_, choice)| *choice).ok_or_else(|| {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                format!("is neither {}", words.join(" nor "))
            })
        })
    }

    /// A switch: `on` or `off`.
    pub fn switch(&mut self, name: &str) -> Option<bool> {
        self.choice(name, &[("on", true), ("off", false)])
    }

    /// A span of time such as `30s`, `15m` or `8h`, more than none.
    pub fn duration(&mut self, name: &str) -> Option<Duration> {
        self.parsed(name, |text| match humantime::parse_duration(text) {
            Ok(duration) if duration.is_zero() => Err("has to be longer than zero".to_owned()),
            Ok(duration) => Ok(duration),
            Err(_) => Err("is no span of time such as 30s, 15m or 8h".to_owned()),
        })
    }

    /// A whole number of this range.
    pub fn number<T: FromStr + PartialOrd + Display>(&mut self, name: &str, range: RangeInclusive<T>) -> Option<T> {
        self.parsed(name, |text| {
            let number = text.parse().ok().filter(|number| range.contains(number));
            number.ok_or_else(|| format!("is no number from {} to {}", range.start(), range.end()))
        })
    }

    /// A secret. Neither `Debug` nor an error shows it.
    pub fn secret(&mut self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// A list separated by white space or commas.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        text.split([' ', ',', '\n', '\t'])
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
