//! Under load, Redis is killed and comes back, or stands still for a while.
//!
//! A Redis that stands still is the harder case, because it does not lose the commands that it was sent. When it goes
//! on, it carries out commands for which no request waits any more.

use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::World;
use crate::{alone, scale, seconds};
use provider::{Endpoint, Fault};
use std::time::Duration;

const PACE: Pace = Pace {
    tabs: 2,
    pages: 1,
    pause: Duration::from_millis(200),
};

/// The time within which every session has to work again. A replica tries to reach Redis four times a second.
const BACK: Duration = Duration::from_secs(12);

/// The provider answers slowly, so that refreshes are in progress at any time.
const THINKS: Fault = Fault::Delay(Endpoint::Token, Duration::from_millis(300));

#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_a_redis_killed_under_load() {
    let _alone = alone().await;
    let report = Report::new("Redis killed and restarted (kill -9, append-only file)");
    outages(report, &scale(vec![1], vec![1, 5, 20]), async |redis, away| {
        redis.kill();
        tokio::time::sleep(away).await;
        redis.resume();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_outlive_a_redis_standing_still_under_load() {
    let _alone = alone().await;
    let report = Report::new("Redis standing still (SIGSTOP)");
    outages(report, &scale(vec![3], vec![3, 12, 20]), async |redis, away| {
        redis.pause();
        tokio::time::sleep(away).await;
        redis.go_on();
    })
    .await;
}

async fn outages(report: Report, lengths: &[u64], mut outage: impl AsyncFnMut(&mut Redis, Duration)) {
    let mut redis = Redis::start();
    let world = World::start(&redis.url(), 3).await;
    let count = scale(20, 100);
    let visitors = world.visitors(count + 2 * lengths.len()).await;
    let (living, mut leaving) = visitors.split_at(count);
    world.provider.inject(THINKS);

    let load = Load::start(&world.front, living, PACE);
    let mut left = Vec::new();
    for length in lengths {
        tokio::time::sleep(seconds(2, 5)).await;
        let (before, rest) = leaving.split_at(1);
        let (during, rest) = rest.split_at(1);
        leaving = rest;
        left.extend(sign_out(&world, before).await);
        assert!(!left.is_empty(), "a sign-out works while Redis is there");
        // A sign-out that gets 503 may or may not have happened. A sign-out that is confirmed has to last.
        let late = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            sign_out(&world, during).await
        };
        let ((), late) = tokio::join!(outage(&mut redis, Duration::from_secs(*length)), late);
        left.extend(late);
    }
    tokio::time::sleep(seconds(1, 5)).await;
    let tally = load.stop().await;

    let lost = world.lost(living, BACK).await;
    let mut returned = Vec::new();
    for visitor in &left {
        returned.push(visitor.state(&world.front).await);
    }
    let signed_out = Said::Ended("signed_out".to_owned());
    returned.retain(|said| *said != signed_out);
    report
        .figure("sessions", living.len())
        .figure("outages, seconds", format!("{lengths:?}"))
        .figure("requests", tally.total())
        .figure("of them 503", tally.count(&Said::Unavailable))
        .figure("refreshes", world.provider.refreshes())
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len())
        .figure("sessions signed out", left.len())
        .figure("of them that came back", returned.len())
        .publish();
    assert!(lost.is_empty(), "{lost:?}");
    tally.is_only(&[Said::Active, Said::Page, Said::Unavailable]);
    assert!(
        tally.count(&Said::Unavailable) > 0,
        "nobody noticed that Redis was away"
    );
    assert_eq!(world.provider.reuse_alarms(), 0);
    assert!(returned.is_empty(), "{returned:?}");
}

/// Signs these visitors out, and returns those whose sign-out was confirmed.
async fn sign_out(world: &World, visitors: &[Visitor]) -> Vec<Visitor> {
    let mut left = Vec::new();
    for visitor in visitors {
        if visitor.sign_out(&world.front).await {
            left.push(visitor.clone());
        }
    }
    left
}
