//! `bff`: the demonstration.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A request makes some hundred small allocations, many of which another thread gives back: the C library's allocator
/// was a fifth of what a request costs.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    axum_bff::run(server::application).await
}
