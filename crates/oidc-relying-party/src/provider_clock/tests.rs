use reqwest::header::{AGE, DATE, HeaderValue};

use super::*;
use crate::tests::provider::now;

const LEEWAY: std::time::Duration = std::time::Duration::from_secs(30);

fn answered(at: OffsetDateTime, age: Option<&'static str>) -> HeaderMap {
    let date = at.format(&Rfc2822).expect("a date").replace("+0000", "GMT");
    let mut headers = HeaderMap::from_iter([(DATE, HeaderValue::from_str(&date).expect("a header"))]);
    headers.extend(age.map(|age| (AGE, HeaderValue::from_static(age))));
    headers
}

#[test]
fn the_offset_is_counted_from_the_middle_of_the_exchange_and_by_the_age_in_a_cache() {
    let clock = ProviderClock::new(LEEWAY);
    let second = Duration::SECOND;
    for (headers, took, ahead) in [
        (answered(now(), None), Duration::ZERO, 0),
        (answered(now() + second * 35, None), Duration::ZERO, 35),
        (answered(now() - second * 35, None), Duration::ZERO, -35),
        (answered(now() + second * 2, None), second * 4, 0),
        (answered(now() - second * 100, Some("100")), Duration::ZERO, 0),
    ] {
        let offset = clock.observe(&headers, now(), now() + took).expect("a date");
        let found = offset.ahead - Duration::milliseconds(500);
        assert_eq!(found, Duration::seconds(ahead));
        assert_eq!(offset.uncertainty, took / 2 + Duration::milliseconds(500));
        assert_eq!(offset.exceeds_leeway, ahead != 0);
        assert_eq!(clock.offset(), Some(offset));
    }
}

#[test]
fn an_answer_that_tells_no_time_changes_nothing() {
    let clock = ProviderClock::new(LEEWAY);
    assert_eq!(clock.offset(), None);
    let known = clock.observe(&answered(now(), None), now(), now());
    let undated = HeaderMap::new();
    let nonsense = HeaderMap::from_iter([(DATE, HeaderValue::from_static("yesterday"))]);
    assert_eq!(clock.observe(&undated, now(), now()), None);
    assert_eq!(clock.observe(&nonsense, now(), now()), None);
    let dated = answered(now(), None);
    let slow = clock.observe(&dated, now(), now() + Duration::MINUTE);
    let set_back = clock.observe(&dated, now(), now() - Duration::MINUTE);
    assert_eq!((slow, set_back), (None, None));
    assert_eq!(clock.offset(), known);
}
