//! Whether the audit can write its records. Nothing is written or sent.

use super::report::Report;
use crate::config::{AuditSettings, AuditSubject, AuditTarget};
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

const NAME: &str = "audit";

pub(super) fn check(report: &mut Report, settings: &AuditSettings) {
    let who = match settings.subject {
        AuditSubject::Plain => "people by issuer and subject",
        AuditSubject::Pseudonym => "people by pseudonym",
    };
    match &settings.target {
        AuditTarget::Off => report.note(NAME, "none: BFF_AUDIT=off"),
        AuditTarget::Stdout => report.ok(NAME, format!("to standard output, {who}")),
        AuditTarget::File(path) => file(report, path, who),
        AuditTarget::Collector(url) => {
            let token = if settings.token.is_some() { "a" } else { "no" };
            let host = url.host_str().unwrap_or_default();
            report.ok(
                NAME,
                format!("to {host}, with {token} token, {who}; not asked: doctor sends no record"),
            );
        }
    }
}

fn file(report: &mut Report, path: &Path, who: &str) {
    match writable(path) {
        Ok(()) => report.ok(NAME, format!("to {}, {who}", path.display())),
        Err(error) => report.wrong(
            NAME,
            format!("{} is not writable: {error}; the server does not start", path.display()),
            "give the user of the server the right to write that file, and make its folder, or change BFF_AUDIT",
        ),
    }
}

/// A file that is there is opened and not changed. Of one that is not, the folder has to be there: doctor makes no file.
fn writable(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => OpenOptions::new().append(true).open(path).map(drop),
        Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = std::fs::metadata(path.parent().unwrap_or(path))?;
            if folder.is_dir() && !folder.permissions().readonly() {
                Ok(())
            } else {
                Err(io::ErrorKind::PermissionDenied.into())
            }
        }
        Err(error) => Err(error),
    }
}
