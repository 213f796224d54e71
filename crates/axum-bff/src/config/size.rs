//! Sizes as the settings write them.

/// `1MiB`, `64KiB`, or a number of bytes.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|end: char| !end.is_ascii_digit());
    let unit: u64 = match text[digits.len()..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => 0,
    };
    let number = digits.parse().ok().and_then(|number: u64| number.checked_mul(unit));
    number
        .filter(|_| unit > 0)
        .ok_or_else(|| "is no size such as 64KiB or 1MiB".to_owned())
}
