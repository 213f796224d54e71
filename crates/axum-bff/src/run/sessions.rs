//! `bff sessions`: lists, shows and ends the sessions of everybody. It talks to Redis itself, with the settings of the server,
//! and needs no server that runs.

mod table;

use super::{complain, said};
use crate::administration::{Administration, AdministrationError, Selected};
use crate::bff::Bff;
use crate::builder::BuildError;
use crate::config::{AuditTarget, Config, StoreSettings, Telemetry};
use crate::error::chain;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// There is no such session.
const NOT_FOUND: u8 = 3;

/// `end --all` without `--yes`.
const NOT_CONFIRMED: u8 = 2;

/// How long the command waits for the provider to revoke the tokens of the ended sessions.
const PATIENCE: Duration = Duration::from_secs(40);

const STATUS: &str = "Exit status: 0 if it is done, 1 if Redis does not answer or sessions are kept in memory, 2 if the command line or a \
                      setting is wrong, 3 if there is no such session.";

/// A command about sessions.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(super) enum SessionsCommand {
    /// List the live sessions, the newest first.
    #[command(after_help = STATUS)]
    List {
        #[command(flatten)]
        of: Of,
        /// How many, from 1 to 200.
        #[arg(long, default_value_t = 50, value_name = "NUMBER")]
        count: usize,
        /// Begin after this place: the one that the page before names at its end.
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one session.
    #[command(after_help = STATUS)]
    Show {
        /// The name of the session, as `list` prints it.
        #[arg(long, value_name = "NAME")]
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// End sessions: open pages say so within a second, the tokens are revoked, and logins under way are overtaken.
    #[command(after_help = STATUS)]
    End {
        #[command(flatten)]
        which: Which,
        /// Confirms `--all`.
        #[arg(long)]
        yes: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Whose sessions are listed.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(multiple = false)]
pub(super) struct Of {
    /// Those of the person with this `sub`.
    #[arg(long, value_name = "SUB")]
    subject: Option<String>,
    /// Those that belong to this session of the provider.
    #[arg(long, value_name = "SID")]
    sid: Option<String>,
}

/// Which sessions end.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// Those of the person with this `sub`.
    #[arg(long, value_name = "SUB")]
    subject: Option<String>,
    /// Those that belong to this session of the provider.
    #[arg(long, value_name = "SID")]
    sid: Option<String>,
    /// The one of this name, as `list` prints it.
    #[arg(long, value_name = "NAME")]
    id: Option<String>,
    /// Those of everybody.
    #[arg(long)]
    all: bool,
}

impl From<Of> for Selected {
    fn from(of: Of) -> Self {
        match (of.subject, of.sid) {
            (Some(subject), _) => Self::Subject(subject),
            (None, Some(sid)) => Self::Sid(sid),
            (None, None) => Self::All,
        }
    }
}

impl From<Which> for Selected {
    /// The command line names exactly one.
    fn from(which: Which) -> Self {
        match (which.subject, which.sid, which.id) {
            (Some(subject), ..) => Self::Subject(subject),
            (None, Some(sid), _) => Self::Sid(sid),
            (None, None, Some(name)) => Self::Name(name),
            (None, None, None) => Self::All,
        }
    }
}

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
enum SessionsError {
    #[error(
        "the sessions are in the memory of another process (BFF_REDIS_URL is memory:), which nobody sees from here"
    )]
    Memory,
    #[error("end --all ends the sessions of everybody; confirm it with --yes")]
    NotConfirmed,
    #[error("there is no such session")]
    NotFound,
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Administration(#[from] AdministrationError),
}

impl SessionsError {
    fn exit(&self) -> ExitCode {
        match self {
            Self::NotConfirmed => ExitCode::from(NOT_CONFIRMED),
            Self::NotFound => ExitCode::from(NOT_FOUND),
            Self::Memory | Self::Build(_) | Self::Administration(_) => ExitCode::FAILURE,
        }
    }
}

/// Carries the command out, and says the exit status.
pub(super) async fn run(mut config: Config, command: SessionsCommand) -> ExitCode {
    // Failures are for the person at the terminal, and the ends themselves are in the answer.
    let log = crate::telemetry::start(&Telemetry {
        filter: "warn".to_owned(),
        ..config.telemetry.clone()
    });
    config.audit.target = audit_target(config.audit.target);
    let answered = Box::pin(answered(config, command)).await;
    log.flush();
    match answered {
        Ok(text) => said(std::io::stdout().write_all(text.as_bytes()).map_err(Into::into)),
        Err(error) => {
            complain(&format!("bff: {}", chain(&error)));
            error.exit()
        }
    }
}

/// Where the audit records of the command go. Standard output is the answer's. A file that the command made would belong to the
/// user of the command, and the server could not append to it.
fn audit_target(of_server: AuditTarget) -> AuditTarget {
    let why = match &of_server {
        AuditTarget::Stdout => "standard output has the answer of the command",
        AuditTarget::File(path) if !path.exists() => "the file is not there, and only the server makes it",
        AuditTarget::Off | AuditTarget::File(_) | AuditTarget::Collector(_) => return of_server,
    };
    tracing::warn!(
        code = "audit_skipped",
        why,
        "the audit gets no record of what this command does"
    );
    AuditTarget::Off
}

async fn answered(config: Config, command: SessionsCommand) -> Result<String, SessionsError> {
    if let SessionsCommand::End { which, yes: false, .. } = &command
        && which.all
    {
        return Err(SessionsError::NotConfirmed);
    }
    if matches!(config.session.store, StoreSettings::Memory) {
        return Err(SessionsError::Memory);
    }
    // Nothing is served, so the path of the public URL does not matter.
    let bff = Bff::builder().settings(config).works_below_a_path().build().await?;
    let answer = acted(&bff.administration(), command).await;
    close(&bff).await;
    answer
}

async fn acted(administration: &Administration, command: SessionsCommand) -> Result<String, SessionsError> {
    match command {
        SessionsCommand::List { of, count, after, json } => {
            let page = administration.list(&of.into(), after.as_deref(), count).await?;
            Ok(if json { as_json(&page) } else { table::page(&page) })
        }
        SessionsCommand::Show { id, json } => {
            let shown = administration.show(&id).await?.ok_or(SessionsError::NotFound)?;
            Ok(if json { as_json(&shown) } else { table::one(&shown) })
        }
        SessionsCommand::End { which, json, .. } => {
            let selected = Selected::from(which);
            let is_one = matches!(selected, Selected::Name(_));
            let ended = administration.end(selected).await?;
            if ended == 0 && is_one {
                return Err(SessionsError::NotFound);
            }
            Ok(if json {
                as_json(&Ended { ended })
            } else {
                format!("ended: {ended}\n")
            })
        }
    }
}

/// How many sessions ended.
#[derive(Serialize)]
struct Ended {
    ended: usize,
}

fn as_json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("structs with string keys");
    text.push('\n');
    text
}

/// The provider gets its time to take the tokens of the ended sessions, and the audit to take its records.
async fn close(bff: &Bff) {
    let done = async {
        bff.revocations.done().await;
        bff.events.done().await;
        bff.events.end().await;
    };
    if tokio::time::timeout(PATIENCE, done).await.is_err() {
        tracing::warn!(
            code = "revocation_cut",
            "some tokens were not revoked, or some records of the audit not written"
        );
    }
    if let Some(redis) = bff.redis() {
        redis.close().await;
    }
}
