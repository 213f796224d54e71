//! Shows the step of a command, its number and its duration.

use anyhow::Result;
use std::time::{Duration, Instant};

/// The numbered steps of one command, printed as they begin and end.
#[derive(Debug)]
pub(crate) struct Steps {
    total: usize,
    begun: usize,
}

impl Steps {
    /// A command of so many steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, begun: 0 }
    }

    /// Does one step. Prints its name first and its duration afterwards.
    pub(crate) fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.announce(what);
        let started = Instant::now();
        let result = work()?;
        println!("      done in {}", seconds(started.elapsed()));
        Ok(result)
    }

    /// Says that a step begins, for one that does not come back.
    pub(crate) fn announce(&mut self, what: &str) {
        self.begun += 1;
        println!("[{}/{}] {what}", self.begun, self.total);
    }
}

/// A duration for people: seconds with one decimal, minutes above one minute.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// A size for people: kilobytes of 1,000 bytes, as transfer sizes are given.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1_000, bytes % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_people_use() {
        assert_eq!(seconds(Duration::from_millis(4_260)), "4.3 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn sizes_have_one_decimal() {
        assert_eq!(kilobytes(134_777), "134.7 KB");
        assert_eq!(kilobytes(950), "0.9 KB");
    }
}
