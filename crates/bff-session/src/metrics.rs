//! Commands to Redis: counted, timed, and each a span (`store_command`) of a trace.
//!
//! A recorder of the facade `metrics` gives the counters and histograms once, with the store
//! ([`RedisStore::with_recorder`](crate::store::RedisStore::with_recorder)). A command formats no label. Both labels are closed
//! enumerations.

use ::metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use std::sync::Arc;
use tokio::time::Instant;
use tracing::{Instrument, field};

/// The counter of commands to Redis, with the labels `operation` ([`StoreCommand::name`]) and `outcome`: `ok` or `failed`.
pub const COMMANDS: &str = "bff_store_commands_total";

/// The histogram of the time until Redis has answered, in seconds, with the label `operation`.
pub const COMMAND_DURATION: &str = "bff_store_command_duration_seconds";

/// The values of the label `outcome`.
pub const OUTCOMES: [&str; 2] = ["ok", "failed"];

const METADATA: Metadata<'static> = Metadata::new("bff_session", Level::INFO, None);

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A kind of command to the store: a single command, or a script that Redis runs as one.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum StoreCommand {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl StoreCommand {
            /// Every kind, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The value of the label `operation`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

commands! {
    /// Reads a session's record: the one command of most requests.
    Read = "read",
    /// Stores a new record.
    Create = "create",
    /// Changes a record that has not been changed meanwhile.
    Replace = "replace",
    /// Ends a session.
    End = "end",
    /// Reads what is left of a session that has ended, and takes it away.
    Remains = "remains",
    /// Marks a login as used.
    Spend = "spend",
    /// Reads whether a login is used.
    IsSpent = "is_spent",
    /// Notes the session that a browser has.
    Hold = "hold",
    /// Reads the tokens of a session.
    Tokens = "tokens",
    /// Stores the tokens of a new session.
    CreateTokens = "create_tokens",
    /// Asks for the lease of a refresh.
    BeginRefresh = "begin_refresh",
    /// Keeps the lease.
    RenewLease = "renew_lease",
    /// Stores the new tokens, and gives the lease back.
    FinishRefresh = "finish_refresh",
    /// Gives the lease back.
    AbandonRefresh = "abandon_refresh",
    /// Enters a session into the index.
    Enter = "enter",
    /// Reads a part of the index.
    Members = "members",
    /// Takes sessions out of the index.
    Leave = "leave",
    /// Notes that everything under a key of the index is over.
    Retire = "retire",
    /// Reads that note.
    Retired = "retired",
    /// Enters a session into the list of all.
    List = "list",
    /// Reads a part of the list of all.
    Listed = "listed",
    /// Takes sessions out of the list of all.
    Unlist = "unlist",
    /// Asks whether a session could be begun and ended.
    Readiness = "readiness",
}

/// The counters and histograms of the commands to one Redis. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct StoreCommands(Arc<[Handles]>);

#[derive(Debug)]
struct Handles {
    duration: Histogram,
    outcomes: [Counter; OUTCOMES.len()],
}

impl StoreCommands {
    pub(crate) fn new(recorder: &dyn Recorder) -> Self {
        let commands = StoreCommand::ALL.iter();
        Self(commands.map(|command| Handles::new(recorder, *command)).collect())
    }

    /// One command: its span, its duration and its outcome. A command that is dropped before its end is not counted.
    pub(crate) async fn measure<T, E>(
        &self,
        command: StoreCommand,
        answering: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let span = tracing::debug_span!("store_command", operation = command.name(), outcome = field::Empty);
        let begun = Instant::now();
        let answer = answering.instrument(span.clone()).await;
        let outcome = usize::from(answer.is_err());
        span.record("outcome", OUTCOMES[outcome]);
        let handles = &self.0[command as usize];
        handles.duration.record(begun.elapsed());
        handles.outcomes[outcome].increment(1);
        answer
    }
}

impl Handles {
    fn new(recorder: &dyn Recorder, command: StoreCommand) -> Self {
        let operation = Label::from_static_parts("operation", command.name());
        let duration = Key::from_parts(COMMAND_DURATION, vec![operation.clone()]);
        Self {
            duration: recorder.register_histogram(&duration, &METADATA),
            outcomes: OUTCOMES.map(|outcome| {
                let outcome = Label::from_static_parts("outcome", outcome);
                let key = Key::from_parts(COMMANDS, vec![operation.clone(), outcome]);
                recorder.register_counter(&key, &METADATA)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StoreCommand;

    #[test]
    fn each_command_has_the_place_of_its_declaration_and_a_name_of_its_own() {
        for (place, command) in StoreCommand::ALL.iter().enumerate() {
            assert_eq!(*command as usize, place, "{command:?}");
            let same = StoreCommand::ALL.iter().filter(|other| other.name() == command.name());
            assert_eq!(same.count(), 1, "{command:?}");
        }
    }
}
