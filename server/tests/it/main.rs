//! Integration tests of the demonstration: its pages as the server renders them, its server functions, and the program
//! as a process. The tests in `crates/axum-bff/tests` cover what `axum-bff` does for any application. Both share the
//! module `world`.

// A rendered page is one type, which is nested as deep as its markup.
#![recursion_limit = "256"]

mod administration;
mod below_a_path;
mod bff_process;
#[path = "../../../crates/axum-bff/tests/it/browser.rs"]
mod browser;
mod doctor;
#[path = "../../../crates/axum-bff/tests/it/fapi/setup.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod fapi_setup;
mod flow;
mod guarded;
mod hangup;
mod hashed_files;
mod hostile_text;
mod kept_notes;
mod listeners;
mod log_reader;
mod logged_secrets;
#[path = "../../../crates/axum-bff/tests/loopback/loopback.rs"]
mod loopback;
mod notes;
mod page_policy;
mod provider_certificates;
#[path = "../../../crates/axum-bff/tests/redis/redis.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod redis;
mod server_functions;
mod stranger_connections;
#[path = "../../../crates/axum-bff/tests/it/tls_front.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod tls_front;
mod told;
#[path = "../../../crates/axum-bff/tests/it/world.rs"]
#[expect(dead_code, reason = "the tests of axum-bff use more of it")]
mod world;

/// The application that `world` starts.
mod application {
    pub(crate) use server::application as build;
}
