//! The figures as Markdown.

use super::load::Sample;
use std::time::Duration;

/// One server in one scenario.
pub(crate) struct Row {
    pub(crate) server: &'static str,
    pub(crate) sample: Sample,
    pub(crate) cpu: Duration,
    pub(crate) commands: u64,
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

impl Row {
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    fn each(&self, of: f64) -> f64 {
        of / self.sample.requests().max(1) as f64
    }

    fn cpu_micros(&self) -> f64 {
        self.each(micros(self.cpu))
    }
}

/// The table of one scenario. Ratios are to the rows `plain` and `naive` where the scenario has them.
pub(crate) fn print(title: &str, rows: &[Row]) {
    println!("\n### {title}\n");
    println!("| server | requests/s | p50 | p99 | CPU a request | store commands | x plain | x naive | CPU x plain |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let reference = |name: &str| rows.iter().find(|row| row.server.starts_with(name));
    for row in rows {
        let ratio = |name: &str| {
            reference(name).map_or(String::new(), |other| {
                format!("{:.2}", row.sample.rate() / other.sample.rate())
            })
        };
        let cpu = reference("plain").or(reference("page")).map_or(String::new(), |plain| {
            format!("{:.1}", row.cpu_micros() / plain.cpu_micros())
        });
        #[expect(clippy::cast_precision_loss, reason = "a count of commands")]
        let commands = row.each(row.commands as f64);
        println!(
            "| {} | {:.0} | {:.0} µs | {:.0} µs | {:.1} µs | {commands:.2} | {} | {} | {cpu} |",
            row.server,
            row.sample.rate(),
            micros(row.sample.percentile(50)),
            micros(row.sample.percentile(99)),
            row.cpu_micros(),
            if reference("page").is_some() {
                ratio("page")
            } else {
                ratio("plain")
            },
            ratio("naive"),
        );
    }
}
