//! The client's own access token for an API, kept until shortly before it expires.

use crate::clock::Clock;
use crate::relying_party::{AccessToken, ClientToken};
use secrecy::ExposeSecret;
use time::Duration;
use tokio::sync::Mutex;

/// A token that expires sooner than this may expire on the way.
const MARGIN: Duration = Duration::seconds(30);

/// The token of one API. Whoever asks while one is being fetched waits for that one.
#[derive(Debug, Default)]
pub(super) struct ClientTokens(Mutex<Option<ClientToken>>);

impl ClientTokens {
    /// A token that can be used now, other than `refused`.
    pub(super) async fn get<E>(
        &self,
        clock: &dyn Clock,
        refused: Option<&AccessToken>,
        ask: impl AsyncFnOnce() -> Result<ClientToken, E>,
    ) -> Result<AccessToken, E> {
        let mut kept = self.0.lock().await;
        if let Some(token) = &*kept {
            let is_fresh = token.expires_at.is_none_or(|end| clock.now() + MARGIN < end);
            let is_refused = refused
                .is_some_and(|refused| refused.token.expose_secret() == token.access_token.token.expose_secret());
            if is_fresh && !is_refused {
                return Ok(token.access_token.clone());
            }
        }
        let fresh = ask().await?;
        let token = fresh.access_token.clone();
        *kept = Some(fresh);
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
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
        async fn give(&self) -> Result<ClientToken, &'static str> {
            tokio::task::yield_now().await;
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(ClientToken {
                access_token: bearer(&format!("token {number}")),
                expires_at: Some(self.clock.now() + Duration::seconds(60)),
            })
        }

        async fn token(&self, tokens: &ClientTokens, refused: Option<&str>) -> String {
            let refused = refused.map(bearer);
            let token = tokens
                .get(&self.clock, refused.as_ref(), async || self.give().await)
                .await;
            token.expect("a token").token.expose_secret().to_owned()
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
        assert_eq!(provider.token(&tokens, None).await, "token 1");
        provider.clock.advance(std::time::Duration::from_secs(29));
        assert_eq!(provider.token(&tokens, None).await, "token 1");
        provider.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(provider.token(&tokens, None).await, "token 2");
    }

    #[tokio::test]
    async fn many_who_ask_at_once_get_one() {
        let (provider, tokens) = provider();
        let (a, b, c) = tokio::join!(
            provider.token(&tokens, None),
            provider.token(&tokens, None),
            provider.token(&tokens, None)
        );
        assert_eq!([a.as_str(), &b, &c], ["token 1"; 3]);
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once() {
        let (provider, tokens) = provider();
        assert_eq!(provider.token(&tokens, None).await, "token 1");
        assert_eq!(provider.token(&tokens, Some("token 1")).await, "token 2");
        assert_eq!(
            provider.token(&tokens, Some("token 1")).await,
            "token 2",
            "another one is there"
        );
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (provider, tokens) = provider();
        let failed = tokens.get(&provider.clock, None, async || Err("away")).await;
        assert_eq!(failed.err(), Some("away"));
        assert_eq!(provider.token(&tokens, None).await, "token 1");
    }
}
