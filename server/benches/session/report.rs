//! The figures as Markdown.

use super::load::Sample;
use std::fmt::Write as _;
use std::time::Duration;

/// One server in one scenario.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) sample: Sample,
    /// Processor time of the server for each request, round by round.
    pub(crate) cpu: Vec<Duration>,
    pub(crate) commands: u64,
    /// Context switches of the server.
    pub(crate) switches: u64,
}

impl Row {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            sample: Sample::default(),
            cpu: Vec::new(),
            commands: 0,
            switches: 0,
        }
    }

    /// Requests per second.
    fn rate(&self) -> f64 {
        middle(&self.sample.rates)
    }

    /// Microseconds of processor time for each request.
    fn cpu(&self) -> f64 {
        let rounds: Vec<f64> = self.cpu.iter().copied().map(micros).collect();
        middle(&rounds)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of commands, switches and requests")]
    fn for_each_request(&self, count: u64) -> f64 {
        count as f64 / self.sample.requests().max(1) as f64
    }
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// The middle one: a round in which something else took the machine does not count.
fn middle(rounds: &[f64]) -> f64 {
    let mut sorted = rounds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The table of one scenario, with ratios to the rows of these names.
pub(crate) fn print(title: &str, rows: &[Row], references: &[&str]) {
    let references: Vec<&Row> = references
        .iter()
        .filter_map(|name| rows.iter().find(|row| row.name == *name))
        .collect();
    let mut head = "| server | requests/s | p50 | p99 | CPU a request | store commands | context switches |".to_owned();
    for reference in &references {
        let _ = write!(head, " x {0} | CPU x {0} |", reference.name);
    }
    println!("\n### {title}\n\n{head}");
    println!("|---|{}", "--:|".repeat(6 + 2 * references.len()));
    for row in rows {
        let mut line = format!(
            "| {} | {:.0} | {:.0} µs | {:.0} µs | {:.1} µs | {:.2} | {:.2} |",
            row.name,
            row.rate(),
            micros(row.sample.percentile(50)),
            micros(row.sample.percentile(99)),
            row.cpu(),
            row.for_each_request(row.commands),
            row.for_each_request(row.switches),
        );
        for reference in &references {
            let (rate, cpu) = (row.rate() / reference.rate(), row.cpu() / reference.cpu());
            let _ = write!(line, " {rate:.2} | {cpu:.2} |");
        }
        println!("{line}");
    }
}

/// How much of the machine went to whatever else runs on it.
pub(crate) fn others(others: Duration, elapsed: Duration) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    #[expect(clippy::cast_precision_loss, reason = "a number of cores")]
    let whole = elapsed.as_secs_f64() * cores as f64;
    println!(
        "\nOf the machine, {:.0} % went to others.",
        100.0 * others.as_secs_f64() / whole
    );
}
