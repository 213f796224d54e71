//! One record, as it is written: a line of JSON. `docs/audit.schema.json` describes the same form.

use crate::config::{AuditSubject, SettingsAtStart};
use crate::events::{Event, EventKind, Person};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::SeenFrom;
use bff_session::key_ring::{KeyRing, Purpose};
use serde::Serialize;
use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

/// The version of the form. A new member that is not required does not change it.
const SCHEMA: &str = "1";

/// The longest text of a member, in characters. Subjects have 255 at most (OpenID Connect Core §2).
const LONGEST: usize = 512;

/// Bytes of a digest that are written down.
const DIGEST: usize = 16;

/// One record.
#[derive(Debug, Serialize)]
struct Record<'a> {
    /// The version of the form.
    schema: &'static str,
    /// 24 hexadecimal digits. A record that is delivered twice has the same.
    id: &'a str,
    /// RFC 3339, in UTC.
    time: String,
    /// The word of the event's kind.
    kind: &'static str,
    /// The code of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    /// Why a session ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The person. In a record of an administration the administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<Who<'a>>,
    /// The name of the session. It opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    /// The sender of the request that brought it about: of a back-channel logout the provider's server.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Seen<'a>>,
    /// The browser in which the session began.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_from: Option<Seen<'a>>,
    /// The way in which the person authenticated (OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
    /// The id of the request, in the log and in `x-request-id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<&'a str>,
    /// The id of the trace (W3C Trace Context §3.2.2.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<&'a str>,
    /// The pattern of the request's route.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'a str>,
    /// The line of the access table.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    /// The words of its rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    /// The administrative act.
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'static str>,
    /// The names of the settings that are set.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<&'a [String]>,
    /// The keyed digest of the settings that are no secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
    /// The version of the library.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    /// How many records were lost before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<u64>,
}

/// A person.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Who<'a> {
    /// As the provider names the person.
    Plain { issuer: &'a str, subject: &'a str },
    /// As nobody without the key ring can tell.
    Pseudonym { pseudonym: String, key: String },
}

/// A sender.
#[derive(Debug, Serialize)]
struct Seen<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
}

impl<'a> Seen<'a> {
    /// Nothing, where nothing is known.
    fn of(seen: &'a SeenFrom) -> Option<Self> {
        let user_agent = Some(bounded(&seen.user_agent)).filter(|text| !text.is_empty());
        (seen.address.is_some() || user_agent.is_some()).then_some(Self {
            address: seen.address,
            user_agent,
        })
    }
}

/// Makes records of events.
#[derive(Debug)]
pub(crate) struct Author {
    subject: AuditSubject,
    keys: Arc<KeyRing>,
}

impl Author {
    pub(crate) fn new(subject: AuditSubject, keys: Arc<KeyRing>) -> Self {
        Self { subject, keys }
    }

    /// The record of an event: one line, with its end.
    pub(super) fn line(&self, event: &Event) -> Arc<str> {
        let id = hexadecimal(&rand::random::<[u8; 12]>());
        let mut record = self.general(event, &id);
        describe(&mut record, &event.kind);
        // A struct with string keys has a form as JSON.
        let mut line = serde_json::to_string(&record).unwrap_or_default();
        line.push('\n');
        line.into()
    }

    /// The members that all kinds have in common.
    fn general<'a>(&self, event: &'a Event, id: &'a str) -> Record<'a> {
        let cause = event.cause.as_deref();
        let time = event.at.to_offset(UtcOffset::UTC).format(&Rfc3339);
        Record {
            schema: SCHEMA,
            id,
            time: time.unwrap_or_default(),
            kind: event.kind.word(),
            code: None,
            reason: None,
            who: event.person.as_ref().map(|person| self.who(person)),
            session: event.session.as_deref().map(bounded),
            from: cause.and_then(|cause| Seen::of(&cause.from)),
            signed_in_from: event.signed_in_from.as_ref().and_then(Seen::of),
            acr: event.acr.as_deref().map(bounded),
            correlation_id: cause.map(|cause| cause.request_id.as_str()),
            trace_id: cause.map(|cause| cause.trace_id.as_str()),
            route: cause.and_then(|cause| cause.route.as_deref()),
            line: None,
            rule: None,
            act: None,
            settings: None,
            digest: None,
            version: None,
            lost: None,
        }
    }

    fn who<'a>(&self, person: &'a Person) -> Who<'a> {
        match self.subject {
            AuditSubject::Plain => Who::Plain {
                issuer: bounded(&person.issuer),
                subject: bounded(&person.subject),
            },
            AuditSubject::Pseudonym => Who::Pseudonym {
                pseudonym: pseudonym(&self.keys, person),
                key: hexadecimal(&self.keys.first().0),
            },
        }
    }
}

/// The members that a kind has of its own.
fn describe<'a>(record: &mut Record<'a>, kind: &'a EventKind) {
    match kind {
        EventKind::SignedIn | EventKind::SteppedUp | EventKind::Refreshed | EventKind::ClaimsChanged => {}
        EventKind::SignInRefused { code } => record.code = Some(bounded(code)),
        EventKind::Ended { reason } => record.reason = Some(reason.word()),
        EventKind::AccessRefused { line, rule, code } => {
            record.line = Some(bounded(line));
            record.rule = Some(bounded(rule));
            record.code = Some(bounded(code));
        }
        EventKind::Administered { act } => record.act = Some(act.word()),
        EventKind::Started { settings, digest } => {
            record.settings = Some(settings);
            record.digest = Some(digest);
            record.version = Some(env!("CARGO_PKG_VERSION"));
        }
        EventKind::Lost { count } => record.lost = Some(*count),
    }
}

/// The name of a person in records with pseudonyms: a keyed digest by the first key of the ring, 22 characters. Replicas with
/// the same first key give the same.
pub(crate) fn pseudonym(keys: &KeyRing, person: &Person) -> String {
    // No issuer has a zero byte in it.
    let name = format!("person\0{}\0{}", person.issuer, person.subject);
    URL_SAFE_NO_PAD.encode(digest(keys, name.as_bytes()))
}

/// The digest of the settings at the start.
pub(crate) fn settings_digest(keys: &KeyRing, settings: &SettingsAtStart) -> String {
    let data = [b"settings\0".as_slice(), settings.values.as_slice()].concat();
    hexadecimal(&digest(keys, &data))
}

/// The beginning of a digest with the first key.
fn digest(keys: &KeyRing, data: &[u8]) -> [u8; DIGEST] {
    let whole = keys.digests(Purpose::Audit, data).next().unwrap_or_default();
    let mut beginning = [0; DIGEST];
    beginning.copy_from_slice(&whole[..DIGEST]);
    beginning
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The beginning of a text that somebody else has written.
fn bounded(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}
