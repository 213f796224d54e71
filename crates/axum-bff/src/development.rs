//! `bff --development`: the development provider in this process, and settings that fit it.
//!
//! The provider answers on `127.0.0.1` and the application on `localhost`: two sites, so that
//! what breaks across sites breaks here and not in production.

use crate::paths;
use bff_session::key_ring::KeyRing;
use provider::{Client, Provider, Settings, StartError};
use std::env::VarError;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::time::Duration;

const PROVIDER_LISTEN: &str = "127.0.0.1:4000";
const BFF_LISTEN: &str = "127.0.0.1:3000";

/// Why there is no development provider.
#[derive(Debug, thiserror::Error)]
pub enum DevelopmentError {
    /// A variable is no address with a port.
    #[error("{0} is no address with a port, such as 127.0.0.1:4000")]
    Address(&'static str),
    /// The provider did not start.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// The running provider.
#[derive(Debug)]
pub struct Development {
    provider: Provider,
    client: Client,
    public_url: String,
    people: Vec<(String, String)>,
}

/// Starts the provider, where it is wanted.
///
/// # Errors
///
/// A [`DevelopmentError`], which names an address that is taken.
pub async fn start(wanted: bool) -> Result<Option<Development>, DevelopmentError> {
    if !wanted {
        return Ok(None);
    }
    let address = |name: &'static str, default: &str| -> Result<SocketAddr, DevelopmentError> {
        match std::env::var(name) {
            Err(VarError::NotPresent) => default.parse(),
            Err(VarError::NotUnicode(_)) => return Err(DevelopmentError::Address(name)),
            Ok(text) => text.parse(),
        }
        .map_err(|_| DevelopmentError::Address(name))
    };
    let listen = address("BFF_LISTEN", BFF_LISTEN)?;
    let public_url = format!("http://localhost:{}", listen.port());
    let client = Client {
        // The provider's server calls this one: by its address, not by a name that may mean another.
        backchannel_logout_uri: Some(format!("http://{listen}{}", paths::BACKCHANNEL_LOGOUT)),
        ..Client::new(
            "leptos-oidc-bff",
            format!("{public_url}{}", paths::CALLBACK),
            format!("{public_url}/*"),
        )
    };
    let settings = Settings {
        listen: address("DEV_PROVIDER_LISTEN", PROVIDER_LISTEN)?,
        // Short, so that renewing is seen at work.
        access_token_lifetime: Duration::from_mins(5),
        ..Settings::new(client.clone())
    };
    let people = settings
        .people
        .iter()
        .map(|person| (person.username.clone(), person.password.clone()))
        .collect();
    let provider = Provider::start(settings).await?;
    Ok(Some(Development {
        provider,
        client,
        public_url,
        people,
    }))
}

impl Development {
    /// Adds the settings that fit this provider, where the environment has none of its own.
    #[must_use]
    pub fn fill_in(&self, mut environment: Vec<(OsString, OsString)>) -> Vec<(OsString, OsString)> {
        let fitting = [
            ("BFF_PUBLIC_URL", self.public_url.clone()),
            ("BFF_HTTP_LOOPBACK", "on".to_owned()),
            ("BFF_ISSUER", self.provider.issuer().to_owned()),
            ("BFF_CLIENT_ID", self.client.id.clone()),
            ("BFF_CLIENT_SECRET", self.client.secret.clone()),
            ("BFF_SCOPES", "openid profile email offline_access".to_owned()),
            ("BFF_API_DEMO", format!("{}/resource/", self.provider.issuer())),
            ("BFF_REDIS_URL", "memory:".to_owned()),
            ("BFF_SESSION_KEY", KeyRing::new_key().to_string()),
            ("BFF_LOG", "warn".to_owned()),
            ("BFF_LOG_FORMAT", "text".to_owned()),
        ];
        // cargo-leptos says where it writes the front end's files.
        let site = std::env::var("LEPTOS_SITE_ROOT").ok().map(|site| ("BFF_SITE", site));
        for (name, value) in fitting.into_iter().chain(site) {
            let is_set = |(set, value): &(OsString, OsString)| {
                set == name && value.to_str().is_none_or(|value| !value.trim().is_empty())
            };
            if !environment.iter().any(is_set) {
                environment.push((name.into(), value.into()));
            }
        }
        environment
    }

    /// Says where to go and who can sign in, on standard output. Nobody waits for its reader.
    pub fn announce(&self, public_url: &str) {
        use std::fmt::Write;
        let mut text = format!(
            "\n  Open      {public_url}\n  Provider  {} (development, in this process)\n",
            self.provider.issuer()
        );
        for (username, password) in &self.people {
            let _ = writeln!(text, "  Sign in   {username} / {password}");
        }
        text.push_str("  End       Ctrl-C\n\n");
        std::thread::spawn(move || {
            let mut out = std::io::stdout().lock();
            std::io::Write::write_all(&mut out, text.as_bytes())
        });
    }
}
