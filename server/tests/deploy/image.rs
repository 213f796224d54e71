//! `deploy/Dockerfile` is read here and not built, because no test has a container tool. The files of the image are put
//! together and run as the root of a namespace.

use crate::loopback::free_address;
use crate::proxy::{read, root};
use bff_session::key_ring::KeyRing;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = "/opt/bff/bff";

/// Distroless images have the certificate authorities at the same place as Debian.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The instructions of the Dockerfile, by stage.
fn stages() -> Vec<Vec<(String, String)>> {
    let text = read("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut stages: Vec<Vec<(String, String)>> = Vec::new();
    for line in lines {
        let (instruction, rest) = line.split_once(' ').expect("an instruction");
        if instruction == "FROM" {
            stages.push(Vec::new());
        }
        let stage = stages.last_mut().expect("a stage");
        stage.push((instruction.to_owned(), rest.trim().to_owned()));
    }
    stages
}

fn values<'a>(stage: &'a [(String, String)], instruction: &str) -> Vec<&'a str> {
    let found = stage.iter().filter(|(name, _)| name == instruction);
    found.map(|(_, value)| value.as_str()).collect()
}

/// The words of the exec form, a list in JSON. The shell form is none.
fn words(value: &str) -> Vec<String> {
    serde_json::from_str(value).unwrap_or_else(|_| panic!("{value} is not in the exec form"))
}

#[test]
fn the_image_has_no_root_no_shell_and_a_check_by_the_binary() {
    let stages = stages();
    let image = stages.last().expect("a stage");
    let user = values(image, "USER").concat();
    let numbers: Vec<u32> = user.split(':').map(|id| id.parse().expect("a number")).collect();
    assert!(numbers.len() == 2 && !numbers.contains(&0), "{user}");
    assert!(values(image, "FROM").concat().contains("distroless"));
    assert!(values(image, "RUN").is_empty(), "there is no shell to run anything");
    assert_eq!(words(values(image, "ENTRYPOINT")[0]), [BINARY]);
    let check = values(image, "HEALTHCHECK").concat();
    let (_, command) = check.split_once("CMD ").expect("a command");
    assert_eq!(words(command), [BINARY, "health"]);
    assert!(values(image, "VOLUME").is_empty(), "the server writes no file");
}

#[test]
fn the_image_is_made_by_the_projects_own_command_from_files_that_exist() {
    let stages = stages();
    let (build, image) = (&stages[0], stages.last().expect("a stage"));
    assert_eq!(words(values(build, "RUN")[0]), ["cargo", "xtask", "build"]);
    let toolchain = std::fs::read_to_string(root().join("rust-toolchain.toml")).expect("a file");
    let version = values(build, "FROM").concat();
    let version = version
        .trim_start_matches("rust:")
        .split('-')
        .next()
        .unwrap_or_default();
    assert!(
        toolchain.contains(version),
        "{version} is not the compiler of {toolchain}"
    );
    let mut from_build = Vec::new();
    for copy in values(image, "COPY") {
        let mut paths: Vec<&str> = copy.split(' ').collect();
        paths.pop().expect("a target");
        if paths.first() == Some(&"--from=build") {
            from_build.extend(paths.into_iter().skip(1).map(str::to_owned));
        } else {
            assert!(paths.iter().all(|path| root().join(path).exists()), "{copy}");
        }
    }
    // What `cargo xtask build` writes.
    assert_eq!(from_build, ["/src/dist/bff", "/src/dist/site"]);
}

/// The files of the image: the binary, the libraries that it names, and the certificate authorities.
fn assemble(tree: &Path) {
    let copy = |from: &Path, to: &str| {
        let to = tree.join(to.trim_start_matches('/'));
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        std::fs::copy(from, to).expect("copied");
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_bff"));
    copy(binary, BINARY);
    let listed = Command::new("ldd").arg(binary).output().expect("ldd runs");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for library in listed.split_whitespace().filter(|word| word.starts_with('/')) {
        copy(Path::new(library), library);
    }
    copy(Path::new(AUTHORITIES), AUTHORITIES);
    for folder in ["opt/bff/site", "dev"] {
        std::fs::create_dir_all(tree.join(folder)).expect("a folder");
    }
}

struct Contained(Child);

impl Drop for Contained {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The binary as the image starts it, with these arguments. Its root is the tree, which it cannot write.
fn contained(tree: &Path, address: SocketAddr, arguments: &[&str]) -> Command {
    let script = "root=\"$1\"; shift; mount --rbind \"$root\" \"$root\" && mount -o remount,ro,bind \"$root\" \
                  && exec chroot \"$root\" /opt/bff/bff \"$@\"";
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-ec", script, "sh"])
        .arg(tree)
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("BFF_LISTEN", address.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Starts the server. `--skip in_a_root_of_its_own` leaves the test out by name, where the system gives no namespaces.
fn start(tree: &Path, address: SocketAddr) -> Contained {
    let process = contained(tree, address, &[])
        .envs([
            ("BFF_PUBLIC_URL", "https://app.example.com"),
            ("BFF_ISSUER", "https://op.example.com"),
            ("BFF_CLIENT_ID", "bff"),
            ("BFF_CLIENT_SECRET", "secret"),
            ("BFF_REDIS_URL", "memory:"),
            ("BFF_SESSION_KEY", KeyRing::new_key().as_str()),
        ])
        .spawn();
    Contained(process.expect("unshare runs"))
}

/// Whether the check of the image says that the server is well.
fn is_healthy(tree: &Path, address: SocketAddr) -> bool {
    let status = contained(tree, address, &["health"]).stderr(Stdio::null()).status();
    status.expect("unshare runs").success()
}

#[test]
fn the_files_of_the_image_serve_in_a_root_of_its_own_that_cannot_be_written() {
    let tree = tempfile::tempdir().expect("a folder");
    assemble(tree.path());
    let address = free_address();
    let mut server = start(tree.path(), address);
    let begun = Instant::now();
    let mut connection = loop {
        if let Ok(connection) = TcpStream::connect(address) {
            break connection;
        }
        let has_ended = server.0.try_wait().expect("waits").is_some();
        let is_late = begun.elapsed() > Duration::from_secs(20);
        assert!(!has_ended && !is_late, "bff did not come up in a root of its own");
        std::thread::sleep(Duration::from_millis(20));
    };
    connection
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a bound");
    connection
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n")
        .expect("sent");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(is_healthy(tree.path(), address));
    drop(server);
    assert!(!is_healthy(tree.path(), address), "nothing listens any more");
}
