//! What came of reading the settings again, and the log lines about it.

use crate::config::WrongSettings;
use crate::relay::ClientError;
use crate::server_certificate::CertificateFault;
use bff_session::key_ring::ReplacedKeys;
use oidc_relying_party::ReplaceError;

/// The settings that were different when they were read again, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reloaded {
    /// The new values of these are in use.
    pub settings: Vec<String>,
    /// The new values of these are used after a restart.
    pub need_restart: Vec<String>,
}

/// Why everything of before stays in use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// Settings are missing or wrong.
    #[error(transparent)]
    Settings(#[from] WrongSettings),
    /// The credentials, or the authorities for the provider, cannot be used.
    #[error("BFF_CLIENT_SECRET, BFF_CLIENT_KEY, BFF_CLIENT_CERTIFICATE or BFF_PROVIDER_CA_FILE: {0}")]
    Provider(#[from] ReplaceError),
    /// There is no client for an API.
    #[error("BFF_API_<NAME>_CA_FILE or BFF_CLIENT_CERTIFICATE: {0}")]
    Relay(#[from] ClientError),
    /// Browsers refuse the new certificate of this server, and take the one in use.
    #[error("BFF_TLS_CERTIFICATE_FILE {0}")]
    Certificate(CertificateFault),
    /// The reading was broken off, because the process ends.
    #[error("the reading of the settings was broken off")]
    BrokenOff,
}

/// Every outcome comes by here once: it is the place to count it and to record it. Where nobody has `told` the server to
/// read the settings, the same words are logged once.
pub(super) fn say(outcome: &Result<Reloaded, ReloadError>, told: bool, said: &mut String) {
    let words = words(outcome);
    let is_new = outcome.as_ref().is_ok_and(|reloaded| !reloaded.settings.is_empty());
    if !told && !is_new && *said == words {
        return;
    }
    match outcome {
        Ok(reloaded) => say_reloaded(reloaded, told),
        Err(ReloadError::Settings(WrongSettings(errors))) => {
            for error in errors {
                let setting = &error.name;
                tracing::warn!(
                    code = "settings_not_reloaded",
                    setting,
                    problem = error.problem,
                    "a setting is wrong; all values of before stay in use"
                );
            }
        }
        Err(error) => tracing::warn!(code = "settings_not_reloaded", %error, "all values of before stay in use"),
    }
    *said = words;
}

/// The part that each look finds again while nobody mends it.
fn words(outcome: &Result<Reloaded, ReloadError>) -> String {
    match outcome {
        Ok(reloaded) => reloaded.need_restart.join(" "),
        Err(error) => error.to_string(),
    }
}

fn say_reloaded(reloaded: &Reloaded, told: bool) {
    let Reloaded { settings, need_restart } = reloaded;
    for setting in settings {
        tracing::info!(code = "settings_reloaded", setting, "the new value is in use");
    }
    if !need_restart.is_empty() {
        tracing::warn!(
            code = "settings_need_restart",
            settings = need_restart.join(" "),
            "these settings have changed, and their new values are used after a restart"
        );
    }
    if told && settings.is_empty() && need_restart.is_empty() {
        tracing::info!(code = "settings_unchanged", "no setting has changed");
    }
}

/// A change of the session key ring that may concern people.
pub(super) fn say_keys(replaced: ReplacedKeys) {
    if replaced.removed > 0 {
        tracing::warn!(
            code = "session_keys_removed",
            keys = replaced.removed,
            "keys are gone from BFF_SESSION_KEY; sessions that began with them are over"
        );
    }
    if replaced.seals_with_unknown {
        tracing::warn!(
            code = "session_key_unknown_before",
            "the first key of BFF_SESSION_KEY is new here; a replica that has not read it yet does not know the sessions that begin now"
        );
    }
}
