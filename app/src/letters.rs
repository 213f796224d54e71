//! What Unicode says of letters. In the browser the browser is asked: it has the tables, which
//! hardly compress and would be a twelfth of the WASM.

/// The text in lower case.
#[cfg(target_family = "wasm")]
pub(crate) fn lower_case(text: &str) -> String {
    web_sys::js_sys::JsString::from(text).to_lower_case().into()
}

/// The text in lower case.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn lower_case(text: &str) -> String {
    text.to_lowercase()
}

/// The text in upper case.
#[cfg(target_family = "wasm")]
pub(crate) fn upper_case(text: &str) -> String {
    web_sys::js_sys::JsString::from(text).to_upper_case().into()
}

/// The text in upper case.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn upper_case(text: &str) -> String {
    text.to_uppercase()
}

/// Whether it is a letter or a digit in some script.
#[cfg(target_family = "wasm")]
pub(crate) fn is_alphanumeric(letter: char) -> bool {
    use web_sys::js_sys::RegExp;
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric();
    }
    // What `char::is_alphanumeric` means by it.
    let either = RegExp::new(r"[\p{Alphabetic}\p{N}]", "u");
    either.test(letter.encode_utf8(&mut [0; 4]))
}

/// Whether it is a letter or a digit in some script.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn is_alphanumeric(letter: char) -> bool {
    letter.is_alphanumeric()
}
