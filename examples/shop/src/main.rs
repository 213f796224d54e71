//! The server.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    axum_bff::run_with(shop::server::application).await
}
