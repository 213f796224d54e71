//! What is asked, of whom, and in which order.

use super::bff::{self, COOKIE, FETCH, NAVIGATE};
use super::load::Request;
use super::measure::{Asked, Scenario};
use super::process::Server;
use super::relay::relay;
use super::servers::Servers;
use super::{listing, login, memory, page, sessions, streams};
use crate::Options;
use std::sync::Arc;
use std::time::Instant;

pub(crate) async fn run(options: &Options) {
    let begun = Instant::now();
    if options.login {
        let servers = Servers::start(options).await;
        login::login(options, &servers).await;
        println!("\nAll of it took {:.0?}.", begun.elapsed());
        return;
    }
    memory::bytes_of_a_session().await;
    let servers = Servers::start(options).await;
    let ids = signed_in(options, &servers).await;
    listing::pages(options, &servers, ids.len()).await;
    strangers(options, &servers).await;
    profile(options, &servers).await;
    page::first_and_last_byte(options, &servers).await;
    relay(options, &servers).await;
    streams::streams(options, &servers).await;
    memory::after_the_run(&servers);
    if options.full {
        memory::after_a_million(options, &servers, &ids).await;
    }
    println!("\nAll of it took {:.0?}.", begun.elapsed());
}

/// These, and the other build, which is asked what the last one is.
pub(crate) fn with<'a, const N: usize>(beside: Option<&'a Server>, asked: [Asked<'a>; N]) -> Vec<Asked<'a>> {
    let mut asked = Vec::from(asked);
    if let (Some(server), Some(last)) = (beside, asked.last()) {
        asked.push(Asked::new(server, last.request.clone(), last.status));
    }
    asked
}

/// `/auth/session` with more and more sessions in Redis. The naive stack has one of its own, always the same. Gives the
/// ids of all that were written.
async fn signed_in(options: &Options, servers: &Servers) -> Arc<Vec<String>> {
    let begun = bff::cookie(&bff::get(&servers.naive, "/begin", &[], "").await);
    let (name, value) = begun.split_once('=').expect("a cookie");
    let naive = Request::new("/auth/session", &FETCH, Some((name, Arc::new(vec![value.to_owned()]))));
    let mut written = Arc::new(vec![servers.signed_in.clone()]);
    for count in &options.sessions {
        let title = format!("`/auth/session`, signed in, {count} sessions");
        if let missing @ 1.. = count.saturating_sub(written.len())
            && (options.full || options.want(&title))
        {
            let begun = Instant::now();
            let new = sessions::fill(&servers.redis, &servers.application.key, missing).await;
            eprintln!("{missing} sessions written in {:.1?}", begun.elapsed());
            written = Arc::new([&**written, &new].concat());
        }
        let ids = Arc::new(written.iter().take(*count).cloned().collect());
        let ours = Request::new("/auth/session", &FETCH, Some((COOKIE, ids)));
        let asked = [
            Asked::new(&servers.plain, ours.clone(), 200),
            Asked::new(&servers.naive, naive.clone(), 200),
            Asked::new(&servers.ours, ours, 200),
        ];
        let scenario = Scenario {
            title,
            asked: with(servers.beside.as_ref(), asked),
            references: &["plain", "naive"],
        };
        let all = Options {
            requests: options.requests.max(count / options.rounds),
            ..options.clone()
        };
        scenario.measure(&all, &servers.redis).await;
    }
    one_at_a_time(options, servers, naive).await;
    with_metrics(options, servers).await;
    written
}

/// How long one client waits that has one connection: nobody else's requests fill the time in which Redis answers.
async fn one_at_a_time(options: &Options, servers: &Servers, naive: Request) {
    let alice = Arc::new(vec![servers.signed_in.clone()]);
    let ours = Request::new("/auth/session", &FETCH, Some((COOKIE, alice)));
    let asked = [
        Asked::new(&servers.plain, ours.clone(), 200),
        Asked::new(&servers.naive, naive, 200),
        Asked::new(&servers.ours, ours, 200),
    ];
    let scenario = Scenario {
        title: "`/auth/session`, signed in, one connection".to_owned(),
        asked: with(servers.beside.as_ref(), asked),
        references: &["plain", "naive"],
    };
    let one = Options {
        connections: 1,
        requests: options.requests / 4,
        ..options.clone()
    };
    scenario.measure(&one, &servers.redis).await;
}

/// The same server twice: without metrics, and with them. They may cost 3 %.
async fn with_metrics(options: &Options, servers: &Servers) {
    let alice = Arc::new(vec![servers.signed_in.clone()]);
    let session = Request::new("/auth/session", &FETCH, Some((COOKIE, alice)));
    let scenario = Scenario {
        title: "`/auth/session`, signed in, with metrics".to_owned(),
        asked: vec![
            Asked::new(&servers.ours, session.clone(), 200),
            Asked::new(&servers.measured, session, 200),
        ],
        references: &["ours"],
    };
    scenario.measure(options, &servers.redis).await;
}

/// What costs no session: a refusal, and the start of a login.
async fn strangers(options: &Options, servers: &Servers) {
    let refusal = Request::new("/profile", &FETCH, None);
    let asked = [
        Asked::new(&servers.plain, refusal.clone(), 401),
        Asked::new(&servers.ours, refusal, 401),
    ];
    let scenario = Scenario {
        title: "refusal of an anonymous `fetch`".to_owned(),
        asked: with(servers.beside.as_ref(), asked),
        references: &["plain"],
    };
    scenario.measure(options, &servers.redis).await;
    login::start(options, servers).await;
}

/// A page, beside the same page of a server without sign-in.
async fn profile(options: &Options, servers: &Servers) {
    let alice = Arc::new(vec![servers.signed_in.clone()]);
    let profile = Request::new("/profile", &NAVIGATE, Some((COOKIE, alice)));
    let asked = [
        Asked::new(&servers.page, profile.clone(), 200),
        Asked::new(&servers.ours, profile, 200),
    ];
    let scenario = Scenario {
        title: "`/profile`, rendered on the server".to_owned(),
        asked: with(servers.beside.as_ref(), asked),
        references: &["page"],
    };
    scenario.measure(options, &servers.redis).await;
}
