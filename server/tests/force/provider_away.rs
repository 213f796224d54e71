//! The provider is away while access tokens expire.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::Said;
use crate::world::World;
use crate::{alone, scale, seconds};
use provider::{Endpoint, Fault};
use std::time::{Duration, Instant};

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(300),
};

/// The time within which every session has to work again: the longest pause between two attempts, and some time to
/// spare.
const BACK: Duration = Duration::from_secs(35);

/// RT-06
#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_a_provider_that_is_away_under_load() {
    let _alone = alone().await;
    let redis = Redis::start();
    let world = World::start(&redis.url(), 3).await;
    let visitors = world.visitors(scale(15, 100)).await;
    let load = Load::start(&world.front, &visitors, PACE);
    tokio::time::sleep(seconds(2, 5)).await;
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks, Endpoint::Token, Endpoint::Userinfo] {
        world.provider.inject(Fault::HangUp(endpoint));
    }
    let asked = world.provider.calls_to(Endpoint::Token).len();
    let refreshed = world.provider.refreshes();
    let length = seconds(4, 30);
    tokio::time::sleep(length).await;
    let asked = world.provider.calls_to(Endpoint::Token).len() - asked;
    world.heal();
    let back = Instant::now();
    let lost = world.lost(&visitors, BACK).await;
    let back = back.elapsed();
    let tally = load.stop().await;

    Report::new("the provider away")
        .figure("sessions", visitors.len())
        .figure("seconds away", length.as_secs())
        .figure("requests", tally.total())
        .figure("of them pages with 200", tally.count(&Said::Page))
        .figure("of them calls with 503 or unavailable", tally.count(&Said::Unavailable))
        .figure("attempts to refresh meanwhile", asked)
        .figure(
            "seconds until every session worked again",
            format!("{:.1}", back.as_secs_f64()),
        )
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len())
        .publish();
    tally.is_only(&[Said::Active, Said::Page, Said::Unavailable]);
    assert!(
        tally.count(&Said::Unavailable) > 0,
        "nobody noticed that the provider was away"
    );
    assert!(lost.is_empty(), "{lost:?}");
    assert!(world.provider.refreshes() > refreshed);
    assert_eq!(world.provider.reuse_alarms(), 0);
}
