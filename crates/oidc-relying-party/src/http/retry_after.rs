//! `Retry-After` (RFC 9110 §10.2.3): when the provider wants to be asked again.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// No provider keeps us waiting for longer: people wait for its answer.
pub(super) const LIMIT: Duration = Duration::from_mins(5);

/// How long to wait, where the answer's status is one that asks for patience (429, 503) and the answer says for how long.
pub(super) fn retry_after(status: StatusCode, headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    if !matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !said.is_empty() && said.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a long time too.
        Duration::from_secs(said.parse().unwrap_or(u64::MAX))
    } else {
        let at = OffsetDateTime::parse(said, &Rfc2822).ok()?;
        Duration::try_from(at - now).unwrap_or_default()
    };
    Some(wait.min(LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn wait(status: u16, said: &'static str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(said))]);
        let status = StatusCode::from_u16(status).expect("a status");
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a time");
        retry_after(status, &headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_time_to_wait_is_seconds_or_a_date_and_is_bounded() {
        for (status, said, expected) in [
            (503, "120", Some(120)),
            (429, " 7 ", Some(7)),
            (503, "0", Some(0)),
            (503, "86400", Some(300)),
            (503, "99999999999999999999999", Some(300)),
            (503, "Fri, 15 Jan 2027 08:01:00 GMT", Some(60)),
            (503, "Fri, 15 Jan 2027 07:00:00 GMT", Some(0)),
            (503, "Fri, 15 Jan 2038 08:00:00 GMT", Some(300)),
            (503, "", None),
            (503, "-1", None),
            (503, "soon", None),
            (500, "120", None),
            (200, "120", None),
        ] {
            assert_eq!(wait(status, said), expected, "{status} {said:?}");
        }
    }
}
