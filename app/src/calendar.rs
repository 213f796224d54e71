//! Moments in words, without a calendar crate: one of those would be a tenth of the WASM.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `2026-11-23T04:48:47Z` as `23 November 2026, 04:48 UTC`. Anything that is not RFC 3339 in UTC
/// comes back as it is.
pub(crate) fn rfc3339_in_words(moment: &str) -> String {
    parse_rfc3339(moment).unwrap_or_else(|| moment.to_owned())
}

fn parse_rfc3339(moment: &str) -> Option<String> {
    let (date, time) = moment.strip_suffix('Z')?.split_once('T')?;
    let mut time = time.splitn(3, ':');
    let hour: i64 = time.next()?.parse().ok()?;
    let minute: i64 = time.next()?.parse().ok()?;
    Some(with_time(&parse_date(date)?, hour, minute))
}

/// `2026-11-23` (RFC 3339 `full-date`) as `23 November 2026`. Anything else comes back as it is.
pub(crate) fn date_in_words(date: &str) -> String {
    parse_date(date).unwrap_or_else(|| date.to_owned())
}

fn parse_date(date: &str) -> Option<String> {
    let mut date = date.splitn(3, '-');
    let year: i64 = date.next()?.parse().ok()?;
    let month: usize = date.next()?.parse().ok()?;
    let day: i64 = date.next()?.parse().ok()?;
    date_words(year, month, day)
}

/// Seconds since 1970-01-01T00:00:00Z in the same words.
pub(crate) fn epoch_in_words(seconds: i64) -> Option<String> {
    let (days, in_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days)?;
    let date = date_words(year, month, day)?;
    Some(with_time(&date, in_day / 3600, in_day / 60 % 60))
}

/// How long ago something was, in words: "3 minutes ago". Less than a minute is "just now".
pub(crate) fn ago_in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

fn date_words(year: i64, month: usize, day: i64) -> Option<String> {
    let month = MONTHS.get(month.checked_sub(1)?)?;
    Some(format!("{day} {month} {year}"))
}

fn with_time(date: &str, hour: i64, minute: i64) -> String {
    format!("{date}, {hour:02}:{minute:02} UTC")
}

/// Year, month and day of a count of days since 1970-01-01 in the Gregorian calendar, after
/// Howard Hinnant's `civil_from_days`. None outside of the years 0 to 9999.
fn civil_from_days(days: i64) -> Option<(i64, usize, i64)> {
    if !(-719_528..=2_932_896).contains(&days) {
        return None;
    }
    // Eras of 400 years, each beginning on a 1 March, so that a leap day ends its year.
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some((year, usize::try_from(month).ok()?, day))
}

#[cfg(test)]
mod tests {
    use super::{ago_in_words, date_in_words, epoch_in_words, rfc3339_in_words};

    #[test]
    fn a_moment_reads_as_day_month_year() {
        assert_eq!(rfc3339_in_words("2026-11-03T04:08:47Z"), "3 November 2026, 04:08 UTC");
    }

    #[test]
    fn a_date_reads_as_day_month_year() {
        assert_eq!(date_in_words("2026-05-01"), "1 May 2026");
        for text in ["", "2026-00-01", "2026-05", "2026-05-01T00:00:00Z"] {
            assert_eq!(date_in_words(text), text);
        }
    }

    #[test]
    fn a_text_that_is_no_moment_is_left_alone() {
        for text in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-23T04:48:47+01:00"] {
            assert_eq!(rfc3339_in_words(text), text);
        }
    }

    #[test]
    fn seconds_since_1970_know_leap_years() {
        let words = |seconds| epoch_in_words(seconds).expect("in range");
        assert_eq!(words(0), "1 January 1970, 00:00 UTC");
        assert_eq!(words(-1), "31 December 1969, 23:59 UTC");
        assert_eq!(words(951_782_400), "29 February 2000, 00:00 UTC");
        assert_eq!(words(1_700_000_000), "14 November 2023, 22:13 UTC");
        assert_eq!(words(4_107_542_400), "1 March 2100, 00:00 UTC");
    }

    #[test]
    fn an_age_is_told_in_the_largest_unit_that_fits() {
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (40 * 86_400, "40 days ago"),
        ] {
            assert_eq!(ago_in_words(seconds), words);
        }
    }

    #[test]
    fn seconds_beyond_the_calendar_have_no_words() {
        assert_eq!(epoch_in_words(i64::MAX), None);
        assert_eq!(epoch_in_words(i64::MIN), None);
    }
}
