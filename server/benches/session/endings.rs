//! How soon a session that has ended is gone.

use super::bff::{COOKIE, FETCH};
use super::connection::Connection;
use super::load::Request;
use super::process::Server;
use super::sessions::Writer;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a session that another replica has ended is still answered from the local copy.
pub(crate) async fn gone_after(copying: &Server, writer: &Writer) {
    const TIMES: usize = 200;
    let mut delays = Vec::with_capacity(TIMES);
    for number in 0..TIMES {
        let id = writer.establish(10_000_000 + number).await;
        let request = Request::new(
            "/auth/session",
            &FETCH,
            Some((COOKIE, Arc::new(vec![id.to_text().to_string()]))),
        );
        let (mut connection, mut bytes) = (Connection::open(copying.address).await, Vec::new());
        request.write(0, &mut bytes);
        // Twice: the second answer is from the copy.
        for _ in 0..2 {
            let answer = connection.send(&bytes).await.expect("an answer");
            assert!(answer.body.starts_with(b"{\"status\":\"active\""));
        }
        writer.end(&id).await;
        let ended = Instant::now();
        while connection
            .send(&bytes)
            .await
            .expect("an answer")
            .body
            .starts_with(b"{\"status\":\"active\"")
        {
            assert!(ended.elapsed() < Duration::from_secs(5), "it does not end");
        }
        delays.push(ended.elapsed());
    }
    delays.sort_unstable();
    println!("\n### A session ended by another replica is gone from the local copy, after that one's answer\n");
    println!(
        "- {TIMES} times: median {:.1?}, p99 {:.1?}, longest {:.1?} (the answer that says so included)",
        delays[TIMES / 2],
        delays[TIMES * 99 / 100],
        delays[TIMES - 1]
    );
}
