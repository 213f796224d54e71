//! `bff`: the pages of the `app` crate, served.

// A rendered page is one type, nested as deep as its markup.
#![recursion_limit = "256"]

use app::access::TABLE;
use mimalloc::MiMalloc;
use server::Application;
use std::process::ExitCode;

/// A request makes some hundred small allocations, many of which another thread gives back: the C library's allocator
/// was a fifth of what a request costs.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::run(Application::new(app::App, TABLE)).await
}
