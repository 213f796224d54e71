use super::*;
use bff_clock::ManualClock;

const SECOND: std::time::Duration = std::time::Duration::from_secs(1);

fn rate(each: i32, all: i32) -> (Rate, ManualClock) {
    let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH + Duration::days(20_000));
    let pace = |burst| Pace {
        burst,
        interval: Duration::SECOND,
    };
    (Rate::new(Arc::new(clock.clone()), pace(each), pace(all)), clock)
}

#[expect(clippy::unnecessary_wraps, reason = "a request may have no address")]
fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().expect("an address"))
}

/// The number of these requests that are let through.
fn let_through(rate: &Rate, address: Option<IpAddr>, requests: usize) -> usize {
    (0..requests).filter(|_| rate.take(address).is_ok()).count()
}

/// So many addresses, each with a counter of its own. (Addresses with the same hash share one.)
fn apart(rate: &Rate, count: usize) -> Vec<Option<IpAddr>> {
    let mut places = std::collections::HashSet::new();
    let all = (0..=255).map(|last| address(&format!("192.0.2.{last}")));
    all.filter(|address| places.insert(rate.place(*address)))
        .take(count)
        .collect()
}

#[test]
fn one_address_uses_up_its_own_share_and_gets_it_back_with_time() {
    let (rate, clock) = rate(5, 100);
    let addresses = apart(&rate, 2);
    assert_eq!(let_through(&rate, addresses[0], 9), 5);
    assert_eq!(
        let_through(&rate, addresses[1], 9),
        5,
        "another address has its own share"
    );
    clock.advance(SECOND * 2);
    assert_eq!(let_through(&rate, addresses[0], 9), 2);
    clock.advance(SECOND * 3600);
    assert_eq!(let_through(&rate, addresses[0], 9), 5, "the share is at most one burst");
}

#[test]
fn all_addresses_together_have_a_bound() {
    let (rate, _clock) = rate(5, 12);
    let through: usize = apart(&rate, 10)
        .into_iter()
        .map(|address| let_through(&rate, address, 9))
        .sum();
    assert_eq!(through, 12);
}

#[test]
fn a_refused_request_counts_for_nobody() {
    let (rate, clock) = rate(5, 100);
    let stranger = address("192.0.2.1");
    let_through(&rate, stranger, 1000);
    clock.advance(SECOND);
    assert_eq!(let_through(&rate, stranger, 9), 1);
}

#[test]
fn a_share_that_is_given_back_was_never_taken() {
    let (rate, _clock) = rate(5, 6);
    for _ in 0..1000 {
        rate.take(None).expect("each request gives its share back").give_back();
    }
    assert_eq!(let_through(&rate, None, 9), 5);
}

#[test]
fn a_network_of_ipv6_counts_as_one() {
    let (rate, _clock) = rate(5, 100);
    let through: usize = (0..100)
        .map(|host| let_through(&rate, address(&format!("2001:db8::{host:x}")), 1))
        .sum();
    assert_eq!(through, 5);
    assert_eq!(
        rate.place(address("::ffff:192.0.2.1")),
        rate.place(address("192.0.2.1")),
        "two spellings of one address share one counter"
    );
}

#[test]
fn a_clock_that_is_set_back_stops_nobody_for_longer_than_a_burst() {
    let (rate, clock) = rate(5, 100);
    let_through(&rate, None, 9);
    let set_back = Rate {
        clock: Arc::new(ManualClock::new(clock.now() - Duration::days(365))),
        ..rate
    };
    assert_eq!(let_through(&set_back, None, 9), 0);
    let later = Rate {
        clock: Arc::new(ManualClock::new(
            clock.now() - Duration::days(365) + Duration::seconds(5),
        )),
        ..set_back
    };
    assert_eq!(let_through(&later, None, 9), 5);
}
