//! The program: reads the settings, serves, and ends when it is told to.

mod end;
mod health;
mod keys;
mod look;
mod sessions;

pub use look::{doctor, routes};

use crate::bff::Bff;
use crate::builder::Builder;
use crate::config::{Config, OwnSettings, Source, WrongSettings, environment, settings};
#[cfg(feature = "dev")]
use crate::development::Development;
use crate::doctor::Report;
use crate::error::ApplicationError;
use crate::serve::{ServeError, Server};
use axum::Router;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A backend-for-frontend that signs people in with OpenID Connect and keeps their tokens.
#[derive(Debug, Parser)]
#[command(name = "bff", version, after_help = "With --help: all settings.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// A TOML file with settings. A variable of the environment wins over the file.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,

    /// Start the development provider in this process, and fill in the settings that are not set.
    #[cfg(feature = "dev")]
    #[arg(long, global = true)]
    development: bool,
}

/// A command other than serving.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
enum Command {
    /// Check the settings, the provider and Redis, and list everything to mend. The exit status is 1 if sign-in cannot work.
    Doctor,
    /// List every page, server function and route of the application with its access rule.
    Routes,
    /// List, show and end the sessions of everybody. It needs the Redis of the settings, and no server that runs.
    Sessions {
        #[command(subcommand)]
        command: sessions::SessionsCommand,
    },
    /// Make and check the keys of `BFF_SESSION_KEY`.
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Ask the server whether it lives, within two seconds. The exit status is 0 if it does, and 1 otherwise. It reads
    /// the settings of the listener only.
    Health {
        /// Ask whether it can do its work (/readyz), and not only whether it lives (/livez).
        #[arg(long)]
        ready: bool,
        /// Ask the server at this address, such as <http://127.0.0.1:3000>, and not the one of the settings.
        #[arg(long, value_name = "URL")]
        url: Option<String>,
    },
}

/// Settings are missing or wrong.
const WRONG_SETTINGS: u8 = 2;

/// Serves an application until SIGINT or SIGTERM, with the command line and the settings of the program `bff` (`--help`
/// lists them). It needs the whole process, and a runtime of many threads.
///
/// `application` gets a builder with its settings, and returns the built [`Bff`] and the application's own router.
/// `bff routes` and `bff doctor` call it with settings that reach no provider and no store
/// ([`Config::in_memory`]).
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use axum_bff::{ApplicationError, Bff, Builder, access, access::Table};
///
/// const TABLE: Table = access! { "/" => Public };
///
/// async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
///     let bff = builder.access(TABLE).build().await?;
///     Ok((bff, Router::new().route("/", get(async || "Hello"))))
/// }
///
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     axum_bff::run(application).await
/// }
/// ```
pub async fn run<F, R>(application: F) -> ExitCode
where
    F: FnOnce(Builder) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    Box::pin(run_with(|builder, ()| application(builder))).await
}

/// Serves an application as [`run`] does, with settings of its own beside ours: from the environment, from the file that
/// `--config` names, and listed by `--help`. Their faults are listed together with those of ours.
///
/// `routes` reads them too. `doctor` lists their faults.
///
/// ```no_run
/// use axum::Router;
/// use axum_bff::config::settings::{DefaultValue, Setting};
/// use axum_bff::config::{OwnSettings, Source};
/// use axum_bff::{ApplicationError, Bff, Builder};
///
/// struct ShopSettings {
///     database: String,
/// }
///
/// impl OwnSettings for ShopSettings {
///     const PREFIX: &'static str = "SHOP_";
///     const SETTINGS: &'static [Setting] =
///         &[Setting::new("SHOP_DATABASE", DefaultValue::Value("shop.sqlite"), "The file of the database.")];
///
///     fn read(source: &mut Source) -> Option<Self> {
///         Some(Self { database: source.text("SHOP_DATABASE")? })
///     }
/// }
///
/// async fn application(builder: Builder, settings: ShopSettings) -> Result<(Bff, Router), ApplicationError> {
///     println!("the database is {}", settings.database);
///     Ok((builder.build().await?, Router::new()))
/// }
///
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     axum_bff::run_with(application).await
/// }
/// ```
pub async fn run_with<S, F, R>(application: F) -> ExitCode
where
    S: OwnSettings,
    F: FnOnce(Builder, S) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let arguments = arguments::<S>();
    if let Some(Command::Health { ready, url }) = &arguments.command {
        let source = Source::collect_with::<S>(environment(), arguments.config.as_deref());
        let asked = Box::pin(health::ask(source, url.as_deref(), *ready)).await;
        return said(asked.map_err(Into::into));
    }
    if arguments.command == Some(Command::Routes) {
        let listed = match own_alone(arguments.config.as_deref()) {
            Ok(own) => Box::pin(routes(|builder| application(builder, own))).await,
            Err(errors) => Err(errors.into()),
        };
        let mut out = std::io::stdout();
        return said(listed.and_then(|list| out.write_all(list.as_bytes()).map_err(Into::into)));
    }
    if let Some(Command::Keys { command }) = arguments.command {
        return keys::run(command, arguments.config.as_deref());
    }
    #[cfg(feature = "dev")]
    let development = match crate::development::start(arguments.development).await {
        Ok(development) => development,
        Err(error) => return said(Err(error.into())),
    };
    let environment = environment();
    #[cfg(feature = "dev")]
    let environment = match &development {
        Some(development) => development.fill_in(environment),
        None => environment,
    };
    let config = Config::read_with::<S>(Source::collect_with::<S>(environment, arguments.config.as_deref()));
    if arguments.command == Some(Command::Doctor) {
        let report = match config {
            Ok((config, own)) => Box::pin(doctor(config, |builder| application(builder, own))).await,
            Err(errors) => Ok(WrongSettings(errors).into()),
        };
        return reported(report);
    }
    let (config, own) = match config {
        Ok(read) => read,
        Err(errors) => {
            complain(&format!(
                "bff: {}\n`bff --help` describes every setting",
                WrongSettings(errors)
            ));
            return ExitCode::from(WRONG_SETTINGS);
        }
    };
    if let Some(Command::Sessions { command }) = arguments.command {
        return Box::pin(sessions::run(config, command)).await;
    }
    let application = |builder| application(builder, own);
    let log = crate::telemetry::start(&config.telemetry);
    #[cfg(feature = "otlp")]
    let grace = config.http.shutdown_grace;
    #[cfg(feature = "dev")]
    let started = |public_url: &str| {
        if let Some(development) = &development {
            development.announce(public_url);
        }
    };
    #[cfg(not(feature = "dev"))]
    let started = |_: &str| ();
    let builder = Bff::builder();
    #[cfg(feature = "dev")]
    let builder = builder.memory(development.as_ref().and_then(Development::sessions));
    let served = Box::pin(serve(config, |config| application(builder.settings(config)), started)).await;
    #[cfg(feature = "dev")]
    if let Some(development) = &development {
        development.write_down();
    }
    let code = match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&format!("bff: {error}"));
            ExitCode::FAILURE
        }
    };
    #[cfg(feature = "otlp")]
    log.end_traces(grace).await;
    log.flush();
    code
}

/// The command line. Its help has the settings of the application too.
fn arguments<S: OwnSettings>() -> Arguments {
    let command = Arguments::command().after_long_help(settings::help_with::<S>());
    Arguments::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// The settings of the application alone. Faults in all other settings do not count.
fn own_alone<S: OwnSettings>(file: Option<&Path>) -> Result<S, WrongSettings> {
    let mut source = Source::collect_with::<S>(environment(), file);
    let own = source.own::<S>();
    let (mut errors, _) = source.finish();
    errors.retain(|error| error.name.starts_with(S::PREFIX) && !S::PREFIX.is_empty());
    own.filter(|_| errors.is_empty()).ok_or(WrongSettings(errors))
}

/// Serves until it is told to end. `started` is called, with the public URL, once the address is taken.
async fn serve<F, R>(config: Config, application: F, started: impl FnOnce(&str)) -> Result<(), ApplicationError>
where
    F: FnOnce(Config) -> R,
    R: Future<Output = Result<(Bff, Router), ApplicationError>>,
{
    let public_url = config.http.public_url.to_string();
    let end = end::told().map_err(ServeError::Signals)?;
    let (bff, router) = application(config).await?;
    let server = Server::start(bff, router).await?;
    started(&public_url);
    server.run(end).await;
    Ok(())
}

impl Bff {
    /// Serves the application behind [`Bff::router`] until SIGINT or SIGTERM, and lets the requests under way finish
    /// ([`Server`]).
    ///
    /// # Errors
    ///
    /// A [`ServeError`].
    pub async fn serve(self, application: Router) -> Result<(), ServeError> {
        let end = end::told().map_err(ServeError::Signals)?;
        Server::start(self, application).await?.run(end).await;
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "this is what the person at the terminal waits for")]
fn reported(report: Result<Report, ApplicationError>) -> ExitCode {
    match report {
        Ok(report) => {
            print!("{report}");
            if report.sign_in_can_work() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => said(Err(error)),
    }
}

fn said(outcome: Result<(), ApplicationError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("bff: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes to standard error why there is no start. `eprintln!` would panic if nobody takes it.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
