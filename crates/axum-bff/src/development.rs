//! `bff --development`: the development provider in this process, and settings that fit it.
//!
//! The people who can sign in are those of `people.toml` in the working directory, or of the file that `DEV_PEOPLE` names, or
//! the demo people. A run keeps its state for the next in the folder that `DEV_STATE` names: see `kept`.
//!
//! The provider answers on `127.0.0.1` and the application on `localhost`: two sites. So a fault across sites shows
//! here, and not first in production.

mod kept;

pub use kept::KeptError;

use crate::paths;
use bff_session::key_ring::KeyRing;
use bff_session::store::MemoryStore;
use kept::Kept;
use provider::{Client, PeopleError, Person, Provider, Settings, StartError, demo_people, people_of};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PROVIDER_LISTEN: &str = "127.0.0.1:4000";
const BFF_LISTEN: &str = "127.0.0.1:3000";
const CLIENT_ID: &str = "leptos-oidc-bff";

/// Why there is no development provider.
#[derive(Debug, thiserror::Error)]
pub enum DevelopmentError {
    /// A variable is no address with a port.
    #[error("{0} is no address with a port, such as 127.0.0.1:4000")]
    Address(&'static str),
    /// The file with the people is of no use.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// Other machines could reach sessions that the folder of `DEV_STATE` keeps.
    #[error(
        "BFF_LISTEN is {0}, which is not loopback: the state in DEV_STATE is for this machine alone. DEV_STATE= keeps none"
    )]
    NotLoopback(SocketAddr),
    /// The state of an earlier run cannot be read, or new state cannot be written.
    #[error(transparent)]
    Kept(#[from] KeptError),
    /// The provider did not start.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// The running provider.
pub struct Development {
    provider: Provider,
    client: Client,
    public_url: String,
    people: Vec<(String, String)>,
    kept: Option<Kept>,
}

impl fmt::Debug for Development {
    /// Without the passwords and the session key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Development")
            .field("provider", &self.provider)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

/// Gives a variable of the environment.
type Variable = dyn Fn(&str) -> Option<OsString> + Sync;

/// The file with the people, if there is one.
const PEOPLE: &str = "people.toml";

/// Starts the provider, if it is wanted.
///
/// # Errors
///
/// A [`DevelopmentError`], which names an address that is taken, or the fault in a file.
pub async fn start(wanted: bool) -> Result<Option<Development>, DevelopmentError> {
    if !wanted {
        return Ok(None);
    }
    start_with(&|name| std::env::var_os(name)).await.map(Some)
}

async fn start_with(variable: &Variable) -> Result<Development, DevelopmentError> {
    let address = |name: &'static str, default: &str| -> Result<SocketAddr, DevelopmentError> {
        let text = variable(name).unwrap_or_else(|| default.into());
        let address = text.to_str().and_then(|text| text.parse().ok());
        address.ok_or(DevelopmentError::Address(name))
    };
    let listen = address("BFF_LISTEN", BFF_LISTEN)?;
    let kept = match folder_of(variable) {
        Some(_) if !listen.ip().is_loopback() => return Err(DevelopmentError::NotLoopback(listen)),
        // Two applications have two ports.
        Some(folder) => Some(Kept::open(&folder.join(listen.port().to_string()))?),
        None => None,
    };
    // The provider knows the addresses before the settings are read.
    let public_url = match variable("BFF_PUBLIC_URL").and_then(|url| url.into_string().ok()) {
        Some(url) if !url.trim().is_empty() => url.trim().trim_end_matches('/').to_owned(),
        _ => format!("http://localhost:{}", listen.port()),
    };
    let path =
        url::Url::parse(&public_url).map_or_else(|_| String::new(), |url| url.path().trim_end_matches('/').to_owned());
    let client = Client {
        name: name_of(variable).unwrap_or_else(|| CLIENT_ID.to_owned()),
        // The provider's server calls this one: by its address, not by a name that may mean another.
        backchannel_logout_uri: Some(format!("http://{listen}{path}{}", paths::BACKCHANNEL_LOGOUT)),
        ..Client::new(
            CLIENT_ID,
            format!("{public_url}{}", paths::CALLBACK),
            format!("{public_url}/*"),
        )
    };
    let settings = Settings {
        listen: address("DEV_PROVIDER_LISTEN", PROVIDER_LISTEN)?,
        // Short, so that renewing is seen at work.
        access_token_lifetime: Duration::from_mins(5),
        people: people(variable("DEV_PEOPLE").as_deref(), Path::new(PEOPLE))?,
        desk: true,
        roles_in_id_token: true,
        ..Settings::new(client.clone())
    };
    let people = settings
        .people
        .iter()
        .map(|person| (person.username.clone(), person.password.clone()))
        .collect();
    let left = kept.as_ref().and_then(Kept::provider);
    let provider = Provider::start_from(settings, left).await?;
    if let Some(kept) = &kept {
        kept.follow(&provider);
    }
    Ok(Development {
        provider,
        client,
        public_url,
        people,
        kept,
    })
}

/// The people of the file that is named, or of the usual one if it is there, or the demo people.
fn people(named: Option<&OsStr>, usual: &Path) -> Result<Vec<Person>, PeopleError> {
    match named.filter(|named| !named.is_empty()) {
        Some(named) => people_of(Path::new(named)),
        None if usual.is_file() => people_of(usual),
        None => Ok(demo_people()),
    }
}

/// The application's name on the pages of the provider: the one under which cargo-leptos builds the front end.
fn name_of(variable: &Variable) -> Option<String> {
    let name = variable("LEPTOS_OUTPUT_NAME")?.into_string().ok()?;
    (!name.trim().is_empty()).then_some(name)
}

/// The folder with the state that the next run takes up: that of `DEV_STATE`, or one beside the files that cargo-leptos
/// writes. None if `DEV_STATE` is empty, or neither is there.
fn folder_of(variable: &Variable) -> Option<PathBuf> {
    match variable("DEV_STATE") {
        Some(folder) => (!folder.is_empty()).then(|| folder.into()),
        None => Some(Path::new(&variable("LEPTOS_SITE_ROOT")?).with_file_name("development")),
    }
}

impl Development {
    /// The sessions, if they outlive a run. They are used if the settings want them in memory.
    #[must_use]
    pub fn sessions(&self) -> Option<MemoryStore> {
        self.kept.as_ref().map(|kept| kept.sessions.clone())
    }

    /// Leaves everything for the next run.
    pub fn write_down(&self) {
        if let Some(kept) = &self.kept {
            kept.write_down(&self.provider);
        }
    }

    /// Adds the settings that fit this provider, if the environment has none of its own.
    #[must_use]
    pub fn fill_in(&self, mut environment: Vec<(OsString, OsString)>) -> Vec<(OsString, OsString)> {
        let session_key = match &self.kept {
            Some(kept) => kept.session_key.clone(),
            None => KeyRing::new_key().to_string(),
        };
        let fitting = [
            ("BFF_PUBLIC_URL", self.public_url.clone()),
            ("BFF_HTTP_LOOPBACK", "on".to_owned()),
            ("BFF_ISSUER", self.provider.issuer().to_owned()),
            ("BFF_CLIENT_ID", self.client.id.clone()),
            ("BFF_CLIENT_SECRET", self.client.secret.clone()),
            ("BFF_SCOPES", "openid profile email offline_access".to_owned()),
            ("BFF_API_DEMO", format!("{}/resource/", self.provider.issuer())),
            ("BFF_REDIS_URL", "memory:".to_owned()),
            ("BFF_SESSION_KEY", session_key),
            ("BFF_LOG", "warn".to_owned()),
            ("BFF_LOG_FORMAT", "text".to_owned()),
        ];
        // cargo-leptos names the folder to which it writes the front end's files.
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

    /// Prints the address and the people who can sign in to standard output. It does not wait for a reader.
    pub fn announce(&self, public_url: &str) {
        use std::fmt::Write;
        let mut text = format!(
            "\n  Open      {public_url}\n  Provider  {} (a control desk: sign people out, change roles, stop its answers)\n",
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

#[cfg(test)]
mod tests;
