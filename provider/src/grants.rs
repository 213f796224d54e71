//! What was granted: codes, access tokens and refresh tokens, in memory.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard},
};

use crate::{random::random_value, state::lock};

/// The scopes this provider knows (Core §5.4, §11).
pub(crate) const SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

/// How long a code can be redeemed, in seconds: the browser brings it back at once.
const CODE_LIFETIME: u64 = 60;

/// How long an access token is good, in seconds.
pub(crate) const ACCESS_TOKEN_LIFETIME: u64 = 3600;

/// What a person's sign-in granted to the client.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
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

/// What a code stands for: the grant, and what the token request has to prove (RFC 7636 §4.4, Core §3.1.3.2).
#[derive(Clone)]
pub(crate) struct PendingGrant {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: String,
    pub(crate) code_challenge: String,
}

struct Expiring<T> {
    value: T,
    expires_at: u64,
}

#[derive(Default)]
struct Records {
    codes: HashMap<String, Expiring<PendingGrant>>,
    access_tokens: HashMap<String, Expiring<Grant>>,
    refresh_tokens: HashMap<String, Grant>,
    issued: Vec<String>,
}

/// All grants of one provider.
#[derive(Default)]
pub(crate) struct Grants(Mutex<Records>);

impl Grants {
    pub(crate) fn issue_code(&self, pending: PendingGrant, now: u64) -> String {
        let code = random_value();
        let mut records = self.records();
        records.codes.insert(
            code.clone(),
            Expiring {
                value: pending,
                expires_at: now + CODE_LIFETIME,
            },
        );
        records.issued.push(code.clone());
        code
    }

    /// What the code stands for. It is spent by this, whatever comes of the token request (RFC 6749 §4.1.2).
    pub(crate) fn spend_code(&self, code: &str, now: u64) -> Option<PendingGrant> {
        let code = self.records().codes.remove(code)?;
        (now < code.expires_at).then_some(code.value)
    }

    pub(crate) fn issue_access_token(&self, grant: Grant, now: u64) -> String {
        let token = random_value();
        let mut records = self.records();
        records.access_tokens.insert(
            token.clone(),
            Expiring {
                value: grant,
                expires_at: now + ACCESS_TOKEN_LIFETIME,
            },
        );
        records.issued.push(token.clone());
        token
    }

    pub(crate) fn access_token(&self, token: &str, now: u64) -> Option<Grant> {
        let records = self.records();
        let token = records.access_tokens.get(token)?;
        (now < token.expires_at).then(|| token.value.clone())
    }

    pub(crate) fn issue_refresh_token(&self, grant: Grant) -> String {
        let token = random_value();
        let mut records = self.records();
        records.refresh_tokens.insert(token.clone(), grant);
        records.issued.push(token.clone());
        token
    }

    /// What the refresh token stands for. It is rotated: this one is spent (RFC 9700 §4.14.2).
    pub(crate) fn spend_refresh_token(&self, token: &str) -> Option<Grant> {
        self.records().refresh_tokens.remove(token)
    }

    /// Remembers a secret that was issued and that nothing looks up: an ID Token.
    pub(crate) fn note_issued(&self, secret: &str) {
        self.records().issued.push(secret.to_owned());
    }

    /// Every code and token issued so far.
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
