//! The spans of a trace, which the places of the metrics open, with metrics and without.

use super::world;
use crate::api::{Api, CALL};
use crate::leaks::Log;
use crate::world::EXPIRED;
use axum::http::Method;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

const NAMES: [&str; 7] = [
    "authorization_request",
    "callback",
    "logout",
    "provider_call",
    "refresh",
    "relayed_call",
    "store_command",
];

/// The fields of all spans: the name of the span, and the field with its value.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeSet<(&'static str, String)>>>);

struct Fields<'a>(&'static str, &'a Spans);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let Self(span, spans) = self;
        let mut spans = spans.0.lock().unwrap_or_else(PoisonError::into_inner);
        spans.insert((*span, format!("{field}={value:?}")));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Fields(attributes.metadata().name(), self));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            values.record(&mut Fields(span.name(), self));
        }
    }
}

/// Runs on one thread, so that the layer sees every span. `Log::catch` has tracing ask all subscribers.
#[tokio::test(flavor = "current_thread")]
async fn each_step_and_each_call_is_a_span_with_an_operation_and_an_outcome_alone() {
    let (_log, _guard) = Log::catch();
    let spans = Spans::default();
    let _layer = tracing::subscriber::set_default(Registry::default().with(spans.clone()));
    let api = Api::friendly().await;
    let world = world(&api).await;
    let mut alice = world.signed_in("alice").await;
    alice.send(Method::GET, "/api/orders/1", &CALL, "").await;
    world.advance(EXPIRED);
    alice.reread().await;
    alice.submit("/auth/logout").await;

    let seen = spans.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let ours: Vec<_> = seen.iter().filter(|(span, _)| NAMES.contains(span)).collect();
    for name in NAMES {
        let ended = (name, "outcome=\"ok\"".to_owned());
        let relayed = (name, "outcome=\"2xx\"".to_owned());
        assert!(ours.contains(&&ended) || ours.contains(&&relayed), "{name}: {ours:#?}");
    }
    for (span, field) in ours {
        let (name, value) = field.split_once('=').expect("a value");
        assert!(["operation", "outcome"].contains(&name), "{span}: {field}");
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(value.trim_matches('"').bytes().all(is_word), "{span}: {field}");
    }
}
