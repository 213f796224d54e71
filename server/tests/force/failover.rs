//! A Redis primary dies under load, and the sentinels make its replica take over.
//!
//! The sentinels decide how long that takes. Here they take the primary for dead after 0.7 s, and then elect one of
//! them to act. Sometimes no sentinel gets enough votes, for instance when all of them ask at once on a busy machine.
//! Then they try again after twice `failover-timeout`, which is 6 s here. The rest of the time in the figures is the
//! application's.
//!
//! Replication is asynchronous. A write that the primary confirmed in its last instant may be missing after a failover,
//! such as a rotated refresh token or a sign-out. No client can mend that. So the test holds the load until the replica
//! has everything and the primary has been killed.

use crate::load::{Load, Pace};
use crate::redis::sentinel::Sentinels;
use crate::report::Report;
use crate::visitor::Said;
use crate::world::World;
use crate::{alone, scale, seconds};
use std::time::{Duration, Instant};

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(200),
};

/// The time within which the replica takes over and all replicas of the application know it.
const BOUND: Duration = Duration::from_secs(20);

/// SES-07
#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_a_failover_under_load() {
    let _alone = alone().await;
    let mut redis = Sentinels::start();
    let world = World::start(&redis.url(), 3).await;
    let count = scale(15, 100);
    let visitors = world.visitors(count + 1).await;
    let (living, leaving) = visitors.split_at(count);
    let load = Load::start(&world.front, living, PACE);
    tokio::time::sleep(seconds(2, 15)).await;
    assert!(leaving[0].sign_out(&world.front).await);

    let held = load.hold().await;
    redis.replicated();
    redis.primary.kill();
    drop(held);
    let killed = Instant::now();
    redis.replica.until(&["ROLE"], |said| said.contains("master"));
    let promoted = killed.elapsed();
    let lost = world.lost(living, BOUND).await;
    let back = killed.elapsed();
    let elections = redis.elections();
    tokio::time::sleep(seconds(1, 15)).await;
    let tally = load.stop().await;
    let left = leaving[0].state(&world.front).await;

    Report::new("Redis failover by sentinels")
        .figure("sessions", living.len())
        .figure("requests", tally.total())
        .figure("of them 503", tally.count(&Said::Unavailable))
        .figure(
            "seconds until every session worked again",
            format!("{:.1}", back.as_secs_f64()),
        )
        .figure(
            "of them until the sentinels had promoted the replica",
            format!("{:.1}", promoted.as_secs_f64()),
        )
        .figure("votes that the sentinels needed for it", elections)
        .figure("refreshes", world.provider.refreshes())
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len())
        .publish();
    tally.is_only(&[Said::Active, Said::Page, Said::Unavailable]);
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
    assert_eq!(left, Said::Ended("signed_out".to_owned()));
}
