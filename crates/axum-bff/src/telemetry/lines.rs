//! Log lines on their way out: no request waits for the reader of the log, or fails with it.
//!
//! Lines gather in a buffer with a bound, and a thread of its own writes them. A full pipe, a full disk or a reader that has
//! gone costs lines and nothing else. Lost lines are counted, and the count becomes a line once writing works again.
//!
//! tracing-appender has such a thread too. It does not count a line whose write fails, and at its end it may `println!`: that
//! blocks on a full pipe and panics on a closed one.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most that may wait to be written, in bytes; as much again may be on its way.
const WAITING: usize = 1024 * 1024;
/// After a write, lines gather for so long before the next one. A request under load wakes nobody for its line: to wake a
/// thread costs as much as to put the line together.
const GATHER: Duration = Duration::from_millis(5);
/// A pipe that another process has made non-blocking is tried again after this.
const AGAIN: Duration = Duration::from_millis(20);

/// The way of the lines. Each clone leads to the same place.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Arc<Way>);

#[derive(Debug, Default)]
struct Way {
    queue: Mutex<Queue>,
    /// There is something to write.
    filled: Condvar,
    /// All that was there has been written or lost.
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    lines: Vec<u8>,
    is_writing: bool,
    /// Whether the thread waits until it is woken.
    is_asleep: bool,
    /// Lines that were lost since the last time that this was said.
    lost: u64,
}

impl Lines {
    /// Writes arriving lines to `out`, in a thread of its own, until the process ends. `say_lost` is called with a count
    /// of lost lines, after a write that worked.
    ///
    /// # Errors
    ///
    /// The system has no thread.
    pub(super) fn write_to(
        &self,
        out: impl Write + Send + 'static,
        say_lost: impl Fn(u64) + Send + 'static,
    ) -> io::Result<()> {
        let way = self.0.clone();
        let thread = std::thread::Builder::new().name("log".to_owned());
        thread.spawn(move || way.write_to(out, say_lost)).map(drop)
    }

    /// Takes a whole line, or counts it as lost.
    fn take(&self, line: &[u8]) {
        let mut queue = self.0.queue();
        if queue.lines.len() + line.len() > WAITING {
            queue.lost += 1;
            return;
        }
        queue.lines.extend_from_slice(line);
        let is_asleep = mem::take(&mut queue.is_asleep);
        drop(queue);
        if is_asleep {
            self.0.filled.notify_one();
        }
    }

    /// Waits until everything has been written or lost, for at most `longest`.
    pub(super) fn flush(&self, longest: Duration) {
        let queue = self.0.queue();
        let is_busy = |queue: &mut Queue| queue.is_writing || !queue.lines.is_empty();
        drop(self.0.emptied.wait_timeout_while(queue, longest, is_busy));
    }
}

impl Way {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut out: impl Write, say_lost: impl Fn(u64)) {
        let mut batch = Vec::new();
        let mut is_torn = false;
        loop {
            {
                let mut queue = self.queue();
                queue.is_writing = false;
                if queue.lines.is_empty() {
                    queue.is_asleep = true;
                    self.emptied.notify_all();
                }
                let filled = self.filled.wait_while(queue, |queue| queue.lines.is_empty());
                let mut queue = filled.unwrap_or_else(PoisonError::into_inner);
                queue.is_writing = true;
                batch.clear();
                mem::swap(&mut queue.lines, &mut batch);
            }
            if is_torn {
                // A part of a line went out before a write failed. The next line does not hang on to it.
                batch.insert(0, b'\n');
            }
            let written = write(&mut out, &batch);
            // The end of the torn line is no line of its own.
            let rest = &batch[written.max(usize::from(is_torn))..];
            is_torn = match written {
                0 => is_torn,
                written => batch[written - 1] != b'\n',
            };
            let mut queue = self.queue();
            queue.lost += count(rest);
            if written == batch.len() && queue.lost > 0 {
                let lost = mem::take(&mut queue.lost);
                drop(queue);
                say_lost(lost);
            } else {
                drop(queue);
            }
            std::thread::sleep(GATHER);
        }
    }
}

/// Writes as much as can be written. Returns how much that was, in bytes.
fn write(out: &mut impl Write, bytes: &[u8]) -> usize {
    let mut written = 0;
    while written < bytes.len() {
        match out.write(&bytes[written..]) {
            Ok(0) => break,
            Ok(count) => written += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(AGAIN),
            Err(_) => break,
        }
    }
    written
}

fn count(lines: &[u8]) -> u64 {
    lines.split_inclusive(|byte| *byte == b'\n').count() as u64
}

/// The subscriber writes each line at once and whole.
impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.take(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
