//! The program: reads the settings, serves, and ends when it is told to.

use crate::application::Application;
use crate::config::{Config, SettingError, SettingWarning, Source, environment, settings};
use crate::descriptors;
use crate::serve::{ServeError, Server};
use clap::{Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// A backend-for-frontend that signs people in with OpenID Connect and keeps their tokens.
#[derive(Debug, Parser)]
#[command(name = "bff", version, after_long_help = settings::help(), after_help = "With --help: all settings.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// A TOML file with settings; variables of the environment win over it.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,

    /// Start the development provider in this process and take all settings from it.
    #[cfg(feature = "dev")]
    #[arg(long, global = true)]
    development: bool,
}

/// What to do other than serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
enum Command {
    /// Look at the settings, the provider and Redis, say what to mend, and end: with status 1 if sign-in cannot work.
    Doctor,
    /// List every page, server function and route of the application, with the rule that decides about it, and end.
    Routes,
}

/// Settings are missing or wrong.
const WRONG_SETTINGS: u8 = 2;

/// Serves an application until SIGINT or SIGTERM, with the command line and the settings of the
/// program `bff` (`--help` lists them). Wants the whole process, and a runtime of many threads:
///
/// ```no_run
/// # fn pages() -> impl leptos::prelude::IntoView {}
/// # const TABLE: bff_contract::access::Table = bff_contract::access::Table::new(&[]);
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
            complain(&format!("bff: {error}"));
            return ExitCode::FAILURE;
        }
    };
    if arguments.command == Some(Command::Routes) {
        let _ = std::io::stdout().write_all(application.route_table().as_bytes());
        return ExitCode::SUCCESS;
    }
    let environment = environment();
    #[cfg(feature = "dev")]
    let environment = match &development {
        Some(development) => development.fill_in(environment),
        None => environment,
    };
    let config = Config::read(Source::collect(environment, arguments.config.as_deref()));
    if arguments.command == Some(Command::Doctor) {
        return Box::pin(crate::doctor::run(config, &application)).await;
    }
    let mut config = match config {
        Ok(config) => config,
        Err(errors) => return wrong_settings(&errors),
    };
    let log = crate::telemetry::start(&config.telemetry);
    for SettingWarning { name, problem } in &config.warnings {
        tracing::warn!(code = "setting_risky", setting = name, "{problem}");
    }
    descriptors::fit(&mut config.http.connections, descriptors::raise());
    #[cfg(feature = "dev")]
    let started = |public_url: &str| {
        if let Some(development) = &development {
            development.announce(public_url);
        }
    };
    #[cfg(not(feature = "dev"))]
    let started = |_: &str| ();
    let code = match Box::pin(serve(config, application, started)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&format!("bff: {error}"));
            ExitCode::FAILURE
        }
    };
    log.flush();
    code
}

/// Serves until it is told to end. `started` is called, with the public URL, once the address is taken.
async fn serve(config: Config, application: Application, started: impl FnOnce(&str)) -> Result<(), ServeError> {
    let public_url = config.http.public_url.origin().to_owned();
    let end = told_to_end().map_err(ServeError::Signals)?;
    let server = Server::start(config, application).await?;
    tracing::info!(code = "started", public_url, "serving");
    started(&public_url);
    server.run(end).await;
    Ok(())
}

fn wrong_settings(errors: &[SettingError]) -> ExitCode {
    use std::fmt::Write;
    let mut text = format!(
        "bff: settings that are missing or wrong ({}); `bff --help` explains them all:",
        errors.len()
    );
    for error in errors {
        let _ = write!(text, "\n  {error}");
    }
    complain(&text);
    ExitCode::from(WRONG_SETTINGS)
}

/// Says on standard error why there is no start. `eprintln!` would panic where nobody takes it.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Ends with SIGINT or SIGTERM. Both are listened for from the call on, not from when somebody awaits it: a server that
/// answers already, and is told to end before, would be killed instead.
#[cfg(unix)]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn told_to_end() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
