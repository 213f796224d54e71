//! A file or standard output. A thread of its own writes: a disk that hangs and a pipe that nobody reads hold up neither a
//! request nor the end of the process.

use super::AuditError;
use super::file::AuditFile;
use super::target::WriteError;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use tokio::sync::oneshot;

/// How many lines were written, and why no more.
type Outcome = Result<(), (usize, io::Error)>;

enum Job {
    Write(Vec<Arc<str>>, oneshot::Sender<Outcome>),
    Reopen,
}

enum Sink {
    File(AuditFile),
    Stdout(Box<dyn Write + Send>),
}

impl Sink {
    fn write(&mut self, lines: &[Arc<str>]) -> Outcome {
        match self {
            Self::File(file) => file.write(lines),
            Self::Stdout(stdout) => {
                for (written, line) in lines.iter().enumerate() {
                    let outcome = stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush());
                    outcome.map_err(|error| (written, error))?;
                }
                Ok(())
            }
        }
    }

    fn run(mut self, jobs: &mpsc::Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            match (job, &mut self) {
                (Job::Write(lines, answer), sink) => _ = answer.send(sink.write(&lines)),
                (Job::Reopen, Self::File(file)) => file.reopen(),
                (Job::Reopen, Self::Stdout(_)) => {}
            }
        }
    }
}

/// The way to the thread that writes.
#[derive(Debug)]
pub(super) struct Local {
    jobs: mpsc::Sender<Job>,
    #[cfg(unix)]
    hangups: Option<tokio::signal::unix::Signal>,
}

impl Local {
    /// Standard output.
    pub(super) fn stdout() -> Result<Self, AuditError> {
        Self::begin(Sink::Stdout(standard_output()))
    }

    /// A file, which is made if it is not there. SIGHUP has it opened anew.
    pub(super) fn file(path: PathBuf) -> Result<Self, AuditError> {
        let local = Self::begin(Sink::File(AuditFile::open(path)?))?;
        #[cfg(unix)]
        let local = {
            use tokio::signal::unix::{SignalKind, signal};
            let hangups = signal(SignalKind::hangup()).map_err(|error| AuditError::System(Arc::new(error)))?;
            Self {
                hangups: Some(hangups),
                ..local
            }
        };
        Ok(local)
    }

    fn begin(sink: Sink) -> Result<Self, AuditError> {
        let (jobs, arriving) = mpsc::channel();
        thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || sink.run(&arriving))
            .map_err(|error| AuditError::System(Arc::new(error)))?;
        Ok(Self {
            jobs,
            #[cfg(unix)]
            hangups: None,
        })
    }

    pub(super) async fn write(&mut self, lines: Vec<Arc<str>>) -> Result<(), (usize, WriteError)> {
        let (answer, answered) = oneshot::channel();
        if self.jobs.send(Job::Write(lines, answer)).is_err() {
            return Err((0, WriteError::ThreadGone));
        }
        match answered.await {
            Ok(outcome) => outcome.map_err(|(written, error)| (written, error.into())),
            Err(_) => Err((0, WriteError::ThreadGone)),
        }
    }

    /// Resolves at the next SIGHUP, and has the file opened anew.
    #[cfg(unix)]
    pub(super) async fn reopened(&mut self) {
        let hung_up = match &mut self.hangups {
            Some(hangups) => hangups.recv().await,
            None => None,
        };
        match hung_up {
            Some(()) => _ = self.jobs.send(Job::Reopen),
            None => std::future::pending().await,
        }
    }

    #[cfg(not(unix))]
    pub(super) async fn reopened(&mut self) {
        std::future::pending().await
    }
}

/// Standard output without the lock of the standard library, which a write to a full pipe would hold.
#[cfg(unix)]
fn standard_output() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(io::stdout()),
    }
}

#[cfg(not(unix))]
fn standard_output() -> Box<dyn Write + Send> {
    Box::new(io::stdout())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, PoisonError};

    /// A standard output that takes so many lines, and keeps them.
    #[derive(Clone)]
    struct Output {
        room: usize,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Some(room) = self.room.checked_sub(1) else {
                return Err(io::ErrorKind::BrokenPipe.into());
            };
            self.room = room;
            self.taken.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn standard_output_gets_a_line_for_each_record_and_an_error_counts_those_before() {
        let output = Output {
            room: 2,
            taken: Arc::default(),
        };
        let mut local = Local::begin(Sink::Stdout(Box::new(output.clone()))).expect("a thread");
        let lines: Vec<Arc<str>> = vec!["{1}\n".into(), "{2}\n".into(), "{3}\n".into()];
        let written = local.write(lines).await;
        assert!(matches!(written, Err((2, WriteError::Io(_)))), "{written:?}");
        let taken = output.taken.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(*taken, b"{1}\n{2}\n");
    }
}
