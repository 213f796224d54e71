//! Under load, replicas are told to end and started again, one after the other.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::Said;
use crate::world::{LIFETIME, World};
use crate::{alone, scale, seconds};
use provider::{Endpoint, Fault};
use std::time::Duration;

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(200),
};

/// The provider answers slowly, so that refreshes are in progress at any time.
const THINKS: Fault = Fault::Delay(Endpoint::Token, Duration::from_millis(300));

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_fails_no_request() {
    let _alone = alone().await;
    let redis = Redis::start();
    let mut world = World::start(&redis.url(), 3).await;
    let visitors = world.visitors(scale(15, 100)).await;
    world.provider.inject(THINKS);
    let load = Load::start(&world.front, &visitors, PACE);
    let mut longest = Duration::ZERO;
    let rounds = scale(1, 3);
    for _ in 0..rounds {
        for number in 0..world.replicas.len() {
            tokio::time::sleep(seconds(1, 3)).await;
            longest = longest.max(world.replicas[number].end().await);
            world.replicas[number].run();
        }
    }
    tokio::time::sleep(seconds(1, 3)).await;
    let tally = load.stop().await;
    let lost = world.lost(&visitors, Duration::ZERO).await;

    Report::new("rolling restart")
        .figure("sessions", visitors.len())
        .figure("replicas ended and started again", rounds * world.replicas.len())
        .figure("requests", tally.total())
        .figure("of them sent again, because no answer had begun", world.front.retried())
        .figure(
            "of them failed",
            tally.total() - tally.count(&Said::Active) - tally.count(&Said::Page),
        )
        .figure("longest end, seconds", format!("{:.1}", longest.as_secs_f64()))
        .figure("refreshes", world.provider.refreshes())
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len())
        .publish();
    tally.is_only(&[Said::Active, Said::Page]);
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_ends_only_when_its_refreshes_have() {
    let _alone = alone().await;
    let redis = Redis::start();
    let mut world = World::start(&redis.url(), 1).await;
    let visitors = world.visitors(3).await;
    tokio::time::sleep(LIFETIME).await;
    world
        .provider
        .inject(Fault::Delay(Endpoint::Token, Duration::from_secs(1)));
    let before = world.provider.calls_to(Endpoint::Token).len();
    let asks = visitors.iter().map(|visitor| visitor.reread(&world.front));
    // All visitors close the page before the provider answers.
    let closed = tokio::time::timeout(Duration::from_millis(500), futures::future::join_all(asks)).await;
    assert!(closed.is_err(), "{closed:?}");
    assert_eq!(
        world.provider.calls_to(Endpoint::Token).len(),
        before + visitors.len(),
        "the refreshes are under way"
    );
    world.replicas[0].end().await;
    world.heal();
    world.replicas[0].run();
    let lost = world.lost(&visitors, Duration::ZERO).await;
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
}
