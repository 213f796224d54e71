//! The server itself looks at the files.

use super::Files;
use crate::loopback::free_address;
use crate::world::World;
use axum_bff::Bff;
use axum_bff::config::{Config, Source};
use axum_bff::serve::Server;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn key() -> String {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256);
    key.expect("a key").serialize_pem()
}

/// A server of this world as the program runs it, with the clock of the world and this file of client keys.
async fn server(world: &World, keys: &str) -> SocketAddr {
    let address = free_address();
    let mut settings = world.settings();
    settings.push(("BFF_LISTEN".to_owned(), address.to_string()));
    settings.push(("BFF_CLIENT_KEY_FILE".to_owned(), keys.to_owned()));
    let config = Config::read(Source::collect(settings, None)).expect("settings");
    let builder = Bff::builder().settings(config).clock(Arc::new(world.clock.clone()));
    let (bff, application) = crate::application::build(builder).await.expect("it is built");
    let server = Server::start(bff, application).await.expect("it starts");
    tokio::spawn(server.run(std::future::pending()));
    address
}

/// The keys that a server publishes, as text.
async fn published(address: SocketAddr) -> String {
    let mut connection = TcpStream::connect(address).await.expect("connects");
    let request = format!("GET /auth/jwks HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    let reading = tokio::time::timeout(Duration::from_secs(10), connection.read_to_string(&mut answer));
    reading.await.expect("in time").expect("an answer");
    answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned())
        .expect("a body")
}

async fn until_other_keys(world: &World, address: SocketAddr, before: &str) {
    world
        .until("the server looks at its files", async || {
            world.advance(Duration::from_secs(30));
            published(address).await != before
        })
        .await;
}

#[tokio::test]
async fn a_server_takes_a_file_that_was_written_anew() {
    let (world, files) = (World::start().await, Files::new());
    let address = server(&world, &files.write("key.pem", &key())).await;
    let before = published(address).await;
    assert!(before.contains("\"kty\""), "{before}");
    files.write("key.pem", &key());
    until_other_keys(&world, address, &before).await;
}

/// Kubernetes mounts the files of a secret as links: `key.pem` to `..data/key.pem`, and `..data` to a folder with the version.
fn mount(folder: &Path, version: &str, content: &str) {
    let versioned = folder.join(version);
    std::fs::create_dir(&versioned).expect("a folder");
    std::fs::write(versioned.join("key.pem"), content).expect("written");
    symlink(version, folder.join("..data_tmp")).expect("a link");
    std::fs::rename(folder.join("..data_tmp"), folder.join("..data")).expect("in its place");
}

#[tokio::test]
async fn a_server_takes_a_mounted_secret_whose_link_is_swapped() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    mount(folder.path(), "..2026_01_01", &key());
    let path = folder.path().join("key.pem");
    symlink("..data/key.pem", &path).expect("a link");
    let address = server(&world, path.to_str().expect("UTF-8")).await;
    let before = published(address).await;
    mount(folder.path(), "..2026_01_02", &key());
    std::fs::remove_dir_all(folder.path().join("..2026_01_01")).expect("the old version goes");
    until_other_keys(&world, address, &before).await;
}
