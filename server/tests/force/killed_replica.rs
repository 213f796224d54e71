//! A replica dies while it refreshes. Nobody can tell whether the provider has used the refresh token up, so it is not
//! sent again: such a session ends, and says why.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::{LIFETIME, World};
use crate::{alone, is_long, scale};
use provider::{Endpoint, Fault};
use std::time::{Duration, Instant};

/// The lease of a refresh and the time to doubt it, and some to spare.
const BOUND: Duration = Duration::from_secs(19);

/// Enough for anything that is under way to come to its point.
const SOON: Duration = Duration::from_secs(5);

const PAGES: Pace = Pace {
    tabs: 0,
    pages: 1,
    pause: Duration::from_millis(300),
};

#[tokio::test(flavor = "multi_thread")]
async fn rt_03_a_replica_killed_over_a_refresh_leaves_no_reuse_behind() {
    // The short version is mostly a wait for leases, and stands in nobody's way.
    let _alone = if is_long() { Some(alone().await) } else { None };
    let redis = Redis::start();
    let mut world = World::start(&redis.url(), 3).await;
    let each = scale(2, 20);
    let visitors = world.visitors(scale(10, 100)).await;
    let (granted, others) = visitors.split_at(each);
    let (hanging, others) = others.split_at(each);
    tokio::time::sleep(LIFETIME).await;

    // Of these the provider has spent the refresh token, and its answer is on the way.
    world
        .provider
        .inject(Fault::SlowBody(Endpoint::Token, Duration::from_millis(5)));
    begin(&world, granted);
    world
        .until("the provider has renewed", SOON, async || {
            world.provider.refreshes() == each
        })
        .await;
    // Of these it has not.
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

/// Asks the first replica, and does not wait for what it says.
fn begin(world: &World, visitors: &[Visitor]) {
    for visitor in visitors {
        let (visitor, front) = (visitor.clone(), world.front.clone());
        tokio::spawn(async move { visitor.reread_at(&front, 0).await });
    }
}
