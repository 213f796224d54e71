//! Reading JSON (RFC 8259), strictly.

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may lie in one another, as with `serde_json`: each takes a call.
const DEPTH: usize = 127;

/// What is left of a text.
struct Reader<'text> {
    rest: &'text str,
}

/// The value that a JSON text stands for. None where it is no JSON.
#[must_use]
pub fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(DEPTH)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

impl<'text> Reader<'text> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether this comes next, after white space; it is then read.
    fn comes(&mut self, next: &str) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(next);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads as much as has this property.
    fn take_while(&mut self, property: fn(u8) -> bool) -> &'text str {
        let end = self.rest.bytes().position(|byte| !property(byte));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if self.comes("\"") {
            self.string().map(Value::String)
        } else if self.comes("{") {
            self.object(depth.checked_sub(1)?)
        } else if self.comes("[") {
            self.array(depth.checked_sub(1)?)
        } else if self.comes("true") {
            Some(Value::Bool(true))
        } else if self.comes("false") {
            Some(Value::Bool(false))
        } else if self.comes("null") {
            Some(Value::Null)
        } else {
            self.number().map(Value::Number)
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        if self.comes("}") {
            return Some(Value::Object(members));
        }
        loop {
            let name = self.comes("\"").then(|| self.string())??;
            let value = self.comes(":").then(|| self.value(depth))??;
            members.insert(name, value);
            if self.comes("}") {
                return Some(Value::Object(members));
            }
            self.comes(",").then_some(())?;
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        if self.comes("]") {
            return Some(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.comes("]") {
                return Some(Value::Array(items));
            }
            self.comes(",").then_some(())?;
        }
    }

    /// What stands before the closing quotation mark; the opening one is read.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
            let mut rest = self.rest.chars();
            let met = rest.next()?;
            self.rest = rest.as_str();
            match met {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let letter = rest.next()?;
        self.rest = rest.as_str();
        Some(match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.escaped_code(),
            '"' | '\\' | '/' => letter,
            _ => return None,
        })
    }

    /// A character by its code in UTF-16: one unit, or two of which each has its own escape.
    fn escaped_code(&mut self) -> Option<char> {
        let unit = self.unit()?;
        if let Some(character) = char::from_u32(unit) {
            return Some(character);
        }
        self.rest = self.rest.strip_prefix("\\u")?;
        let low = self.unit()?.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + (unit.checked_sub(0xD800)? << 10) + low)
    }

    fn unit(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        digits
            .chars()
            .try_fold(0, |unit, digit| Some(unit * 16 + digit.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Number> {
        let all = self.rest;
        let is_negative = self.comes("-");
        let whole = self.take_while(|byte| byte.is_ascii_digit());
        let is_whole_number = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let mut is_float = false;
        if self.rest.starts_with('.') {
            is_float = true;
            self.rest = &self.rest[1..];
            (!self.take_while(|byte| byte.is_ascii_digit()).is_empty()).then_some(())?;
        }
        if self.rest.starts_with(['e', 'E']) {
            is_float = true;
            self.rest = self.rest[1..].strip_prefix(['+', '-']).unwrap_or(&self.rest[1..]);
            (!self.take_while(|byte| byte.is_ascii_digit()).is_empty()).then_some(())?;
        }
        is_whole_number.then_some(())?;
        let text = &all[..all.len() - self.rest.len()];
        let integer = match (is_float, is_negative) {
            (true, _) => None,
            (false, false) => text.parse::<u64>().ok().map(Number::from),
            // -0 is a float: no integer is negative and nought.
            (false, true) => text
                .parse::<i64>()
                .ok()
                .filter(|integer| *integer != 0)
                .map(Number::from),
        };
        integer.or_else(|| Number::from_f64(float(text)))
    }
}

/// What the text of a number stands for that is no integer, or too large for one.
#[cfg(target_family = "wasm")]
fn float(text: &str) -> f64 {
    web_sys::js_sys::parse_float(text)
}

/// What the text of a number stands for that is no integer, or too large for one.
#[cfg(not(target_family = "wasm"))]
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
