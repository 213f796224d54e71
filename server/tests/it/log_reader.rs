//! The server goes on even if nobody reads its log, or if the log cannot be written.

use crate::bff_process::Running;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

const LOUD: [(&str, &str); 1] = [("BFF_LOG", "debug")];
/// Each request leaves a line of some hundred bytes. This many lines are more than a pipe holds.
const REQUESTS: usize = 600;

fn answers(bff: &Running) {
    for _ in 0..REQUESTS {
        assert!(bff.get("/auth/session").starts_with("HTTP/1.1 200"));
    }
    assert!(bff.get("/livez").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_log_that_nobody_reads_stops_neither_requests_nor_the_end() {
    let mut bff = Running::start_logging(&LOUD, Stdio::piped());
    answers(&bff);
    bff.ends_at_sigterm();
}

#[test]
fn a_log_that_cannot_be_written_stops_neither_requests_nor_the_end() {
    let full = File::options().write(true).open("/dev/full").expect("a device");
    let mut bff = Running::start_logging(&LOUD, full.into());
    answers(&bff);
    bff.ends_at_sigterm();
    let mut bff = Running::start_logging(&LOUD, Stdio::piped());
    drop(bff.process.stderr.take());
    answers(&bff);
    bff.ends_at_sigterm();
}

#[test]
fn lost_log_lines_are_counted_and_said_when_the_log_is_read_again() {
    let mut bff = Running::start_logging(&LOUD, Stdio::piped());
    // These are more lines than the pipe and the two buffers behind it hold.
    for _ in 0..12 {
        answers(&bff);
    }
    let log = BufReader::new(bff.process.stderr.take().expect("a pipe"));
    let told = std::thread::spawn(move || {
        let lines = log.lines().map_while(Result::ok);
        let lost: Vec<u64> = lines
            .filter(|line| line.contains("\"code\":\"log_lines_lost\""))
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok()?["count"].as_u64())
            .collect();
        lost
    });
    bff.ends_at_sigterm();
    let lost = told.join().expect("reads");
    assert!(lost.iter().sum::<u64>() > 0, "{lost:?}");
}
