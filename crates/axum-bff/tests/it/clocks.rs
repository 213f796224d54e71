//! A replica whose clock is off by more than the leeway (30 seconds), in front of a provider whose clock is right.

use crate::leaks::Log;
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use provider::Endpoint;
use time::Duration;

/// Behind, ahead, and ahead by more than the lifetime of an ID Token (5 minutes).
const OFF: [Duration; 3] = [Duration::seconds(-35), Duration::seconds(35), Duration::minutes(6)];

/// RT-06
#[tokio::test]
async fn a_clock_that_is_off_ends_no_session_at_a_refresh() {
    for off in OFF {
        let world = World::start_refreshing(|_| ()).await;
        let mut people = Vec::new();
        let replica = world.replica_off(off).await;
        for _ in 0..3 {
            people.push(world.signed_in("alice").await.at(replica.clone()));
        }
        for _ in 0..2 {
            world.advance(EXPIRED);
            for person in &mut people {
                let reread = person.reread().await;
                assert_eq!(reread["status"], "active", "{off}: {reread}");
            }
        }
        assert_eq!(
            (world.provider.refreshes(), world.provider.reuse_alarms()),
            (6, 0),
            "{off}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_log_and_by_readyz_and_cuts_off_no_session() {
    for off in OFF {
        let world = World::start_refreshing(|_| ()).await;
        let mut alice = world.signed_in("alice").await.at(world.replica_off(off).await);
        world.advance(EXPIRED);
        let (log, guard) = Log::catch();
        for _ in 0..3 {
            alice.reread().await;
        }
        let said = log.text();
        drop(guard);
        let lines: Vec<_> = said.lines().filter(|line| line.contains("\"clocks_differ\"")).collect();
        assert_eq!(lines.len(), 1, "at most one line a minute: {said}");
        assert!(lines[0].contains("ERROR"), "{}", lines[0]);

        let ready = alice.fetch("/readyz").await;
        assert_eq!(ready.status, StatusCode::OK, "sessions go on");
        let ready = ready.json();
        assert_eq!(ready["clock"], "differs", "{off}");
        let ahead = ready["provider_clock_ahead_seconds"].as_i64().expect("seconds");
        assert!((ahead + off.whole_seconds()).abs() <= 1, "{off}: {ready}");
    }
    let world = World::start().await;
    let ready = world.browser().fetch("/readyz").await.json();
    assert_eq!(ready["clock"], "ok", "{ready}");
}

/// IDT-13
#[tokio::test]
async fn a_clock_that_is_off_signs_nobody_in_and_the_page_says_that_it_is_the_clock() {
    for off in [OFF[0], OFF[2]] {
        let world = World::start().await;
        let mut browser = world.browser().at(world.replica_off(off).await);
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        let (log, guard) = Log::catch();
        let answer = browser.open(&callback).await;
        let said = log.text();
        drop(guard);
        assert!(said.contains("id_token_clocks_differ"), "{off}: {said}");
        let page = browser.open(answer.location().expect("a page")).await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{off}");
        assert!(page.text().contains("clocks_differ"), "{}", page.text());
        assert_eq!(browser.session().await["status"], "anonymous");
        assert_eq!(world.provider.calls_to(Endpoint::Userinfo).len(), 0);
    }
}
