//! What `deploy/` ships: the sites of the proxies, each in front of three replicas, and the files that no program of these
//! tests reads, by what they promise.
//!
//! `cargo xtask test integration` gets the proxies from Debian's archive and unpacks them below `target`. It leaves out a test
//! whose program cannot be had by its name (`--skip behind_caddy`), and says so. Traefik and Envoy are not in Debian's
//! archive: [`files`] judges the shape of their files, and nothing here runs them.

mod apache;
mod browser;
mod caddy;
mod files;
mod haproxy;
mod image;
#[path = "../../../crates/axum-bff/tests/loopback/loopback.rs"]
mod loopback;
mod manifests;
mod nginx;
mod proxy;
#[path = "../../../crates/axum-bff/tests/redis/redis.rs"]
#[expect(dead_code, reason = "the integration tests use more of it")]
mod redis;
#[path = "../force/replica.rs"]
#[expect(dead_code, reason = "the proof by force uses more of it")]
mod replica;
mod three_replicas;
mod upstream;
mod walk;
mod world;
mod yaml;
