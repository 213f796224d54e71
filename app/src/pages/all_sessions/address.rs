//! The addresses of the list.

use super::PATH;
use std::fmt::Write;

/// The address of the page of the list that begins after this place: of this person, or of everybody.
pub(super) fn page_after(subject: Option<&str>, after: &str) -> String {
    let mut address = format!("{PATH}?");
    if let Some(subject) = subject {
        let _ = write!(address, "subject={}&", encoded(subject));
    }
    let _ = write!(address, "after={}", encoded(after));
    address
}

/// A value of a query, in the form of RFC 3986 §2.1.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::page_after;

    #[test]
    fn a_subject_of_any_form_stays_one_value_of_the_address() {
        assert_eq!(page_after(None, "1.a-b_c"), "/admin/sessions?after=1.a-b_c");
        assert_eq!(
            page_after(Some("a&b=ü #"), "1"),
            "/admin/sessions?subject=a%26b%3D%C3%BC%20%23&after=1"
        );
    }
}
