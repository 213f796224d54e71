//! A Unix socket.

use super::health;
use crate::bff_process::{Running, complete, said};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(20);

fn listen(path: &Path) -> String {
    format!("unix:{}", path.display())
}

/// Starts `bff` on this socket, and waits until it accepts connections.
fn start(path: &Path) -> Running {
    let mut command = complete(&listen(path));
    let process = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let running = Running {
        process,
        address: listen(path),
    };
    let begun = Instant::now();
    while UnixStream::connect(path).is_err() {
        assert!(begun.elapsed() < LONG, "bff did not come up");
        std::thread::sleep(Duration::from_millis(10));
    }
    running
}

fn get(path: &Path, target: &str) -> String {
    let mut connection = UnixStream::connect(path).expect("connects");
    connection.set_read_timeout(Some(LONG)).expect("a bound");
    let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_unix_socket_is_served_and_its_file_goes_with_the_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bff.sock");
    let address = listen(&path);
    let settings = [("BFF_LISTEN", address.as_str())];
    let mut bff = start(&path);
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    assert!(get(&path, "/livez").starts_with("HTTP/1.1 200"));
    assert!(get(&path, "/").starts_with("HTTP/1.1 200"));
    assert_eq!(health(&settings, &[]), Some(0));
    assert_eq!(health(&settings, &["--ready"]), Some(0));
    bff.ends_at_sigterm();
    assert!(!path.exists());
    assert_eq!(health(&settings, &[]), Some(1));
}

#[test]
fn a_second_process_is_refused_and_one_after_a_crash_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bff.sock");
    let mut first = start(&path);
    let second = complete(&listen(&path)).output().expect("runs");
    assert_eq!(second.status.code(), Some(1));
    let said = said(&second);
    assert!(
        said.contains(&listen(&path)) && said.contains("another process listens"),
        "{said}"
    );
    assert!(
        get(&path, "/livez").starts_with("HTTP/1.1 200"),
        "the first one goes on"
    );
    first.process.kill().expect("killed");
    first.process.wait().expect("ended");
    assert!(path.exists(), "a crash leaves the file");
    let _third = start(&path);
    assert!(get(&path, "/livez").starts_with("HTTP/1.1 200"));
}

/// A half head on a Unix socket has the bound of one on TCP.
#[test]
fn strangers_on_a_unix_socket_have_the_same_bounds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bff.sock");
    let mut command = complete(&listen(&path));
    command.env("BFF_HEAD_TIMEOUT", "300ms");
    let process = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let _bff = Running {
        process,
        address: listen(&path),
    };
    let begun = Instant::now();
    let mut half = loop {
        match UnixStream::connect(&path) {
            Ok(connection) => break connection,
            Err(error) => assert!(begun.elapsed() < LONG, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    half.set_read_timeout(Some(LONG)).expect("a bound");
    half.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n").expect("sent");
    let begun = Instant::now();
    let _ = half.read_to_end(&mut Vec::new());
    assert!(begun.elapsed() < LONG);
}
