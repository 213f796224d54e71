//! The settings: from the environment or a TOML file, read at the start. Secrets, keys, certificates and authorities are read again
//! when their files change ([`crate::Bff::reload`]). Nothing else reads the environment.
//!
//! Every setting is listed in [`settings::all`]; each section reads its own. All missing
//! and wrong settings are collected, so that the operator sees them at once.

mod api;
mod audit;
mod certificate;
mod client;
mod http;
mod listen;
mod metrics;
mod otlp;
mod own;
mod page_sources;
mod presets;
mod provider;
mod public_url;
mod redis_certificate;
mod security_profile;
mod service_links;
mod session;
pub mod settings;
mod source;
mod telemetry;
mod values;

pub use audit::{AuditSettings, AuditSubject, AuditTarget};
pub use http::{Connections, Http};
pub use listen::Listen;
pub use otlp::Otlp;
pub use own::OwnSettings;
pub use page_sources::{Directive, PageSources};
pub use public_url::PublicUrl;
pub(crate) use public_url::is_loopback;
pub use session::{SessionSection, StoreSettings};
pub(crate) use source::Origin;
pub use source::{SettingError, SettingWarning, SettingsAtStart, Source, environment};
pub use telemetry::{LogFormat, Telemetry};

use crate::claims::ClaimsPolicy;
use crate::relay::ApiSettings;
use bff_session::key_ring::KeyRing;
use oidc_relying_party::Registration;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

/// All settings, checked.
#[derive(Debug)]
pub struct Config {
    /// This client's registration at the provider.
    pub registration: Registration,
    /// Which claims pages see.
    pub claims: ClaimsPolicy,
    /// Sessions and their store.
    pub session: SessionSection,
    /// The APIs that pages reach through this server.
    pub apis: Vec<ApiSettings>,
    /// The server.
    pub http: Http,
    /// `BFF_METRICS_LISTEN`. None: there are no metrics.
    pub metrics: Option<SocketAddr>,
    /// Logs.
    pub telemetry: Telemetry,
    /// The audit.
    pub audit: AuditSettings,
    /// Which settings are set.
    pub at_start: SettingsAtStart,
    /// Settings that work and are risky.
    pub warnings: Vec<SettingWarning>,
    /// The sources, to read them again.
    pub(crate) origin: Origin,
}

/// Settings that are missing or wrong: all of them.
#[derive(Debug, thiserror::Error)]
#[error("settings that are missing or wrong ({}):{}", .0.len(), each(.0))]
pub struct WrongSettings(pub Vec<SettingError>);

fn each(errors: &[SettingError]) -> String {
    use std::fmt::Write;
    errors.iter().fold(String::new(), |mut text, error| {
        let _ = write!(text, "\n  {error}");
        text
    })
}

impl Config {
    /// Reads the settings from the variables of this process.
    ///
    /// # Errors
    ///
    /// Everything that is missing, wrong, contradictory or unknown.
    pub fn from_environment() -> Result<Self, WrongSettings> {
        Self::read(Source::collect(environment(), None)).map_err(WrongSettings)
    }

    /// Reads the settings from the variables of this process and from a TOML file, together with the settings of an application. A
    /// program with a command line of its own calls this; [`run_with`](crate::run_with) does it by itself.
    ///
    /// # Errors
    ///
    /// Everything that is missing, wrong, contradictory or unknown.
    pub fn from_sources<S: OwnSettings>(file: Option<&Path>) -> Result<(Self, S), WrongSettings> {
        Self::read_with(Source::collect_with::<S>(environment(), file)).map_err(WrongSettings)
    }

    /// Settings that reach no other machine: a provider that does not exist, and sessions in memory. They are for listing an
    /// application's routes, and for tests. `settings` are added to them.
    ///
    /// # Errors
    ///
    /// If one of `settings` is wrong.
    pub fn in_memory(settings: &[(&str, &str)]) -> Result<Self, WrongSettings> {
        let key = KeyRing::new_key().to_string();
        let usual = [
            ("BFF_PUBLIC_URL", "https://app.example.com"),
            ("BFF_ISSUER", "https://provider.example.com"),
            ("BFF_CLIENT_ID", "client"),
            ("BFF_CLIENT_SECRET", "a secret of tests"),
            ("BFF_REDIS_URL", "memory:"),
            ("BFF_SESSION_KEY", &key),
        ];
        let environment: BTreeMap<_, _> = usual.iter().chain(settings).copied().collect();
        Self::read(Source::collect(environment, None)).map_err(WrongSettings)
    }

    /// Reads and checks every setting.
    ///
    /// # Errors
    ///
    /// Everything that is missing, wrong, contradictory or unknown, in the order of the sections.
    pub fn read(source: Source) -> Result<Self, Vec<SettingError>> {
        Self::read_with::<()>(source).map(|(config, ())| config)
    }

    /// Reads and checks every setting, and those of an application ([`Source::collect_with`]).
    ///
    /// # Errors
    ///
    /// Everything that is missing, wrong, contradictory or unknown, the application's own last.
    pub fn read_with<S: OwnSettings>(mut source: Source) -> Result<(Self, S), Vec<SettingError>> {
        let http = Http::read(&mut source);
        let mut registration = provider::read(&mut source, http.as_ref());
        let claims = provider::claims(&mut source, registration.as_ref());
        let session = SessionSection::read(&mut source);
        let certificate = registration.as_ref().and_then(|it| it.credentials.certificate.as_ref());
        let apis = api::read(&mut source, http.as_ref(), certificate);
        if let Some(registration) = &mut registration {
            security_profile::check_apis(&mut source, registration.security_profile, &apis);
            registration.dpop = api::dpop(&mut source, registration.dpop, &apis);
        }
        let metrics = metrics::read(&mut source);
        let telemetry = Telemetry::read(&mut source);
        let audit = AuditSettings::read(&mut source);
        let own = source.own::<S>();
        let origin = source.origin();
        let at_start = source.at_start();
        let (errors, warnings) = source.finish();
        match (registration, claims, session, http, telemetry, audit, own) {
            (Some(registration), Some(claims), Some(session), Some(http), Some(telemetry), Some(audit), Some(own))
                if errors.is_empty() =>
            {
                let config = Self {
                    registration,
                    claims,
                    session,
                    apis,
                    http,
                    metrics,
                    telemetry,
                    audit,
                    at_start,
                    warnings,
                    origin,
                };
                Ok((config, own))
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests;
