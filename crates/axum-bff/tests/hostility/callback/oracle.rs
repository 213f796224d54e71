//! The oracle for well-formed authorization responses. It reads the parameters of a form (WHATWG URL §5.1) byte by
//! byte.

/// The decoded values.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) state: String,
    pub(super) code: Option<String>,
    pub(super) error: Option<String>,
    pub(super) iss: Option<String>,
}

pub(super) fn answer(query: &str) -> Result<Answer, &'static str> {
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    let all = |name: &str| -> Vec<&Vec<u8>> {
        let named = pairs.iter().filter(|(found, _)| found == name.as_bytes());
        named.map(|(_, value)| value).collect()
    };
    for token in ["access_token", "id_token", "refresh_token", "response"] {
        if !all(token).is_empty() {
            return Err("the response has a token");
        }
    }
    let one = |name: &str, limit: usize| match all(name).as_slice() {
        [] => Ok(None),
        [value] if value.len() > limit => Err("a parameter is too long"),
        [value] if value.iter().any(|byte| !(0x20..0x7f).contains(byte)) => Err("a character is not printable ASCII"),
        [value] => Ok(String::from_utf8((*value).clone()).ok()),
        _ => Err("a parameter occurs twice"),
    };
    let answer = Answer {
        state: one("state", 4096)?.ok_or("state is missing")?,
        code: one("code", 8192)?,
        error: one("error", usize::MAX)?,
        iss: one("iss", 2048)?,
    };
    let said: Vec<&String> = answer.code.iter().chain(&answer.error).collect();
    match said.as_slice() {
        _ if answer.state.is_empty() => Err("state is empty"),
        [said] if !said.is_empty() => Ok(answer),
        _ => Err("it does not have exactly one of code and error"),
    }
}

fn decoded(text: &str) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let pair = (bytes[at] == b'%').then(|| hex(bytes.get(at + 1)).zip(hex(bytes.get(at + 2))));
        if let Some(Some((high, low))) = pair {
            out.push(u8::try_from(high * 16 + low).expect("a byte"));
            at += 3;
        } else {
            out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
            at += 1;
        }
    }
    out
}
