//! `bff`: the demonstration.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A request makes some hundred small allocations, and another thread frees many of them: the C library's allocator
/// took a fifth of the cost of a request.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    axum_bff::run(server::application).await
}
