//! The program: reads the settings, serves, and ends when it is told to.

use crate::application::Application;
use crate::config::{Config, SettingError, Source, environment, settings};
use crate::serve::Server;
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// A backend-for-frontend that signs people in with OpenID Connect and keeps their tokens.
#[derive(Debug, Parser)]
#[command(name = "bff", version, after_long_help = settings::help(), after_help = "With --help: all settings.")]
struct Arguments {
    /// A TOML file with settings; variables of the environment win over it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Start the development provider in this process and take all settings from it.
    #[cfg(feature = "dev")]
    #[arg(long)]
    development: bool,
}

/// Settings are missing or wrong.
const WRONG_SETTINGS: u8 = 2;

/// Serves an application until SIGINT or SIGTERM, with the command line and the settings of the
/// program `bff` (`--help` lists them). Wants the whole process, and a runtime of many threads:
///
/// ```no_run
/// # fn pages() -> impl leptos::prelude::IntoView {}
/// # const TABLE: app::access::Table = app::access::Table::new(&[]);
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     server::run(server::Application::new(pages, TABLE)).await
/// }
/// ```
pub async fn run(application: Application) -> ExitCode {
    let arguments = Arguments::parse();
    #[cfg(feature = "dev")]
    let development = match crate::development::start(arguments.development).await {
        Ok(development) => development,
        Err(error) => {
            eprintln!("bff: {error}");
            return ExitCode::FAILURE;
        }
    };
    let environment = environment();
    #[cfg(feature = "dev")]
    let environment = match &development {
        Some(development) => development.fill_in(environment),
        None => environment,
    };
    let config = match Config::read(Source::collect(environment, arguments.config.as_deref())) {
        Ok(config) => config,
        Err(errors) => return wrong_settings(&errors),
    };
    crate::telemetry::start(&config.telemetry);
    let public_url = config.http.public_url.origin().to_owned();
    let server = match Server::start(config, application).await {
        Ok(server) => server,
        Err(error) => {
            eprintln!("bff: {error}");
            return ExitCode::FAILURE;
        }
    };
    tracing::info!(code = "started", public_url, "serving");
    #[cfg(feature = "dev")]
    if let Some(development) = &development {
        development.announce(&public_url);
    }
    if let Err(error) = server.run(told_to_end()).await {
        eprintln!("bff: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn wrong_settings(errors: &[SettingError]) -> ExitCode {
    eprintln!(
        "bff: settings that are missing or wrong ({}); `bff --help` explains them all:",
        errors.len()
    );
    for error in errors {
        eprintln!("  {error}");
    }
    ExitCode::from(WRONG_SETTINGS)
}

/// Until SIGINT or SIGTERM.
async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
