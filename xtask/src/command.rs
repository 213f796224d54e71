//! Running other programs: their output is shown, and a failure names the whole line.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Why another program did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// The program is not there, or the system refused to start it.
    #[error("`{line}` could not be started: {source}")]
    NotStarted {
        /// The program with its arguments.
        line: String,
        /// The system's error.
        source: io::Error,
    },
    /// It ran and reported failure; its output is above, on the terminal.
    #[error("`{line}` failed ({status})")]
    Failed {
        /// The program with its arguments.
        line: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// Its output could not be written to the file that keeps it.
    #[error("{}: {source}", file.display())]
    NotKept {
        /// The file.
        file: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// It was ended because it took too long.
    #[error("`{line}` did not finish within {} s and was ended", limit.as_secs())]
    TooSlow {
        /// The program with its arguments.
        line: String,
        /// How long it was given.
        limit: Duration,
    },
}

/// Runs a program that shares this terminal, and waits for it.
pub(crate) fn run(command: &mut Command) -> Result<(), CommandError> {
    let status = command.status().map_err(|source| not_started(command, source))?;
    succeeded(command, status)
}

/// Runs a program whose standard output is shown and kept in a file as well.
pub(crate) fn run_kept(command: &mut Command, file: &Path) -> Result<(), CommandError> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| not_started(command, source))?;
    let kept = child.stdout.take().map_or(Ok(()), |output| keep(output, file));
    let status = child.wait().map_err(|source| not_started(command, source))?;
    kept.map_err(|source| CommandError::NotKept {
        file: file.to_owned(),
        source,
    })?;
    succeeded(command, status)
}

/// Copies a program's output to this one's, line by line, and to `file`. The program's output is read to its end even when
/// the file cannot be written, so that the program is not held up.
fn keep(output: impl Read, file: &Path) -> io::Result<()> {
    let mut kept = Vec::new();
    for line in BufReader::new(output).split(b'\n') {
        let mut line = line?;
        line.push(b'\n');
        // A terminal that has gone does not end the tests.
        let _ = io::stdout().write_all(&line);
        kept.extend(line);
    }
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(file, kept)
}

/// Runs a program and returns its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, CommandError> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| not_started(command, source))?;
    succeeded(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program can be started and reports success; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a program that shares this terminal, and ends it after `limit`.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<(), CommandError> {
    let mut child = command.spawn().map_err(|source| not_started(command, source))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return succeeded(command, status),
            Ok(None) if started.elapsed() < limit => std::thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                // Both fail only where the child has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return Err(CommandError::TooSlow {
                    line: line(command),
                    limit,
                });
            }
            Err(source) => return Err(not_started(command, source)),
        }
    }
}

/// The first file of this name in the folders of `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// The program and its arguments as one would type them.
fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), CommandError> {
    if status.success() {
        Ok(())
    } else {
        Err(CommandError::Failed {
            line: line(command),
            status,
        })
    }
}

fn not_started(command: &Command, source: io::Error) -> CommandError {
    CommandError::NotStarted {
        line: line(command),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_line_that_was_run() {
        let error = run(Command::new("cargo")
            .args(["--no-such-option-anywhere"])
            .stderr(Stdio::null()))
        .expect_err("cargo has no such option");
        assert!(
            error
                .to_string()
                .starts_with("`cargo --no-such-option-anywhere` failed"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_told_from_one_that_fails() {
        let error = run(&mut Command::new("no-such-program-anywhere")).expect_err("there is no such program");
        assert!(matches!(error, CommandError::NotStarted { .. }), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_program_that_takes_too_long_is_ended() {
        let started = Instant::now();
        let error = run_within(Command::new("sleep").arg("30"), Duration::from_millis(100))
            .expect_err("the program sleeps longer than its time limit");
        assert!(matches!(error, CommandError::TooSlow { .. }), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
