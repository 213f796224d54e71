//! Writing JSON as `serde_json` does.

use serde_json::{Number, Value};

/// A value as JSON without white space.
#[must_use]
pub fn write(value: &Value) -> String {
    Writer::default().written(value)
}

/// A value as JSON, one member or item a line, indented by two spaces.
#[must_use]
pub fn write_indented(value: &Value) -> String {
    let writer = Writer {
        is_indented: true,
        ..Writer::default()
    };
    writer.written(value)
}

/// What is written so far.
#[derive(Default)]
struct Writer {
    text: String,
    is_indented: bool,
    depth: usize,
}

impl Writer {
    fn written(mut self, value: &Value) -> String {
        self.value(value);
        self.text
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(true) => self.text.push_str("true"),
            Value::Bool(false) => self.text.push_str("false"),
            Value::Number(number) => self.text.push_str(&number_text(number)),
            Value::String(text) => self.string(text),
            Value::Array(items) => self.inside('[', ']', items, Self::value),
            Value::Object(members) => self.inside('{', '}', members, |writer, (name, value)| {
                writer.string(name);
                writer.text.push_str(if writer.is_indented { ": " } else { ":" });
                writer.value(value);
            }),
        }
    }

    fn inside<I: IntoIterator>(&mut self, open: char, close: char, items: I, write: fn(&mut Self, I::Item)) {
        self.text.push(open);
        self.depth += 1;
        let mut is_empty = true;
        for item in items {
            if !is_empty {
                self.text.push(',');
            }
            is_empty = false;
            self.line();
            write(self, item);
        }
        self.depth -= 1;
        if !is_empty {
            self.line();
        }
        self.text.push(close);
    }

    fn line(&mut self) {
        if self.is_indented {
            self.text.push('\n');
            for _ in 0..self.depth {
                self.text.push_str("  ");
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            let letter = match character {
                '"' | '\\' => character,
                '\u{8}' => 'b',
                '\u{c}' => 'f',
                '\n' => 'n',
                '\r' => 'r',
                '\t' => 't',
                '\0'..' ' => {
                    self.text.push_str("\\u00");
                    for digit in [u32::from(character) / 16, u32::from(character) % 16] {
                        self.text.extend(char::from_digit(digit, 16));
                    }
                    continue;
                }
                _ => {
                    self.text.push(character);
                    continue;
                }
            };
            self.text.push('\\');
            self.text.push(letter);
        }
        self.text.push('"');
    }
}

/// A number as the browser writes it, made to look as `serde_json` does it. An exponent begins here
/// at 21 digits and there at 16.
#[cfg(target_family = "wasm")]
fn number_text(number: &Number) -> String {
    use web_sys::js_sys;
    if let Some(integer) = number.as_u64() {
        return integer.to_string();
    }
    if let Some(integer) = number.as_i64() {
        return integer.to_string();
    }
    let float = js_sys::Number::from(number.as_f64().unwrap_or_default());
    let mut text: String = float.to_string_with_radix(10).map(Into::into).unwrap_or_default();
    text.retain(|character| character != '+');
    if !text.contains(['.', 'e']) {
        text.push_str(".0");
    }
    text
}

/// A number as text.
#[cfg(not(target_family = "wasm"))]
fn number_text(number: &Number) -> String {
    number.to_string()
}
