//! Refreshes with and without rotation, and answers that have to be refused.

use ::provider::{Answer, Endpoint, Fault as ProviderFault};
use secrecy::ExposeSecret;

use super::Pair;
use crate::{RefreshVerdict, TokenSet};

/// RT-02
#[tokio::test]
async fn one_refresh_follows_another_with_rotation_and_without() {
    for rotate in [true, false] {
        let pair = Pair::start_with(|settings| settings.rotate_refresh_tokens = rotate).await;
        let mut tokens = pair.signed_in().await;
        for refreshes in 1..=3 {
            let refreshed = pair.refreshed(&tokens).await.expect("tokens");
            assert_eq!(refreshed.refresh_token.is_some(), rotate);
            assert_ne!(
                refreshed.access_token.expose_secret(),
                tokens.access_token.expose_secret()
            );
            assert_eq!(refreshed.scope, "openid offline_access");
            tokens = TokenSet {
                access_token: refreshed.access_token,
                id_token: refreshed.id_token.map_or(tokens.id_token, |it| it.token),
                refresh_token: refreshed.refresh_token.or(tokens.refresh_token),
                expires_at: refreshed.expires_at,
                scope: refreshed.scope,
                dpop_key: refreshed.dpop_key,
            };
            assert_eq!(
                (pair.provider.refreshes(), pair.provider.reuse_alarms()),
                (refreshes, 0)
            );
        }
    }
}

/// RT-05, RT-06
#[tokio::test]
async fn the_refresh_token_survives_everything_but_invalid_grant() {
    let pair = Pair::start().await;
    let tokens = pair.signed_in().await;
    for fault in [
        ProviderFault::Answer(Endpoint::Token, Answer::error(503, "temporarily_unavailable")),
        ProviderFault::Answer(Endpoint::Token, Answer::empty(429)),
        ProviderFault::EndlessBody(Endpoint::Token),
    ] {
        pair.provider.inject(fault);
        let error = pair.refreshed(&tokens).await.expect_err("no answer");
        assert_eq!(error.verdict(), RefreshVerdict::Later);
        pair.provider.heal();
    }
    pair.refreshed(&tokens).await.expect("tokens");
    let error = pair.refreshed(&tokens).await.expect_err("spent");
    assert_eq!(
        (error.code(), error.verdict()),
        ("invalid_grant", RefreshVerdict::Refused)
    );
    assert_eq!(pair.provider.reuse_alarms(), 1);

    let tokens = pair.signed_in().await;
    pair.provider.revoke_grants("alice");
    let error = pair.refreshed(&tokens).await.expect_err("revoked");
    assert_eq!(error.verdict(), RefreshVerdict::Refused);
}

/// RT-02
#[tokio::test]
async fn an_answer_that_is_lost_is_not_asked_for_again() {
    let pair = Pair::start().await;
    let tokens = pair.signed_in().await;
    pair.provider.forget_calls();
    pair.provider.inject(ProviderFault::Cut(Endpoint::Token));
    let error = pair.refreshed(&tokens).await.expect_err("no answer");
    assert_eq!(
        (error.code(), error.verdict()),
        ("provider_unreachable", RefreshVerdict::Later)
    );
    assert_eq!(pair.provider.calls_to(Endpoint::Token).len(), 1);
    assert_eq!((pair.provider.refreshes(), pair.provider.reuse_alarms()), (1, 0));
}
