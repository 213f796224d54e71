use super::{read, write, write_indented};
use serde_json::{Value, json};

fn theirs(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

#[test]
fn json_reads_as_serde_json_reads_it() {
    let texts = [
        "null",
        " true ",
        "false",
        "0",
        "-1",
        "18446744073709551615",
        "-9223372036854775808",
        "18446744073709551616",
        "-0",
        "1.5",
        "-2.5e-3",
        "1E+2",
        r#""""#,
        r#""plain ä € 😀 \" \\ \/ \b \f \n \r \t""#,
        r#""\u00e4 \u20AC \ud83d\ude00 \u0000""#,
        "[]",
        "{ }",
        "[1, [2,\t\"x\"], {\"a\": null}\r\n]",
        r#"{"sub":"1","roles":["a","b"],"address":{"street":"Gate 1"},"sub":"2"}"#,
    ];
    for text in texts {
        assert!(theirs(text).is_some(), "{text}");
        assert_eq!(read(text), theirs(text), "{text}");
    }
}

#[test]
fn what_is_no_json_is_not_read() {
    let texts = [
        "",
        "nul",
        "nulll",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "- 1",
        "NaN",
        "\"",
        "\"a",
        "\"\n\"",
        r#""\x""#,
        r#""\u12""#,
        r#""\u00g0""#,
        r#""\u+123""#,
        r#""\ud83d""#,
        r#""\ud83d\u0041""#,
        r#""\ude00""#,
        "[",
        "[1",
        "[1,]",
        "[1 2]",
        "{",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        "{a:1}",
        "{1:1}",
        "1 2",
        "[]]",
        "\u{a0}1",
    ];
    for text in texts {
        assert_eq!(theirs(text), None, "{text}");
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn nesting_ends_where_serde_json_ends_it() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(theirs(&nested(127)).is_some() && read(&nested(127)).is_some());
    assert!(theirs(&nested(128)).is_none() && read(&nested(128)).is_none());
    assert_eq!(read(&"[".repeat(1_000_000)), None);
}

#[test]
fn json_is_written_as_serde_json_writes_it() {
    let values = [
        json!(null),
        json!([
            true,
            false,
            0,
            -1,
            u64::MAX,
            i64::MIN,
            1.5,
            -0.25,
            1.0,
            -0.0,
            123_456_789_012.0
        ]),
        json!("ä € 😀 \" \\ / \u{8} \u{c} \n \r \t \u{0} \u{1f} \u{7f}"),
        json!([]),
        json!({}),
        json!([[], {}, [1], {"a": [2, {"b": "c"}]}]),
    ];
    for value in values {
        assert_eq!(write(&value), value.to_string());
        assert_eq!(write_indented(&value), format!("{value:#}"));
    }
}
