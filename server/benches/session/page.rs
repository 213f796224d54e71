//! How long one client waits for a page: for its first byte and for its last.

use super::bff::{COOKIE, NAVIGATE};
use super::connection::Connection;
use super::load::{Request, Sample};
use super::process::Server;
use super::report::micros;
use super::servers::Servers;
use crate::Options;
use std::sync::Arc;
use std::time::Instant;

const TITLE: &str = "`/profile`, one client";

/// How often the servers take turns, and how many requests each gets in a turn.
const TURNS: (usize, usize) = (5, 400);

/// How long each request took to either byte.
#[derive(Default)]
struct Waited {
    first: Sample,
    last: Sample,
}

/// One request after the other over one kept connection, to the page and to the same without sign-in.
pub(crate) async fn first_and_last_byte(options: &Options, servers: &Servers) {
    if !options.want(TITLE) {
        return;
    }
    let alice = Arc::new(vec![servers.signed_in.clone()]);
    let request = Request::new("/profile", &NAVIGATE, Some((COOKIE, alice)));
    let mut asked = Vec::new();
    for server in [&servers.page, &servers.ours] {
        let mut connection = Connection::open(server.address).await;
        turn(&mut connection, &request, &mut Waited::default()).await;
        asked.push((server, connection, Waited::default()));
    }
    for _ in 0..TURNS.0 {
        for (_, connection, waited) in &mut asked {
            turn(connection, &request, waited).await;
        }
    }
    println!("\n### {TITLE}, {} requests one after the other\n", TURNS.0 * TURNS.1);
    println!("| server | first byte, p50 | p99 | last byte, p50 | p99 |\n|---|--:|--:|--:|--:|");
    for (server, _, waited) in &asked {
        print(server, waited);
    }
}

async fn turn(connection: &mut Connection, request: &Request, waited: &mut Waited) {
    let mut bytes = Vec::new();
    request.write(0, &mut bytes);
    for _ in 0..TURNS.1 {
        let sent = Instant::now();
        let answer = connection.send(&bytes).await.expect("an answer");
        waited.last.latencies.push(sent.elapsed());
        waited.first.latencies.push(answer.begun - sent);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(answer.body));
    }
}

fn print(server: &Server, Waited { first, last }: &Waited) {
    let [p50, p99, whole_p50, whole_p99] =
        [(first, 50), (first, 99), (last, 50), (last, 99)].map(|(sample, percent)| micros(sample.percentile(percent)));
    println!(
        "| {} | {p50:.0} µs | {p99:.0} µs | {whole_p50:.0} µs | {whole_p99:.0} µs |",
        server.name
    );
}
