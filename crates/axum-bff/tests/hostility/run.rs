//! Runs a target: first its corpus, and then generated inputs, for a number of cases or for a time.

use crate::corpus::{self, Input};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The server's decision about an input, if the oracle agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    Refused,
}

/// One case in twenty has to be accepted, and one in twenty refused. With fewer, the target would prove nothing about
/// that kind.
const SHARE: u64 = 20;

/// Tries the corpus, and then inputs of `made`: `cases` of them, or as many as the seconds of `HOSTILITY_SECONDS`
/// allow. `judge` returns the server's decision about an input, or an error if the oracle disagrees.
pub(crate) fn run<I: Input>(
    target: &str,
    cases: u64,
    made: impl Strategy<Value = I>,
    judge: impl Fn(&I) -> Result<Verdict, String>,
) {
    for (inputs, verdict) in [
        (corpus::accepted(target), Some(Verdict::Accepted)),
        (corpus::refused(target), Some(Verdict::Refused)),
        (corpus::found(target), None),
    ] {
        for input in inputs {
            let judged = judge(&input).unwrap_or_else(|why| panic!("{target}: {why}\n{}", input.to_line()));
            assert!(
                verdict.is_none_or(|verdict| judged == verdict),
                "{target}: {judged:?}\n{}",
                input.to_line()
            );
        }
    }
    let seed = seed();
    let started = Instant::now();
    let counts = [Cell::new(0_u64), Cell::new(0)];
    let mut runner = runner(seed);
    while goes_on(cases, counts.iter().map(Cell::get).sum(), started.elapsed()) {
        let tree = made.new_tree(&mut runner).expect("an input");
        let outcome = runner.run_one(tree, |input| {
            let verdict = judge(&input).map_err(TestCaseError::fail)?;
            let count = &counts[usize::from(verdict == Verdict::Refused)];
            count.set(count.get() + 1);
            Ok(())
        });
        if let Err(TestError::Fail(why, input)) = outcome {
            let path = corpus::keep(target, &input);
            panic!(
                "{target}: {why}\n{}\nseed {seed:016x}; kept in {}",
                input.to_line(),
                path.display()
            );
        }
    }
    let [accepted, refused] = counts.map(Cell::into_inner);
    let (all, took) = (accepted + refused, started.elapsed());
    println!(
        "{target}: {all} cases in {:.1} s, {} a second, {} % of them accepted, seed {seed:016x}",
        took.as_secs_f64(),
        u128::from(all) * 1000 / took.as_millis().max(1),
        accepted * 100 / all
    );
    assert!(accepted * SHARE >= all, "{target}: {accepted} of {all} were accepted");
    assert!(refused * SHARE >= all, "{target}: {refused} of {all} were refused");
}

/// Whether another case is to run. At least 200 run, whatever the time, so that the shares mean something.
fn goes_on(cases: u64, done: u64, elapsed: Duration) -> bool {
    match number("HOSTILITY_SECONDS", 10) {
        Some(seconds) => done < 200 || elapsed < Duration::from_secs(seconds),
        None => done < cases,
    }
}

/// The value of `HOSTILITY_SEED`. Without it, the seed is the same in each run of the tests, so that only a change of
/// the code makes them fail. A search for a given time uses a random seed.
fn seed() -> u64 {
    number("HOSTILITY_SEED", 16).unwrap_or_else(|| match number("HOSTILITY_SECONDS", 10) {
        Some(_) => rand::random(),
        None => 1,
    })
}

fn number(variable: &str, radix: u32) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(u64::from_str_radix(&text, radix).unwrap_or_else(|_| panic!("{variable} is no number")))
}

fn runner(seed: u64) -> TestRunner {
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
