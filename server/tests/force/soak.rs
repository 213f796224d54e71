//! An hour of ordinary use: many sessions with open pages, tokens that expire, and replicas that are replaced. Memory,
//! descriptors and Redis stay as large as they were, and nothing is lost.
//!
//! `cargo xtask test soak` runs it, with a release build of `bff`, and draws the samples as `docs/soak.svg`. Replica 0 runs
//! the whole time, so that its memory can be judged; the others are ended and started again in turn.

mod sample;
mod streams;

use crate::alone;
use crate::load::{Load, Pace};
use crate::redis::Redis;
use crate::report::Report;
use crate::visitor::{Said, Visitor};
use crate::world::{Lifetimes, PEOPLE, World, username};
use sample::{Course, Samples};
use std::time::{Duration, Instant};
use streams::Streams;

/// How often a session is used.
const PACE: Pace = Pace {
    tabs: 1,
    pages: 1,
    pause: Duration::from_mins(3),
};

/// Each session refreshes its tokens at every second use.
const LIFETIMES: Lifetimes = Lifetimes {
    told: Duration::from_mins(5),
    taken: Duration::from_mins(15),
};

/// How many sign-ins are under way at once.
const SIGN_INS: usize = 8;

/// How many sessions are asked at once, in the end, whether they live.
const ASKED: usize = 100;

/// A number from the environment.
fn given(name: &str, default: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().expect(name))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes an hour: `cargo xtask test soak` runs it"]
async fn an_hour_of_sessions_streams_and_restarts_leaves_memory_flat() {
    let _alone = alone().await;
    let minutes = given("SOAK_MINUTES", 60);
    let length = Duration::from_mins(u64::try_from(minutes).expect("minutes"));
    let redis = Redis::start();
    let further = [("BFF_REDIS_TIMEOUT", "10s")];
    let mut world = World::start_for(LIFETIMES, &redis.url(), 3, &further).await;
    let visitors = sign_in(&world, given("SOAK_SESSIONS", 10_000)).await;
    let streams = Streams::open(
        &world.front,
        &visitors[..given("SOAK_STREAMS", 1000).min(visitors.len())],
    );
    let load = Load::start(&world.front, &visitors, PACE);

    let (samples, restarts) = run(&mut world, &redis, &streams, length).await;

    let tally = load.stop().await;
    let opened = streams.close().await;
    let mut lost = Vec::new();
    for some in visitors.chunks(ASKED) {
        lost.extend(world.lost(some, Duration::ZERO).await);
    }
    samples.write();
    let courses = samples.courses();
    let mut report = Report::new("soak")
        .figure("minutes", minutes)
        .figure("sessions", visitors.len())
        .figure("open streams", opened.streams)
        .figure("of them opened again after the end of a replica", opened.again)
        .figure("replicas ended and started again", restarts)
        .figure("requests", tally.total())
        .figure(
            "of them failed",
            tally.total() - tally.count(&Said::Active) - tally.count(&Said::Page),
        )
        .figure("answered within, 99 %", format!("{:.1?}", tally.within(99)))
        .figure("refreshes", world.provider.refreshes())
        .figure("reuse alarms", world.provider.reuse_alarms())
        .figure("sessions lost", lost.len());
    for course in &courses {
        report = report
            .figure(
                &format!("{}, after the first third", course.name),
                format!("{:.1}", course.begin),
            )
            .figure(&format!("{}, at the end", course.name), format!("{:.1}", course.end));
    }
    report.publish();
    tally.is_only(&[Said::Active, Said::Page]);
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(world.provider.reuse_alarms(), 0);
    let growing: Vec<&Course> = courses.iter().filter(|course| !course.is_flat()).collect();
    assert!(growing.is_empty(), "{growing:?}");
}

async fn sign_in(world: &World, count: usize) -> Vec<Visitor> {
    let mut visitors = Vec::with_capacity(count);
    let numbers: Vec<usize> = (0..count).collect();
    for some in numbers.chunks(SIGN_INS) {
        let each = some.iter().map(async |number| {
            let username = username(number % PEOPLE);
            Visitor::sign_in(&world.front, &world.provider, &username).await
        });
        visitors.extend(futures::future::join_all(each).await);
        // The provider remembers every call, and nobody asks it for these.
        world.provider.forget_calls();
    }
    visitors
}

/// Samples, and replaces a replica now and then. Returns the samples and the number of restarts.
async fn run(world: &mut World, redis: &Redis, streams: &Streams, length: Duration) -> (Samples, usize) {
    let (begun, mut samples) = (Instant::now(), Samples::default());
    let every = (length / 360).max(Duration::from_secs(1));
    let restart_every = (length / 12).max(Duration::from_secs(20));
    let (mut restarts, mut restart_at) = (0, restart_every);
    while begun.elapsed() < length {
        tokio::time::sleep(every).await;
        world.provider.forget_calls();
        samples.take(begun.elapsed(), &world.replicas[0], redis, streams.open_now());
        if begun.elapsed() >= restart_at {
            let number = 1 + restarts % (world.replicas.len() - 1);
            world.replicas[number].end().await;
            world.replicas[number].run();
            restarts += 1;
            restart_at += restart_every;
        }
    }
    (samples, restarts)
}
