//! The client's own access token for an API, kept until shortly before it expires.

use crate::access_tokens::is_too_young;
use bff_clock::Clock;
use oidc_relying_party::{AccessToken, ClientToken, TokenRequestError};
use secrecy::ExposeSecret;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

/// A token that expires sooner than this may expire on the way.
const MARGIN: Duration = Duration::seconds(30);

/// The token of one API. A request that comes while a token is being fetched waits for that token.
#[derive(Debug, Default)]
pub(super) struct ClientTokens(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    /// The provider's answer with `Retry-After`, and its time.
    held_back: Option<(OffsetDateTime, TokenRequestError)>,
}

#[derive(Debug)]
struct Kept {
    token: ClientToken,
    obtained_at: OffsetDateTime,
}

impl Kept {
    fn is_fresh(&self, now: OffsetDateTime) -> bool {
        self.token.expires_at.is_none_or(|end| now + MARGIN < end)
    }

    fn is(&self, other: &AccessToken) -> bool {
        self.token.access_token.token.expose_secret() == other.token.expose_secret()
    }
}

impl ClientTokens {
    /// The next call asks for a token.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = State::default();
    }

    /// A token that can be used now.
    pub(super) async fn current(
        &self,
        clock: &dyn Clock,
        ask: impl AsyncFnOnce() -> Result<ClientToken, TokenRequestError>,
    ) -> Result<AccessToken, TokenRequestError> {
        let mut state = self.0.lock().await;
        match &state.kept {
            Some(kept) if kept.is_fresh(clock.now()) => Ok(kept.token.access_token.clone()),
            _ => state.fetch(clock, ask).await,
        }
    }

    /// A token other than `refused`, which the API answered with 401. `None`: the refused token is so young that its age
    /// cannot be the reason, so the API would refuse another one too, and each refusal would be a token request.
    pub(super) async fn renewed(
        &self,
        clock: &dyn Clock,
        refused: &AccessToken,
        ask: impl AsyncFnOnce() -> Result<ClientToken, TokenRequestError>,
    ) -> Result<Option<AccessToken>, TokenRequestError> {
        let mut state = self.0.lock().await;
        let now = clock.now();
        match &state.kept {
            Some(kept) if kept.is(refused) && is_too_young(kept.obtained_at, kept.token.expires_at, now) => Ok(None),
            Some(kept) if !kept.is(refused) && kept.is_fresh(now) => Ok(Some(kept.token.access_token.clone())),
            _ => state.fetch(clock, ask).await.map(Some),
        }
    }
}

impl State {
    async fn fetch(
        &mut self,
        clock: &dyn Clock,
        ask: impl AsyncFnOnce() -> Result<ClientToken, TokenRequestError>,
    ) -> Result<AccessToken, TokenRequestError> {
        let obtained_at = clock.now();
        if let Some((until, error)) = &self.held_back
            && obtained_at < *until
        {
            return Err(error.clone());
        }
        match ask().await {
            Ok(token) => {
                let access_token = token.access_token.clone();
                self.kept = Some(Kept { token, obtained_at });
                self.held_back = None;
                Ok(access_token)
            }
            Err(error) => {
                self.held_back = error.retry_after().map(|wait| (clock.now() + wait, error.clone()));
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bff_clock::ManualClock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use time::OffsetDateTime;

    fn bearer(token: &str) -> AccessToken {
        AccessToken {
            token: token.into(),
            dpop_key: None,
        }
    }

    struct Provider {
        asked: AtomicU32,
        clock: ManualClock,
    }

    impl Provider {
        async fn give(&self) -> Result<ClientToken, TokenRequestError> {
            tokio::task::yield_now().await;
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(ClientToken {
                access_token: bearer(&format!("token {number}")),
                expires_at: Some(self.clock.now() + Duration::seconds(60)),
            })
        }

        async fn token(&self, tokens: &ClientTokens) -> String {
            let token = tokens.current(&self.clock, async || self.give().await).await;
            token.expect("a token").token.expose_secret().to_owned()
        }

        async fn other_than(&self, tokens: &ClientTokens, refused: &str) -> Option<String> {
            let refused = bearer(refused);
            let token = tokens.renewed(&self.clock, &refused, async || self.give().await).await;
            token
                .expect("an answer")
                .map(|token| token.token.expose_secret().to_owned())
        }
    }

    fn provider() -> (Provider, ClientTokens) {
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH);
        let asked = AtomicU32::new(0);
        (Provider { asked, clock }, ClientTokens::default())
    }

    #[tokio::test]
    async fn a_token_is_kept_until_half_a_minute_before_its_end() {
        let (provider, tokens) = provider();
        assert_eq!(provider.token(&tokens).await, "token 1");
        provider.clock.advance(std::time::Duration::from_secs(29));
        assert_eq!(provider.token(&tokens).await, "token 1");
        provider.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(provider.token(&tokens).await, "token 2");
    }

    #[tokio::test]
    async fn many_callers_at_once_get_one_token() {
        let (provider, tokens) = provider();
        let (a, b, c) = tokio::join!(
            provider.token(&tokens),
            provider.token(&tokens),
            provider.token(&tokens)
        );
        assert_eq!([a.as_str(), &b, &c], ["token 1"; 3]);
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once() {
        let (provider, tokens) = provider();
        assert_eq!(provider.token(&tokens).await, "token 1");
        provider.clock.advance(std::time::Duration::from_secs(20));
        for _ in 0..2 {
            let other = provider.other_than(&tokens, "token 1").await;
            assert_eq!(other.as_deref(), Some("token 2"), "the second call reuses it");
        }
    }

    #[tokio::test]
    async fn an_api_that_refuses_every_token_costs_no_token_request_for_each_call() {
        let (provider, tokens) = provider();
        assert_eq!(provider.token(&tokens).await, "token 1");
        for _ in 0..50 {
            assert_eq!(provider.other_than(&tokens, "token 1").await, None, "the token is new");
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
        // A token is new for a quarter of its lifetime, but for at most ten seconds. Here a quarter is 15 seconds.
        provider.clock.advance(std::time::Duration::from_secs(10));
        let other = provider.other_than(&tokens, "token 1").await;
        assert_eq!(other.as_deref(), Some("token 2"));
        for _ in 0..50 {
            assert_eq!(
                provider.other_than(&tokens, "token 2").await,
                None,
                "the next token is new too"
            );
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (provider, tokens) = provider();
        let failed = tokens
            .current(&provider.clock, async || Err(TokenRequestError::Busy))
            .await;
        assert!(matches!(failed, Err(TokenRequestError::Busy)));
        assert_eq!(provider.token(&tokens).await, "token 1");
    }

    #[tokio::test]
    async fn a_provider_that_says_how_long_it_wants_to_be_left_alone_is_left_alone() {
        let (provider, tokens) = provider();
        let busy = TokenRequestError::Later {
            status: 503,
            wait: std::time::Duration::from_secs(20),
        };
        let failed = tokens.current(&provider.clock, async || Err(busy)).await;
        assert!(failed.is_err());
        provider.clock.advance(std::time::Duration::from_secs(19));
        let early = tokens.current(&provider.clock, async || panic!("too early")).await;
        assert!(matches!(early, Err(TokenRequestError::Later { status: 503, .. })));
        provider.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(provider.token(&tokens).await, "token 1");
    }
}
