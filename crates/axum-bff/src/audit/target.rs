//! The target of the records.

use super::AuditError;
use super::http::Collector;
use super::local::Local;
use crate::config::{AuditSettings, AuditTarget};
use axum::http::StatusCode;
use std::io;
use std::sync::Arc;

/// Why records were not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// The file or standard output does not take them.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The thread that writes has gone.
    #[error("the thread that writes records has gone")]
    ThreadGone,
    /// The collector cannot be reached, or does not answer in time.
    #[error("the collector does not answer")]
    Unanswered(#[source] reqwest::Error),
    /// The collector answers with this status.
    #[error("the collector answers {0}")]
    Status(StatusCode),
}

impl WriteError {
    /// Whether another attempt with the same records is in vain.
    pub(super) fn is_for_good(&self) -> bool {
        const FOR_GOOD: [StatusCode; 3] = [
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        matches!(self, Self::Status(status) if FOR_GOOD.contains(status))
    }
}

/// The target of the records.
#[derive(Debug)]
pub(super) enum Target {
    /// A file, or standard output.
    Local(Local),
    /// A collector.
    Collector(Collector),
}

impl Target {
    pub(super) fn open(settings: AuditSettings) -> Result<Self, AuditError> {
        match settings.target {
            AuditTarget::Off | AuditTarget::Stdout => Local::stdout().map(Self::Local),
            AuditTarget::File(path) => Local::file(path).map(Self::Local),
            AuditTarget::Collector(url) => Collector::new(url, settings.token).map(Self::Collector),
        }
    }

    pub(super) fn is_local(&self) -> bool {
        matches!(self, Self::Local(_))
    }

    /// Writes these lines. With an error: how many of them are written nevertheless.
    pub(super) async fn write(&mut self, lines: Vec<Arc<str>>) -> Result<(), (usize, WriteError)> {
        match self {
            Self::Local(local) => local.write(lines).await,
            Self::Collector(collector) => collector.send(&lines).await.map_err(|error| (0, error)),
        }
    }

    /// Resolves when somebody asks for the file to be opened anew, and opens it. Never, for another target.
    pub(super) async fn reopened(&mut self) {
        match self {
            Self::Local(local) => local.reopened().await,
            Self::Collector(_) => std::future::pending().await,
        }
    }
}
