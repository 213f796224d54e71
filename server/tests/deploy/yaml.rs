//! YAML files as JSON, which is easier to ask.

use crate::proxy::read;
use saphyr::{LoadableYamlNode, Yaml};
use serde_json::{Map, Value};

/// Every document of a file of `deploy/`.
pub(crate) fn documents(file: &str) -> Vec<Value> {
    let text = read(file);
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    documents.iter().map(json).collect()
}

/// The only document of a file of `deploy/`.
pub(crate) fn document(file: &str) -> Value {
    let mut documents = documents(file);
    assert_eq!(documents.len(), 1, "{file}");
    documents.remove(0)
}

fn json(yaml: &Yaml<'_>) -> Value {
    if let Some(mapping) = yaml.as_mapping() {
        let entries = mapping.iter().map(|(key, value)| {
            let name = key.as_str().expect("a name");
            (name.to_owned(), json(value))
        });
        return Value::Object(entries.collect::<Map<_, _>>());
    }
    if let Some(sequence) = yaml.as_sequence() {
        return Value::Array(sequence.iter().map(json).collect());
    }
    let text = || yaml.as_str().map(Value::from);
    let number = || yaml.as_integer().map(Value::from);
    let boolean = || yaml.as_bool().map(Value::from);
    text().or_else(number).or_else(boolean).unwrap_or_default()
}
