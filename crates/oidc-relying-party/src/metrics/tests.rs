use super::{Outcome, ProviderCall, ProviderCalls};
use crate::http::HttpError;
use ::metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A recorder that remembers its counters.
#[derive(Default)]
struct Counters(Mutex<BTreeMap<String, Arc<Count>>>);

#[derive(Default)]
struct Count(AtomicU64);

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::Relaxed);
    }

    fn absolute(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

impl Recorder for Counters {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<&str> = key.labels().map(::metrics::Label::value).collect();
        let mut counters = self.0.lock().expect("nobody panicked");
        Counter::from_arc(counters.entry(labels.join(" ")).or_default().clone())
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn each_kind_and_each_outcome_has_the_place_of_its_declaration() {
    for (place, call) in ProviderCall::ALL.into_iter().enumerate() {
        assert_eq!(call as usize, place, "{call:?}");
    }
    for (place, outcome) in Outcome::ALL.into_iter().enumerate() {
        assert_eq!(outcome as usize, place, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_call_counts_under_its_operation_and_its_outcome() {
    let counters = Counters::default();
    let calls = ProviderCalls::new(&counters);
    for error in [HttpError::Timeout, HttpError::Timeout, HttpError::TooLarge] {
        let answer = calls.measure(ProviderCall::Token, async { Err(error) }).await;
        assert!(answer.is_err());
    }
    let counted = counters.0.lock().expect("nobody panicked");
    assert_eq!(counted.len(), ProviderCall::ALL.len() * Outcome::ALL.len());
    let count = |labels: &str| counted[labels].0.load(Ordering::Relaxed);
    assert_eq!((count("token timeout"), count("token too_large")), (2, 1));
    let all: u64 = counted.values().map(|count| count.0.load(Ordering::Relaxed)).sum();
    assert_eq!(all, 3);
}
