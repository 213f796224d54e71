//! Secrets, keys, certificates and authorities from files, read again while the server runs.
//!
//! The same readers as at the start check them. Either all of them are good, or none is taken: a certificate and its key
//! belong together, and so may others. If one of such settings needs a restart, all of them wait for it. Each part of the server that uses one swaps a pointer, so no request waits for a lock, and
//! a request under way ends with what it began with.

mod names;
mod outcome;
mod watch;

pub use outcome::{ReloadError, Reloaded};
pub(crate) use watch::{Hangups, watch};

use crate::bff::Bff;
use crate::builder::say_risks;
use crate::config::{Config, Origin, WrongSettings};
use crate::server_certificate::ServerCertificate;
use outcome::say;
use rustls::pki_types::UnixTime;
use std::time::Duration;
use tokio::sync::Mutex;

/// The settings in use, by their sources.
#[derive(Debug)]
pub(crate) struct Reload(Mutex<State>);

#[derive(Debug)]
struct State {
    in_use: Origin,
    /// What was said last, so that each look does not repeat it.
    said: String,
}

/// Why the files are read again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// One of them has changed.
    Changed,
    /// Somebody wants it.
    Told,
}

impl Reload {
    pub(crate) fn new(in_use: Origin) -> Self {
        let said = String::new();
        Self(Mutex::new(State { in_use, said }))
    }
}

impl Bff {
    /// Reads all settings again, from where they were read at the start, and uses the secrets, keys, certificates and authorities
    /// that have changed. [`Server`](crate::serve::Server) does so at SIGHUP. The log says the outcome, with the names of the
    /// settings and no value.
    ///
    /// # Errors
    ///
    /// A [`ReloadError`]. Then everything of before stays in use.
    pub async fn reload(&self) -> Result<Reloaded, ReloadError> {
        self.read_again(Why::Told).await
    }

    /// Does the same if a file has changed since it was read, and if the last reading failed. [`Server`](crate::serve::Server)
    /// does so every 30 seconds. A file that is still wrong for the same reason is not logged again.
    ///
    /// # Errors
    ///
    /// A [`ReloadError`]. Then everything of before stays in use.
    pub async fn reload_changed(&self) -> Result<Reloaded, ReloadError> {
        self.read_again(Why::Changed).await
    }

    async fn read_again(&self, why: Why) -> Result<Reloaded, ReloadError> {
        // One reading at a time.
        let mut state = self.reload.0.lock().await;
        if why == Why::Changed && !state.in_use.has_files() {
            return Ok(Reloaded::default());
        }
        let from = state.in_use.clone();
        // A file may be on a file system that makes its readers wait.
        let reading = tokio::task::spawn_blocking(move || {
            let is_due = why == Why::Told || from.has_changed();
            is_due.then(|| from.read())
        });
        let outcome = match reading.await {
            Ok(None) => return Ok(Reloaded::default()),
            Ok(Some(Ok(fresh))) => Box::pin(self.take(&mut state, fresh)).await,
            Ok(Some(Err(errors))) => Err(WrongSettings(errors).into()),
            Err(_) => Err(ReloadError::BrokenOff),
        };
        say(&outcome, why == Why::Told, &mut state.said);
        self.metrics.count_reload(outcome.is_ok());
        outcome
    }

    /// Uses what can be used without a restart.
    async fn take(&self, state: &mut State, fresh: Config) -> Result<Reloaded, ReloadError> {
        let origin = fresh.origin.clone();
        let in_use = &state.in_use;
        // A setting that appears or vanishes changes the way that something works, and not only its value.
        let can_be_used = |name: &str| names::is_read_again(name) && in_use.has(name) && origin.has(name);
        let (settings, need_restart) = names::divide(&in_use.differences(&origin), can_be_used);
        let reloaded = Reloaded { settings, need_restart };
        self.keep_a_good_certificate(&fresh, &reloaded)?;
        let mut risks = fresh.warnings.clone();
        risks.retain(|risk| {
            let name = &risk.name;
            let of = |setting: &String| setting == name || Some(setting.as_str()) == name.strip_suffix("_FILE");
            reloaded.settings.iter().any(of)
        });
        Box::pin(self.swap(fresh, &reloaded)).await?;
        state.in_use.take(&origin, &reloaded.settings);
        say_risks(&risks);
        Ok(reloaded)
    }

    /// Refuses a certificate of this server that browsers refuse, while they take the one in use.
    fn keep_a_good_certificate(&self, fresh: &Config, reloaded: &Reloaded) -> Result<(), ReloadError> {
        let (Some(in_use), Some(other)) = (&self.http.certificate, &fresh.http.certificate) else {
            return Ok(());
        };
        let is_other = |name: &String| names::OF_THE_LISTENER.contains(&name.as_str());
        if !reloaded.settings.iter().any(is_other) {
            return Ok(());
        }
        let seconds = u64::try_from(self.clock.now().unix_timestamp()).unwrap_or_default();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let host = self.public_url.server_name();
        let faults = |certificate: &ServerCertificate| certificate.faults(now, host.as_ref());
        match faults(other).into_iter().next() {
            Some(fault) if faults(in_use).is_empty() => Err(ReloadError::Certificate(fault)),
            _ => Ok(()),
        }
    }

    async fn swap(&self, fresh: Config, reloaded: &Reloaded) -> Result<(), ReloadError> {
        let has = |name: &str| reloaded.settings.iter().any(|changed| changed == name);
        let has_any = |names: &[&str]| names.iter().any(|name| has(name));
        let registration = fresh.registration;
        let certificate = registration.credentials.certificate.as_ref();
        let certificate = certificate.filter(|_| has_any(&names::CERTIFICATE));
        // The two that can fail come first, so that a failure changes nothing.
        let clients = self.relay.new_clients(&fresh.apis, certificate, has)?;
        if has_any(&names::CERTIFICATE) || has_any(&names::OF_THE_PROVIDER) {
            let (credentials, authorities) = (registration.credentials, registration.authorities);
            self.relying_party.replace(credentials, authorities).await?;
        }
        self.relay.take(clients).await;
        if has(names::SESSION_KEY) {
            outcome::say_keys(self.keys.replace(fresh.session.keys));
        }
        if has_any(&names::OF_REDIS) {
            if let (Some(trusted), Some(fresh)) = (&self.redis_authorities, &fresh.session.redis_authorities) {
                trusted.replace(fresh);
            }
            if let (Some(shown), Some(fresh)) = (&self.redis_certificate, &fresh.session.redis_certificate) {
                shown.replace(fresh);
            }
        }
        if let (Some(certificate), Some(fresh)) = (&self.http.certificate, &fresh.http.certificate)
            && has_any(&names::OF_THE_LISTENER)
        {
            certificate.replace(fresh);
        }
        Ok(())
    }
}
