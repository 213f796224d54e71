//! The audit: where its records go, and how they name people.

use super::Source;
use super::public_url::is_loopback;
use secrecy::SecretString;
use std::path::PathBuf;
use url::Url;

/// Where the records of the audit go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditTarget {
    /// Nowhere: there are no records.
    Off,
    /// To standard output.
    Stdout,
    /// To the end of this file.
    File(PathBuf),
    /// In batches to this address.
    Collector(Url),
}

/// How a record names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditSubject {
    /// By issuer and subject.
    Plain,
    /// By a keyed digest of both.
    Pseudonym,
}

/// Settings of the audit.
#[derive(Debug)]
pub struct AuditSettings {
    /// `BFF_AUDIT`.
    pub target: AuditTarget,
    /// `BFF_AUDIT_SUBJECT`.
    pub subject: AuditSubject,
    /// `BFF_AUDIT_TOKEN`.
    pub token: Option<SecretString>,
}

impl AuditSettings {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let target = source.parsed("BFF_AUDIT", target);
        let subjects = [("plain", AuditSubject::Plain), ("pseudonym", AuditSubject::Pseudonym)];
        let subject = source.choice("BFF_AUDIT_SUBJECT", &subjects);
        let token = source.secret("BFF_AUDIT_TOKEN");
        if token.is_some() && !matches!(target, None | Some(AuditTarget::Collector(_))) {
            source.error(
                "BFF_AUDIT_TOKEN",
                "is set, and BFF_AUDIT is no https address that would get it",
            );
        }
        Some(Self {
            target: target?,
            subject: subject?,
            token,
        })
    }
}

fn target(text: &str) -> Result<AuditTarget, String> {
    match text {
        "off" => return Ok(AuditTarget::Off),
        "stdout" => return Ok(AuditTarget::Stdout),
        _ => {}
    }
    if let Some(path) = text.strip_prefix("file:") {
        let path = PathBuf::from(path);
        return if path.is_absolute() {
            Ok(AuditTarget::File(path))
        } else {
            Err(
                "names a file by a path that does not begin at the root, such as file:/var/lib/bff/audit.jsonl"
                    .to_owned(),
            )
        };
    }
    let url = Url::parse(text).map_err(|_| "is neither off, stdout, file:/path nor an https address".to_owned())?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err("is http; only on loopback the collector may do without TLS".to_owned()),
        _ => return Err("is neither off, stdout, file:/path nor an https address".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password; a token goes into BFF_AUDIT_TOKEN".to_owned());
    }
    if url.fragment().is_some() {
        return Err("has a fragment, which is never sent".to_owned());
    }
    Ok(AuditTarget::Collector(url))
}
