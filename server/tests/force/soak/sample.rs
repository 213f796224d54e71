//! Samples of one replica and of Redis, and their course over time.

use crate::redis::Redis;
use crate::replica::Replica;
use std::time::Duration;

/// What was measured at one moment.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: f64,
    /// Resident memory of the replica, in MiB.
    resident: f64,
    /// Open descriptors of the replica.
    descriptors: f64,
    /// Memory of Redis, in MiB.
    redis: f64,
    streams: f64,
}

#[derive(Debug, Default)]
pub(super) struct Samples(Vec<Sample>);

/// How a figure went after the first third, which is for warming up: the ends of the line that fits best.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) name: &'static str,
    pub(super) begin: f64,
    pub(super) end: f64,
    /// The growth that is no growth, whatever the size: noise of an allocator, connections of restarts.
    noise: f64,
}

impl Course {
    /// Whether the line ends at most 5 % above its beginning, or within the noise.
    pub(super) fn is_flat(&self) -> bool {
        self.end - self.begin <= (self.begin * 0.05).max(self.noise)
    }
}

impl Samples {
    pub(super) fn take(&mut self, at: Duration, replica: &Replica, redis: &Redis, streams: usize) {
        let process = replica.process_id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux, and a living process");
        let resident = field(&status, "VmRSS:").expect("the form of /proc");
        let descriptors = std::fs::read_dir(format!("/proc/{process}/fd"))
            .expect("a folder")
            .count();
        let memory = redis.ask(&["INFO", "memory"]);
        let used = field(&memory, "used_memory:").expect("the form of INFO");
        self.0.push(Sample {
            at: at.as_secs_f64(),
            resident: resident / 1024.0,
            descriptors: number(descriptors),
            redis: used / 1024.0 / 1024.0,
            streams: number(streams),
        });
    }

    /// Writes the samples into the file that `SOAK_SAMPLES` names: a line each, with tabs between.
    pub(super) fn write(&self) {
        let Some(path) = std::env::var_os("SOAK_SAMPLES") else {
            return;
        };
        let line = |one: &Sample| {
            let Sample {
                at,
                resident,
                descriptors,
                redis,
                streams,
            } = one;
            format!("{at:.0}\t{resident:.1}\t{descriptors:.0}\t{redis:.1}\t{streams:.0}\n")
        };
        let lines: Vec<String> = self.0.iter().map(line).collect();
        std::fs::write(path, lines.concat()).expect("written");
    }

    pub(super) fn courses(&self) -> Vec<Course> {
        let warm = &self.0[self.0.len() / 3..];
        let course = |name, noise, value: fn(&Sample) -> f64| {
            let points: Vec<(f64, f64)> = warm.iter().map(|one| (one.at, value(one))).collect();
            let (begin, end) = ends_of_the_best_line(&points);
            Course {
                name,
                begin,
                end,
                noise,
            }
        };
        vec![
            course("resident memory of a replica, MiB", 2.0, |one| one.resident),
            course("open descriptors of a replica", 64.0, |one| one.descriptors),
            course("memory of Redis, MiB", 2.0, |one| one.redis),
        ]
    }
}

fn field(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Where the line with the least squares begins and ends.
fn ends_of_the_best_line(points: &[(f64, f64)]) -> (f64, f64) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return (0.0, 0.0);
    };
    let count = number(points.len());
    let mean = |value: fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / count;
    let (at, value) = (mean(|point| point.0), mean(|point| point.1));
    let above: f64 = points.iter().map(|point| (point.0 - at) * (point.1 - value)).sum();
    let below: f64 = points.iter().map(|point| (point.0 - at).powi(2)).sum();
    let slope = if below > 0.0 { above / below } else { 0.0 };
    (value + slope * (first.0 - at), value + slope * (last.0 - at))
}

#[test]
fn a_course_that_grows_is_told_from_one_that_wavers() {
    let points = |growth: f64| -> Vec<(f64, f64)> {
        let wave = |step: u32| if step.is_multiple_of(2) { 1.0 } else { -1.0 };
        (0..100)
            .map(|step| (f64::from(step), 100.0 + growth * f64::from(step) + wave(step)))
            .collect()
    };
    for (growth, is_flat) in [(0.0, true), (0.01, true), (0.2, false), (-0.2, true)] {
        let (begin, end) = ends_of_the_best_line(&points(growth));
        let course = Course {
            name: "a figure",
            begin,
            end,
            noise: 2.0,
        };
        assert_eq!(course.is_flat(), is_flat, "{growth}: {course:?}");
    }
}
