//! Looks at the files again and again, and listens for SIGHUP.

use crate::bff::Bff;
use std::io;
use time::Duration;

/// How often the files are looked at.
const EVERY: Duration = Duration::seconds(30);

/// Reads the settings again whenever a file has changed or somebody says so. Never ends.
pub(crate) async fn watch(bff: Bff, mut hangups: Hangups) {
    loop {
        let next = bff.clock.now() + EVERY;
        // The outcome is in the log.
        tokio::select! {
            () = bff.clock.sleep_until(next) => drop(bff.reload_changed().await),
            () = hangups.next() => drop(bff.reload().await),
        }
    }
}

/// The signals SIGHUP to this process.
#[derive(Debug)]
pub(crate) struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Listens from now on. Where standard input is a terminal, SIGHUP says that the terminal is gone, and ends the process as
    /// usual.
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use std::io::IsTerminal;
        use tokio::signal::unix::{SignalKind, signal};
        if io::stdin().is_terminal() {
            return Ok(Self { signal: None });
        }
        let signal = Some(signal(SignalKind::hangup())?);
        Ok(Self { signal })
    }

    /// There is no such signal here.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        std::future::pending::<()>().await;
    }
}
