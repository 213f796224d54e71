//! How long the session still lasts, in English.

/// A duration in words, with seconds only in the last hour.
pub(super) fn in_words(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min {:02} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// The message when the end is near.
pub(super) fn warning(seconds: u64) -> Option<&'static str> {
    match seconds {
        0 => Some("The session's time is over."),
        1..=60 => Some("The session ends in less than a minute."),
        61..=300 => Some("The session ends in less than five minutes."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, warning};

    #[test]
    fn a_duration_is_in_words() {
        assert_eq!(in_words(0), "0 s");
        assert_eq!(in_words(59), "59 s");
        assert_eq!(in_words(60), "1 min 00 s");
        assert_eq!(in_words(3599), "59 min 59 s");
        assert_eq!(in_words(3600), "1 h 00 min");
        assert_eq!(in_words(28_799), "7 h 59 min");
        assert_eq!(in_words(100 * 3600), "100 h 00 min");
    }

    #[test]
    fn a_warning_changes_at_thresholds_only() {
        let spoken: Vec<_> = (0..=301).rev().map(warning).collect();
        let mut changes = spoken.clone();
        changes.dedup();
        assert_eq!(changes.len(), 4, "{changes:?}");
        assert_eq!(warning(301), None);
    }
}
