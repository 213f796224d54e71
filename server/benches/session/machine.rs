//! What the kernel counts (`/proc`).

use std::fs;
use std::time::Duration;

/// Processor time of a process's threads so far, in the nanoseconds that the scheduler counts: `/proc/<id>/stat` has
/// hundredths of a second, a tenth of what a round of a fast server takes.
pub(crate) fn cpu(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("Linux, and a living process");
    let nanoseconds = threads.filter_map(|thread| {
        let counted = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        counted.split_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// How often the threads of a process have given up their core so far, because they waited or because others had their turn.
pub(crate) fn switches(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("Linux, and a living process");
    let counted = threads.filter_map(|thread| {
        let status = fs::read_to_string(thread.ok()?.path().join("status")).ok()?;
        let lines = status.lines().filter(|line| line.contains("_ctxt_switches:"));
        let numbers = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        Some(numbers.sum::<u64>())
    });
    counted.sum()
}

/// Processor time that the whole machine has spent so far: on whatever, and waiting for a machine underneath.
pub(crate) fn busy() -> Duration {
    let counted = fs::read_to_string("/proc/stat").expect("Linux");
    let fields = counted.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let ticks: Vec<u64> = fields.filter_map(|ticks| ticks.parse().ok()).collect();
    // user, nice, system, (idle, waiting for a disk,) interrupts, soft ones, stolen. Guests are in the first two.
    let busy: u64 = [0, 1, 2, 5, 6, 7]
        .into_iter()
        .filter_map(|field| ticks.get(field))
        .sum();
    // Linux counts in hundredths of a second here, whatever its clock.
    Duration::from_millis(busy * 10)
}
