//! Many sessions on three replicas, with access tokens that expire every two seconds. Each expiry makes one refresh.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::Said;
use crate::world::{LIFETIME, World};
use crate::{alone, scale, seconds};
use std::time::{Duration, Instant};

/// The long version has ten times the sessions. Its pause is so long that two cores can answer all requests in time,
/// because the test is about refreshes, and not about an overloaded machine.
fn pace() -> Pace {
    Pace {
        tabs: 4,
        pages: 0,
        pause: Duration::from_millis(scale(300, 4000)),
    }
}

/// RT-03
///
/// There are as many refreshes as expiries that were used:
///
/// - A token that was issued without need, or lost, would never reach the userinfo endpoint. So each session must have
///   used one token more than it has refreshes.
/// - Two refreshes for one expiry would follow each other at once. But tokens are not due until nine tenths of a
///   lifetime after the request for them. So the test compares each refresh with the requests that can have caused the
///   one before.
/// - No expiry may be missed. The requests tell how many expiries there were at least.
#[tokio::test(flavor = "multi_thread")]
async fn each_expiry_makes_one_refresh_over_three_replicas() {
    let _alone = alone().await;
    let redis = Redis::start();
    let world = World::start_with(&redis.url(), 3, &[("BFF_REDIS_TIMEOUT", "10s")]).await;
    let visitors = world.visitors(scale(20, 200)).await;

    let begun = Instant::now();
    let load = Load::start(&world.front, &visitors, pace());
    tokio::time::sleep(seconds(8, 60)).await;
    let tally = load.stop().await;
    let took = begun.elapsed();

    let (refreshes, alarms) = (world.provider.refreshes(), world.provider.reuse_alarms());
    let seen = world.tokens_seen() - visitors.len();
    let at_least = tally.expiries_used(begun, LIFETIME);
    let pairs = tally.pairs(&world.refreshes(visitors.len()), LIFETIME * 9 / 10);
    let lost = world.lost(&visitors, Duration::ZERO).await;
    Report::new("3 replicas, tokens that expire every 2 s")
        .figure("sessions", visitors.len())
        .figure("seconds of load", took.as_secs())
        .figure("requests with a token", tally.total())
        .figure("of them answered 200 with fresh claims", tally.count(&Said::Active))
        .figure("answered within, 99 %", format!("{:.1?}", tally.within(99)))
        .figure("refreshes at the provider", refreshes)
        .figure("different access tokens used, less one for each session", seen)
        .figure("expiries used, at least", at_least)
        .figure("refreshes for tokens that were not due", pairs.too_soon)
        .figure("refreshes a lifetime after the one before", pairs.apart)
        .figure("refreshes too slow to tell", pairs.unclear)
        .figure("reuse alarms", alarms)
        .figure("sessions lost", lost.len())
        .publish();
    tally.is_only(&[Said::Active]);
    assert_eq!(refreshes, seen, "each refresh was for an expiry that was used");
    assert!(
        at_least > 0 && at_least <= refreshes,
        "{refreshes} refreshes for at least {at_least} expiries"
    );
    assert_eq!(pairs.too_soon, 0, "two refreshes for one expiry: {pairs:?}");
    assert!(
        pairs.apart > 10 * pairs.unclear,
        "too slow to prove anything: {pairs:?}"
    );
    assert_eq!(alarms, 0);
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.front.retried(), 0);
}
