//! The oracle for cookies. A cookie counts if its exact name occurs once in all lines, and if its value is in our
//! alphabet.

/// The session's id: 36 bytes in URL-safe base64.
pub(super) fn session(lines: &[&[u8]]) -> Option<String> {
    let value = only(lines, b"__Host-Http-session")?;
    (value.len() == 48 && value.bytes().all(is_ours)).then_some(value)
}

/// The secret of the login cookie: 32 bytes in URL-safe base64, whose last two bits are zero. A count may follow after
/// a dot, or anything else.
pub(super) fn login_secret(lines: &[&[u8]]) -> Option<String> {
    let value = only(lines, b"__Host-Http-login")?;
    let secret = value.split('.').next()?;
    let is_secret = secret.len() == 43 && secret.bytes().all(is_ours) && secret.ends_with(|last| LAST.contains(last));
    (is_secret && value.len() <= 128).then(|| secret.to_owned())
}

/// The characters whose value is a multiple of four, so that their last two bits are zero.
const LAST: &str = "AEIMQUYcgkosw048";

fn is_ours(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn only(lines: &[&[u8]], name: &[u8]) -> Option<String> {
    let mut values = Vec::new();
    for pair in lines.iter().flat_map(|line| line.split(|byte| *byte == b';')) {
        let Some(equals) = pair.iter().position(|byte| *byte == b'=') else {
            continue;
        };
        if trimmed(&pair[..equals]) == name {
            values.push(trimmed(&pair[equals + 1..]).to_vec());
        }
    }
    match values.as_slice() {
        [value] => String::from_utf8(value.clone()).ok(),
        _ => None,
    }
}

/// The text without the spaces and tabs around it. A header line can have no other white space.
fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
