//! Running other programs: their output is shown, and a failure names the whole line.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Runs a program that shares this terminal, and waits for it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| not_started(command))?;
    succeeded(command, status)
}

/// Runs a program whose standard output is shown and kept in a file as well.
pub(crate) fn run_kept(command: &mut Command, file: &Path) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| not_started(command))?;
    let kept = child.stdout.take().map_or(Ok(()), |output| keep(output, file));
    let status = child.wait().with_context(|| not_started(command))?;
    kept.with_context(|| file.display().to_string())?;
    succeeded(command, status)
}

/// Runs a program beside another one. Its output is kept in a file, and shown as a whole at the end, so that the lines of
/// the two do not mix.
pub(crate) fn run_beside(command: &mut Command, file: &Path) -> Result<()> {
    let at = || file.display().to_string();
    file.parent().map_or(Ok(()), fs::create_dir_all).with_context(at)?;
    let output = File::create(file).with_context(at)?;
    let errors = output.try_clone().with_context(at)?;
    let status = command.stdin(Stdio::null()).stdout(output).stderr(errors).status();
    let status = status.with_context(|| not_started(command))?;
    let kept = fs::read(file).with_context(at)?;
    // A terminal that has gone does not end the tests.
    let _ = io::stdout().write_all(&kept);
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
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| not_started(command))?;
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
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command.spawn().with_context(|| not_started(command))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return succeeded(command, status),
            Ok(None) if started.elapsed() < limit => std::thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                // Both fail only where the child has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                bail!(
                    "`{}` did not finish within {} s and was ended",
                    line(command),
                    limit.as_secs()
                );
            }
            Err(error) => return Err(error).with_context(|| not_started(command)),
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

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        Ok(())
    } else {
        bail!("`{}` failed ({status})", line(command))
    }
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started", line(command))
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
    #[cfg(unix)]
    fn a_program_beside_another_leaves_its_output_and_its_errors_in_the_file() {
        let folder = std::env::temp_dir().join(format!("xtask-beside-{}", std::process::id()));
        let file = folder.join("output.txt");
        let error = run_beside(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"]), &file)
            .expect_err("the program reports a failure");
        assert!(error.to_string().contains("exit status: 3"), "{error}");
        assert_eq!(fs::read_to_string(&file).expect("a file"), "one\ntwo\n");
        fs::remove_dir_all(folder).expect("the folder");
    }

    #[test]
    fn a_program_that_is_not_there_is_told_from_one_that_fails() {
        let error = run(&mut Command::new("no-such-program-anywhere")).expect_err("there is no such program");
        assert_eq!(error.to_string(), "`no-such-program-anywhere` could not be started");
    }

    #[test]
    #[cfg(unix)]
    fn a_program_that_takes_too_long_is_ended() {
        let started = Instant::now();
        let error = run_within(Command::new("sleep").arg("30"), Duration::from_millis(100))
            .expect_err("the program sleeps longer than its time limit");
        assert!(error.to_string().contains("did not finish within"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
