//! JSON of the provider: every member stands once, and members without content count as absent.
//!
//! RFC 7519 §4 lets a parser refuse duplicate members or take the last one. Two programs that choose differently read two
//! different tokens, so they are refused here, at every depth.
//!
//! A provider leaves out a member that has no value (Core 1.0 §5.3.2, RFC 6749 §5.1), and some write `null` or `""` in
//! its place. [`said`] reads both as absent, in every answer and in the claims of every token.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// Reads one JSON object.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    match serde_json::from_slice(bytes) {
        Ok(Unique(Value::Object(object))) => Ok(object),
        // The visitor below takes every kind of value, so that the only complaint about data is its own.
        Err(error) if error.is_data() => Err(JsonError::DuplicateMember),
        Ok(_) | Err(_) => Err(JsonError::Malformed),
    }
}

/// Reads the JSON object of an answer, by the rule of [`said`]. Skips a byte order mark (RFC 8259 §8.1).
pub(super) fn document(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    said(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes))
}

/// Reads one JSON object and leaves out its members that say nothing.
pub(super) fn said(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    let mut object = object(bytes)?;
    leave_out_the_unsaid(&mut object);
    Ok(object)
}

/// The same for an object inside a document that is one of the protocol's, such as a key. An object that is a claim's value
/// is left as it is: its members may be names, as those of roles are.
pub(super) fn leave_out_the_unsaid(object: &mut Map<String, Value>) {
    object.retain(|_, value| says_something(value));
}

/// Whether a member with this value is there at all.
pub(super) fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

/// A number, also one that is written as a text.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| !number.is_nan())
}

/// Why a text is not a JSON object that can be read in one way only.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum JsonError {
    #[error("not a JSON object")]
    Malformed,
    #[error("a member occurs twice")]
    DuplicateMember,
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(element)) = elements.next_element()? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Unique(value))) = members.next_entry::<String, _>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member occurs twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_reads_as_serde_json_reads_it() {
        let text = br#"{"a":[1,-2,3.5,true,null,"x\u00e9"],"b":{"c":{}}}"#;
        let expected: Value = serde_json::from_slice(text).expect("the text is JSON");
        assert_eq!(object(text).map(Value::Object), Ok(expected));
    }

    #[test]
    fn null_and_empty_members_are_absent_and_a_byte_order_mark_is_skipped() {
        let text = "\u{feff}{\"error\":null,\"sid\":\"\",\"roles\":{\"admin\":null},\"amr\":[null,\"\"],\"zero\":0,\"no\":false}";
        let expected = serde_json::json!({ "roles": { "admin": null }, "amr": [null, ""], "zero": 0, "no": false });
        assert_eq!(document(text.as_bytes()).map(Value::Object), Ok(expected));
        for strict in [object, said] {
            let refused = strict(text.as_bytes());
            assert_eq!(refused, Err(JsonError::Malformed), "signed JSON has no byte order mark");
        }
        let twice = br#"{"sub":null,"sub":"a"}"#;
        assert_eq!(document(twice), Err(JsonError::DuplicateMember));
    }

    /// IDT-20
    #[test]
    fn duplicate_members_are_refused_at_every_depth() {
        for text in [
            r#"{"sub":"a","sub":"b"}"#,
            r#"{"a":{"b":1,"b":1}}"#,
            r#"{"a":[{"b":1,"\u0062":2}]}"#,
        ] {
            assert_eq!(object(text.as_bytes()), Err(JsonError::DuplicateMember), "{text}");
        }
    }

    #[test]
    fn anything_but_a_well_formed_object_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "[]",
            "\"a\"",
            "null",
            "{",
            "{}{}",
            "{\"exp\":1e400}",
            "{\"a\":\"\u{1}\"}",
            &deep,
        ] {
            assert_eq!(object(text.as_bytes()), Err(JsonError::Malformed), "{text:.20}");
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(JsonError::Malformed), "not UTF-8");
    }

    proptest::proptest! {
        /// IDT-01
        #[test]
        fn any_bytes_are_read_as_serde_json_reads_them_or_refused(bytes: Vec<u8>) {
            let expected = serde_json::from_slice::<Map<String, Value>>(&bytes).ok();
            proptest::prop_assert!(object(&bytes).ok().is_none_or(|read| Some(read) == expected));
        }
    }
}
