//! Under load, replicas of an earlier build are replaced by this one, and this one by the earlier one.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::replica::THIS_BUILD;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::World;
use crate::{alone, scale, seconds};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(200),
};

/// Replaces what runs, one replica after the other. While both builds run, the visitors come to either.
async fn roll(world: &mut World, to: &Path) {
    for replica in &mut world.replicas {
        tokio::time::sleep(seconds(1, 3)).await;
        replica.end().await;
        to.clone_into(&mut replica.program);
        replica.run();
    }
    tokio::time::sleep(seconds(1, 3)).await;
}

/// Rolls to the other build while these people use the application. Returns how many requests there were.
async fn under_load(world: &mut World, visitors: &[Visitor], to: &Path) -> usize {
    let load = Load::start(&world.front, visitors, PACE);
    roll(world, to).await;
    let tally = load.stop().await;
    tally.is_only(&[Said::Active, Said::Page]);
    let lost = world.lost(visitors, Duration::ZERO).await;
    assert!(lost.is_empty(), "after the change to {}: {lost:?}", to.display());
    tally.total()
}

/// `UPGRADE_FROM` is the path of the earlier program.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the program of an earlier version: cargo xtask test upgrade"]
async fn an_upgrade_under_load_and_the_way_back_lose_no_session() {
    let _alone = alone().await;
    let before = std::env::var_os("UPGRADE_FROM").expect("the path of the earlier program");
    let (before, after) = (PathBuf::from(before), PathBuf::from(THIS_BUILD));
    let redis = Redis::start();
    let mut world = World::start(&redis.url(), 3).await;
    roll(&mut world, &before).await;
    let count = scale(15, 60);
    let of_before = world.visitors(count).await;
    let there = under_load(&mut world, &of_before, &after).await;

    // The sessions of these begin at the new build, and go on at the earlier one.
    let of_after = world.visitors(count).await;
    let all = [of_before, of_after].concat();
    let back = under_load(&mut world, &all, &before).await;
    let again = under_load(&mut world, &all, &after).await;

    Report::new("upgrade and way back")
        .figure("sessions", all.len())
        .figure("requests", there + back + again)
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", 0)
        .publish();
    assert_eq!(world.provider.reuse_alarms(), 0);
}
