//! A value that does not fit a type, in words for a log.

/// Why a claim, or the application's data, does not fit a type. It quotes nothing of the value: a log must not have a person's
/// claims, and the data may hold secrets.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Mismatch(String);

impl From<serde_json::Error> for Mismatch {
    fn from(error: serde_json::Error) -> Self {
        Self(without_the_value(&error.to_string()))
    }
}

/// The kinds of value that serde tells apart (`serde::de::Unexpected`).
const KINDS: [&str; 10] = [
    "boolean",
    "integer",
    "floating point",
    "character",
    "string",
    "null",
    "unit value",
    "sequence",
    "map",
    "enum",
];

/// One of serde's own messages without the value. Any other message is a type's own, and may quote the value anywhere.
fn without_the_value(message: &str) -> String {
    for fault in ["missing field", "duplicate field"] {
        if let Some(after) = message.strip_prefix(fault) {
            let field = after.split('`').nth(1).unwrap_or_default();
            return format!("{fault} `{field}`");
        }
    }
    // Of a type without fields or variants, serde names none that it expects.
    if message.contains(", there are no ") {
        return "the type refuses a value".to_owned();
    }
    // The value may have the same words in it, so that only the last ones count.
    let Some((found, expected)) = message.rsplit_once(", expected ") else {
        return "the type refuses a value".to_owned();
    };
    for fault in ["unknown variant", "unknown field", "invalid length"] {
        if found.starts_with(fault) {
            return format!("{fault}, expected {expected}");
        }
    }
    for fault in ["invalid type: ", "invalid value: "] {
        if let Some(value) = found.strip_prefix(fault) {
            let kind = KINDS
                .iter()
                .find(|kind| value.starts_with(**kind))
                .unwrap_or(&"a value");
            return format!("{fault}{kind}, expected {expected}");
        }
    }
    "the type refuses a value".to_owned()
}

#[cfg(test)]
mod tests {
    use super::Mismatch;
    use serde::Deserialize;
    use serde::de::{DeserializeOwned, Error};
    use serde_json::{Value, json};

    const CANARY: &str = "canary, expected canary `canary` \"canary\"";

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Gold,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Closed {
        level: Option<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Empty {}

    #[derive(Debug)]
    struct Picky;

    impl<'de> Deserialize<'de> for Picky {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(Error::custom(format_args!("missing: {text} is not picky")))
        }
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Profile {
        name: String,
    }

    fn said<T: DeserializeOwned + std::fmt::Debug>(value: &Value) -> Vec<String> {
        let from_value = serde_json::from_value::<T>(value.clone()).expect_err("it does not fit");
        let from_text = serde_json::from_str::<T>(&value.to_string()).expect_err("it does not fit");
        let errors = [Mismatch::from(from_value), Mismatch::from(from_text)];
        let said = errors
            .iter()
            .flat_map(|error| [error.to_string(), format!("{error:?}")]);
        said.collect()
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_by_its_kind_and_never_quoted() {
        let of_canary = json!({ CANARY: CANARY });
        for (all, words) in [
            (said::<u8>(&json!(CANARY)), "invalid type: string, expected u8"),
            (said::<Vec<u8>>(&json!([CANARY])), "invalid type: string, expected u8"),
            (said::<String>(&of_canary), "invalid type: map, expected a string"),
            (said::<u8>(&json!(4711)), "invalid value: integer, expected u8"),
            (
                said::<bool>(&json!(4711.5)),
                "invalid type: floating point, expected a boolean",
            ),
            (said::<bool>(&json!(null)), "invalid type: null, expected a boolean"),
            (said::<Level>(&json!(CANARY)), "unknown variant, expected `gold`"),
            (said::<Closed>(&of_canary), "unknown field, expected `level`"),
            (said::<Empty>(&of_canary), "the type refuses a value"),
            (said::<Profile>(&of_canary), "missing field `name`"),
            (said::<Picky>(&json!(CANARY)), "the type refuses a value"),
        ] {
            for said in all {
                assert!(said.contains(words), "{said}, and not {words}");
                assert!(!said.contains("canary") && !said.contains("4711"), "{said}");
            }
        }
    }
}
