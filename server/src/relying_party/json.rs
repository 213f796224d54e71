//! JSON in which every member stands once.
//!
//! RFC 7519 §4 lets a parser refuse duplicate members or take the last one. Two programs that choose differently read two
//! different tokens, so they are refused here, at every depth.

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

/// Why a text is not a JSON object that can be read in one way only.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum JsonError {
    #[error("not a JSON object")]
    Malformed,
    #[error("a member stands twice")]
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
                return Err(A::Error::custom("a member stands twice"));
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
    fn idt_20_duplicate_members_are_refused_at_every_depth() {
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
        #[test]
        fn idt_01_any_bytes_are_read_as_serde_json_reads_them_or_refused(bytes: Vec<u8>) {
            let expected = serde_json::from_slice::<Map<String, Value>>(&bytes).ok();
            proptest::prop_assert!(object(&bytes).ok().is_none_or(|read| Some(read) == expected));
        }
    }
}
