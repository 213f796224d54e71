//! A replica dies during a refresh. Then it is unknown whether the refresh token is spent, so no replica sends it
//! again. Such a session ends with a reason of its own.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::{LIFETIME, World};
use crate::{alone, is_long, scale};
use provider::{Endpoint, Fault};
use std::time::{Duration, Instant};

/// The lease of a refresh, the time for which the lease is doubted, and some time to spare.
const BOUND: Duration = Duration::from_secs(19);

/// Enough time for a step that has begun.
const SOON: Duration = Duration::from_secs(5);

const PAGES: Pace = Pace {
    tabs: 0,
    pages: 1,
    pause: Duration::from_millis(300),
};

/// RT-03
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_killed_over_a_refresh_leaves_no_reuse_behind() {
    // The short version mostly waits for leases, so it does not disturb other scenarios.
    let _alone = if is_long() { Some(alone().await) } else { None };
    let redis = Redis::start();
    let mut world = World::start(&redis.url(), 3).await;
    let each = scale(2, 20);
    let visitors = world.visitors(scale(10, 100)).await;
    let (granted, others) = visitors.split_at(each);
    let (hanging, others) = others.split_at(each);
    tokio::time::sleep(LIFETIME).await;

    // The provider has spent the refresh tokens of these sessions, and its answers are on the way.
    world
        .provider
        .inject(Fault::SlowBody(Endpoint::Token, Duration::from_millis(5)));
    begin(&world, granted);
    world
        .until("the provider has issued new tokens", SOON, async || {
            world.provider.refreshes() == each
        })
        .await;
    // The provider has not spent the refresh tokens of these sessions.
    world.provider.inject(Fault::Hang(Endpoint::Token));
    let before = world.provider.calls_to(Endpoint::Token).len();
    begin(&world, hanging);
    world
        .until("the refreshes hang", SOON, async || {
            world.provider.calls_to(Endpoint::Token).len() == before + each
        })
        .await;
    let pages = Load::start(&world.front, others, PAGES);
    world.replicas[0].kill();
    let killed = Instant::now();
    tokio::time::sleep(Duration::from_millis(300)).await;
    world.heal();
    world.replicas[0].run();

    let interrupted = [granted, hanging].concat();
    let asks = interrupted.iter().map(|visitor| visitor.reread(&world.front));
    let (answers, lost) = tokio::join!(futures::future::join_all(asks), world.lost(others, SOON));
    let took = killed.elapsed();
    let pages = pages.stop().await;
    let ends = interrupted.iter().map(|visitor| visitor.state(&world.front));
    let ends = futures::future::join_all(ends).await;
    let reason = Said::Ended("refresh_interrupted".to_owned());
    let told = ends.iter().filter(|said| **said == reason).count();

    Report::new("kill -9 of the replica that refreshes")
        .figure("sessions", visitors.len())
        .figure("refreshes cut", interrupted.len())
        .figure("of them ended, refresh_interrupted", told)
        .figure("seconds until they had ended", format!("{:.1}", took.as_secs_f64()))
        .figure("pages of the others meanwhile", pages.total())
        .figure("of them 200", pages.count(&Said::Page))
        .figure("others lost", lost.len())
        .figure("reuse alarms", world.provider.reuse_alarms())
        .publish();
    let ended = Said::Ended("just now".to_owned());
    assert!(answers.iter().all(|said| *said == ended), "{answers:?}");
    assert_eq!(told, interrupted.len(), "{ends:?}");
    assert!(took < BOUND, "{took:?}");
    pages.is_only(&[Said::Page]);
    assert!(pages.total() > 0);
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
}

/// Sends requests to the first replica, and does not wait for the answers.
fn begin(world: &World, visitors: &[Visitor]) {
    for visitor in visitors {
        let (visitor, front) = (visitor.clone(), world.front.clone());
        tokio::spawn(async move { visitor.reread_at(&front, 0).await });
    }
}
