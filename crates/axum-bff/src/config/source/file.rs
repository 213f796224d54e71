//! The TOML file of `--config`.

use super::{BFF, Source};
use crate::config::settings;
use crate::config::values::others_may_read;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::{Table, Value};

impl Source {
    pub(super) fn take_file(&mut self, path: &Path) {
        self.origin.note(path);
        let table = std::fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|text| text.parse::<Table>().map_err(|error| what_is_wrong(&text, &error)));
        let table = match table {
            Ok(table) => table,
            Err(problem) => return self.error("--config", format!("{}: {problem}", path.display())),
        };
        if self.holds_a_secret(&table) && others_may_read(path) {
            self.warning(
                "--config",
                "the file has a secret in it, and others on this machine can read it: chmod o-r",
            );
        }
        let section = self.own.section();
        for (key, value) in table {
            match value {
                Value::Table(apis) if key == "api" => self.take_apis(apis),
                Value::Table(own) if Some(&key) == section.as_ref() => self.take_keys(self.own.prefix, own),
                value => self.take_value(&format!("{BFF}{}", key.to_uppercase()), value),
            }
        }
    }

    fn holds_a_secret(&self, table: &Table) -> bool {
        let is_secret = |prefix: &str, key: &String| {
            let setting = self.find(&format!("{prefix}{}", key.to_uppercase()));
            setting.is_some_and(|setting| setting.secret)
        };
        let own = self.own.section().and_then(|section| table.get(&section)?.as_table());
        table.keys().any(|key| is_secret(BFF, key))
            || own.is_some_and(|own| own.keys().any(|key| is_secret(self.own.prefix, key)))
    }

    fn take_keys(&mut self, prefix: &str, table: Table) {
        for (key, value) in table {
            self.take_value(&format!("{prefix}{}", key.to_uppercase()), value);
        }
    }

    fn take_value(&mut self, name: &str, value: Value) {
        match text_of(value) {
            Some(text) => self.take_variable(name, &text, &BTreeMap::new()),
            // A name that is unknown is the first thing to mend.
            None if self.find(name).is_none() => self.unknown(name),
            None => self.error(name, "is neither text nor a number, a switch or a list of texts"),
        }
    }

    /// The tables `[api.<name>]`: `url` is the variable `BFF_API_<NAME>`, the other keys are the
    /// ends of the other variables.
    fn take_apis(&mut self, apis: Table) {
        let mut taken = BTreeSet::new();
        for (api, table) in apis {
            let name = api.to_uppercase().replace('-', "_");
            let variable = format!("BFF_API_{name}");
            let Value::Table(table) = table else {
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
                    self.take_value(&variable, value);
                } else {
                    self.unknown(&variable);
                }
            }
        }
    }
}

/// The line and the parser's words. The parser can show the line itself too, and that may hold a secret.
fn what_is_wrong(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    match before {
        Some(before) => format!("line {}: {}", before.matches('\n').count() + 1, error.message()),
        None => error.message().to_owned(),
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Boolean(flag) => Some((if flag { "on" } else { "off" }).to_owned()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(" "))
        }
        Value::Datetime(_) | Value::Table(_) => None,
    }
}
