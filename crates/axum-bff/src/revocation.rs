//! Tokens of ended sessions are revoked at the provider (RFC 7009), in the background: the person
//! who signs out does not wait for it, and a provider that is away does not stop it (LO-03).
//!
//! The queue is in this process and bounded. Tokens that are lost with it end by their own expiry.

use crate::error::chain;
use crate::in_flight::{InFlight, UnderWay};
use bff_session::TokenRecord;
use oidc_relying_party::{RelyingParty, Revocation, TokenTypeHint};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// No more tokens than this wait.
const WAITING: usize = 4096;

/// How long to wait before each further attempt.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(25)];

/// So many are revoked at the same time.
const AT_ONCE: usize = 4;

/// The tokens that wait to be revoked. Clones share everything.
#[derive(Clone, Debug)]
pub struct Revocations {
    waiting: Sender<(TokenRecord, UnderWay)>,
    open: InFlight,
}

impl Revocations {
    /// At this provider. Begins tasks that end with the last clone.
    #[must_use]
    pub fn new(relying_party: &RelyingParty) -> Self {
        let (waiting, arriving) = mpsc::channel(WAITING);
        let arriving = Arc::new(Mutex::new(arriving));
        for _ in 0..AT_ONCE {
            tokio::spawn(work(relying_party.clone(), arriving.clone()));
        }
        Self {
            waiting,
            open: InFlight::default(),
        }
    }

    /// Revokes the tokens of a session that is over, if it has left any, as soon as the provider takes it.
    pub fn revoke(&self, tokens: impl Into<Option<TokenRecord>>) {
        let Some(tokens) = tokens.into() else { return };
        if self.waiting.try_send((tokens, self.open.begin())).is_err() {
            tracing::warn!(code = "revocation_dropped", "too many tokens wait to be revoked");
        }
    }

    /// How many token records wait to be revoked, those under way included.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.open.count()
    }

    /// Resolves when nothing waits to be revoked.
    pub async fn done(&self) {
        self.open.done().await;
    }
}

async fn work(relying_party: RelyingParty, arriving: Arc<Mutex<Receiver<(TokenRecord, UnderWay)>>>) {
    loop {
        let next = arriving.lock().await.recv().await;
        let Some((tokens, open)) = next else { return };
        // First the one that lives longer. Most providers end the whole grant with it (RFC 7009 §2.1), but not all.
        if let Some(refresh_token) = &tokens.refresh_token {
            revoke(&relying_party, refresh_token, TokenTypeHint::RefreshToken).await;
        }
        revoke(&relying_party, &tokens.access_token, TokenTypeHint::AccessToken).await;
        drop(open);
    }
}

async fn revoke(relying_party: &RelyingParty, token: &SecretString, hint: TokenTypeHint) {
    let mut pauses = PAUSES.into_iter();
    loop {
        let error = match relying_party.revoke(token, hint).await {
            Ok(Revocation::Done | Revocation::NotOffered) => return,
            Err(error) => error,
        };
        tracing::warn!(code = error.code(), cause = chain(&error), "a token was not revoked");
        match pauses.next() {
            Some(pause) if error.fault() == oidc_relying_party::Fault::Unavailable => {
                tokio::time::sleep(error.retry_after().map_or(pause, |wait| wait.max(pause))).await;
            }
            _ => return,
        }
    }
}
