//! Grants: codes, access tokens and refresh tokens, in memory, with bounds.

mod bounds;
mod kept;
mod refresh_token;
mod revocation;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Mutex, MutexGuard},
    time::Instant,
};

use serde::{Deserialize, Serialize};

pub(crate) use self::kept::KeptGrants;
pub(crate) use self::refresh_token::RefreshRefusal;
use self::refresh_token::RefreshToken;
use crate::{lock::lock, random::random_value};

/// The scopes this provider knows (Core §5.4, §11).
pub(crate) const SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

/// How long a code can be redeemed, in seconds: the browser brings it back at once.
const CODE_LIFETIME: u64 = 60;

/// The grant of a person's sign-in to the client.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Grant {
    /// Its name, by which all of its tokens are revoked.
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) subject: String,
    /// The provider's session that it was granted in.
    pub(crate) sid: String,
    /// When the person authenticated, in seconds since 1970.
    pub(crate) auth_time: u64,
    /// The granted scopes: those asked for that exist.
    pub(crate) scope: Vec<String>,
}

impl Grant {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.iter().any(|granted| granted == scope)
    }
}

/// The party in whose name an access token is used.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Holder {
    /// A person who signed in.
    Person(Grant),
    /// The client's own (RFC 6749 §4.4), with its scopes.
    Client(Vec<String>),
}

impl Holder {
    fn grant_id(&self) -> Option<&str> {
        match self {
            Self::Person(grant) => Some(&grant.id),
            Self::Client(_) => None,
        }
    }
}

/// The meaning of a code: the grant, and the values that the token request has to match (RFC 7636 §4.4, Core §3.1.3.2).
#[derive(Clone)]
pub(crate) struct PendingGrant {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: String,
    pub(crate) code_challenge: String,
    /// The key that the token request has to prove (RFC 9449 §10).
    pub(crate) dpop_jkt: Option<String>,
}

/// An access token that was issued.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AccessToken {
    pub(crate) holder: Holder,
    /// The binding of the token.
    pub(crate) binding: Binding,
}

/// The binding of an access token.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Binding {
    /// No binding: a bearer token (RFC 6750).
    Bearer,
    /// The key with this thumbprint (RFC 9449 §6).
    Key(String),
    /// The certificate of this name (RFC 8705 §3).
    Certificate(String),
}

#[derive(Clone, Deserialize, Serialize)]
struct Expiring<T> {
    value: T,
    expires_at: u64,
}

#[derive(Default)]
struct Records {
    codes: HashMap<String, Expiring<PendingGrant>>,
    access_tokens: HashMap<String, Expiring<AccessToken>>,
    refresh_tokens: HashMap<String, RefreshToken>,
    /// Names of grants.
    revoked: HashSet<String>,
    /// Username and session ID of every code.
    sessions: Vec<(String, String)>,
    issued: Vec<String>,
    /// The person of each of the latest refreshes, and its time.
    refreshes: Vec<(String, Instant)>,
    /// How many refreshes there were.
    refreshed: usize,
    reuse_alarms: usize,
    /// How many codes and access tokens were issued since the records were last looked through.
    issued_since_look: usize,
}

/// All grants of one provider.
#[derive(Default)]
pub(crate) struct Grants(Mutex<Records>);

impl Grants {
    /// A code of at least so many characters.
    pub(crate) fn issue_code(&self, pending: PendingGrant, now: u64, length: usize) -> String {
        let mut code = random_value();
        while code.len() < length {
            code.push_str(&random_value());
        }
        let mut records = self.records();
        let session = (pending.grant.username.clone(), pending.grant.sid.clone());
        records.sessions.push(session);
        records.codes.insert(
            code.clone(),
            Expiring {
                value: pending,
                expires_at: now + CODE_LIFETIME,
            },
        );
        records.issued.push(code.clone());
        records.tidy(now);
        code
    }

    /// The meaning of the code. This uses the code up, whether the token request succeeds or not (RFC 6749 §4.1.2).
    pub(crate) fn spend_code(&self, code: &str, now: u64) -> Option<PendingGrant> {
        let code = self.records().codes.remove(code)?;
        (now < code.expires_at).then_some(code.value)
    }

    pub(crate) fn issue_access_token(&self, issued: AccessToken, expires_at: u64, now: u64) -> String {
        let token = random_value();
        let mut records = self.records();
        records.access_tokens.insert(
            token.clone(),
            Expiring {
                value: issued,
                expires_at,
            },
        );
        records.issued.push(token.clone());
        records.tidy(now);
        token
    }

    /// The holder and the key of the access token, unless it has expired or was revoked.
    pub(crate) fn access_token(&self, token: &str, now: u64) -> Option<AccessToken> {
        let records = self.records();
        let token = records.access_tokens.get(token)?;
        let revoked = token
            .value
            .holder
            .grant_id()
            .is_some_and(|id| records.revoked.contains(id));
        (now < token.expires_at && !revoked).then(|| token.value.clone())
    }

    /// The session IDs that a person's logins were given, oldest first.
    pub(crate) fn sids(&self, username: &str) -> Vec<String> {
        let records = self.records();
        let of_person = records.sessions.iter().filter(|(name, _)| name == username);
        of_person.map(|(_, sid)| sid.clone()).collect()
    }

    /// Remembers a secret that was issued and that nothing looks up: an ID Token.
    pub(crate) fn note_issued(&self, secret: &str) {
        self.records().issued.push(secret.to_owned());
    }

    /// The codes and tokens issued so far, the latest ones of too many.
    pub(crate) fn issued(&self) -> Vec<String> {
        self.records().issued.clone()
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.0)
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let issued = self.records().issued.len();
        write!(formatter, "Grants({issued} codes and tokens)")
    }
}
