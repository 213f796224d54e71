//! The provider answers later than our time-out, or sends half an answer, while access tokens expire.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::{LIFETIME, World};
use crate::{alone, is_long, scale, seconds};
use provider::{Endpoint, Fault};
use std::time::Duration;

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(300),
};

/// The time within which every session has to work again.
const BACK: Duration = Duration::from_secs(35);

/// Makes each replica refresh a session, so that it knows that the provider rotates refresh tokens.
async fn each_has_seen_rotation(world: &World, visitors: &[Visitor]) {
    tokio::time::sleep(LIFETIME).await;
    for (replica, visitor) in visitors.iter().take(world.replicas.len()).enumerate() {
        assert_eq!(visitor.reread_at(&world.front, replica).await, Said::Active);
    }
}

/// RT-06
#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_a_provider_slower_than_the_time_out_under_load() {
    let _alone = alone().await;
    let redis = Redis::start();
    let (time_out, delay) = if is_long() {
        ("3s", Duration::from_secs(10))
    } else {
        ("1s", Duration::from_millis(2500))
    };
    let world = World::start_with(&redis.url(), 3, &[("BFF_PROVIDER_TIMEOUT", time_out)]).await;
    let visitors = world.visitors(scale(15, 100)).await;
    let load = Load::start(&world.front, &visitors, PACE);
    tokio::time::sleep(seconds(2, 5)).await;
    let refreshed = world.provider.refreshes();
    world.provider.inject(Fault::Delay(Endpoint::Token, delay));
    tokio::time::sleep(seconds(6, 40)).await;
    let slow = world.provider.refreshes() - refreshed;
    world.heal();
    let lost = world.lost(&visitors, BACK).await;
    let tally = load.stop().await;
    Report::new("the provider slower than the time-out")
        .figure("sessions", visitors.len())
        .figure("time-out", time_out)
        .figure("seconds that each refresh took", format!("{:.1}", delay.as_secs_f64()))
        .figure("refreshes meanwhile", slow)
        .figure("calls with 503 or unavailable", tally.count(&Said::Unavailable))
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len())
        .publish();
    tally.is_only(&[Said::Active, Said::Page, Said::Unavailable]);
    assert!(slow > 0 && tally.count(&Said::Unavailable) > 0, "nobody noticed");
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_to_a_refresh_alarms_no_provider_that_rotates() {
    let _alone = alone().await;
    let redis = Redis::start();
    let world = World::start(&redis.url(), 3).await;
    let visitors = world.visitors(scale(15, 100)).await;
    each_has_seen_rotation(&world, &visitors).await;
    let refreshed = world.provider.refreshes();
    world.provider.inject(Fault::HalfBody(Endpoint::Token));
    let load = Load::start(&world.front, &visitors, PACE);
    tokio::time::sleep(seconds(4, 30)).await;
    load.stop().await;
    world.heal();
    let halves = world.provider.refreshes() - refreshed;
    let lost = world.lost(&visitors, BACK).await;
    let interrupted = Said::Ended("refresh_interrupted".to_owned());
    let told = lost.iter().filter(|said| **said == interrupted).count();
    Report::new("half an answer to each refresh")
        .figure("sessions", visitors.len())
        .figure("refreshes that were answered in half", halves)
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions ended, refresh_interrupted", told)
        .figure("sessions lost otherwise", lost.len() - told)
        .publish();
    assert!(halves > 0);
    assert_eq!(told, lost.len(), "{lost:?}");
    assert!(told <= halves, "{told} sessions for {halves} answers");
    assert_eq!(world.provider.reuse_alarms(), 0);
}
