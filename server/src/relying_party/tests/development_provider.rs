//! The steps of a session's life with the development provider, which another hand wrote than the scripted one.

use std::{sync::Arc, time::Duration};

use ::provider::{
    Answer, Client, Endpoint, Fault as ProviderFault, LogoutTokenParts, Provider, Settings, SignatureFault,
};
use openidconnect::core::CoreJwsSigningAlgorithm;
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;

use super::{parameters, provider::NONCE};
use crate::{
    clock::SystemClock,
    relying_party::{
        AuthenticationWanted, AuthorizationResponse, PendingAuthorization, RefreshError, RefreshRequest,
        RefreshVerdict, RefreshedTokens, Registration, RelyingParty, Revocation, SessionSelector, TokenSet,
        TokenTypeHint,
    },
};

const CALLBACK: &str = "http://localhost:3000/auth/callback";
const SIGNED_OUT: &str = "http://localhost:3000/signed-out";

struct Pair {
    provider: Provider,
    relying_party: RelyingParty,
}

impl Pair {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let client = Client::new("client", CALLBACK, SIGNED_OUT);
        let mut settings = Settings::new(client.clone());
        change(&mut settings);
        let provider = Provider::start(settings).await.expect("a provider");
        let url = |text: &str| Url::parse(text).expect("a URL");
        let registration = Registration {
            scopes: vec!["openid".to_owned(), "offline_access".to_owned()],
            http_loopback: true,
            // Only a provider that never answers takes it: a busy machine signs slowly.
            http_timeout: Duration::from_secs(5),
            ..Registration::new(
                provider.issuer().to_owned(),
                client.id,
                client.secret.into(),
                url(CALLBACK),
                url(SIGNED_OUT),
            )
        };
        let relying_party = RelyingParty::new(registration, Arc::new(SystemClock)).expect("a relying party");
        Self {
            provider,
            relying_party,
        }
    }

    async fn signed_in(&self) -> TokenSet {
        let parameters = parameters();
        let pending = PendingAuthorization {
            issuer: self.provider.issuer().to_owned(),
            nonce: NONCE.into(),
            code_verifier: parameters.code_verifier.clone(),
            wanted: AuthenticationWanted::default(),
            dpop_key: None,
        };
        let address = self
            .relying_party
            .authorization_request(parameters)
            .await
            .expect("an address");
        let callback = self.provider.authorize(address.as_str(), "alice").await;
        let parameter = |name: &str| {
            let mut pairs = callback.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let response = AuthorizationResponse::Code {
            code: parameter("code").expect("a code").into(),
            iss: parameter("iss"),
        };
        let grant = self.relying_party.accept(pending, response).await.expect("a grant");
        let authentication = self.relying_party.redeem(grant).await.expect("an authentication");
        authentication.into_claims_and_tokens().1
    }

    async fn refreshed(&self, tokens: &TokenSet) -> Result<RefreshedTokens, RefreshError> {
        let request = RefreshRequest {
            refresh_token: tokens.refresh_token.as_ref().expect("a refresh token"),
            id_token: &tokens.id_token,
            scope: &tokens.scope,
            dpop_key: None,
        };
        self.relying_party.refresh(request).await
    }

    async fn verdict(&self, parts: LogoutTokenParts) -> &'static str {
        let token = self.provider.logout_token(parts);
        let verified = self.relying_party.verify_logout_token(&token).await;
        verified.map_or_else(|error| error.code(), |_| "accepted")
    }
}

#[tokio::test]
async fn rt_02_refresh_after_refresh_with_rotation_and_without() {
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

#[tokio::test]
async fn rt_04_every_mismatch_is_rejected() {
    let pair = Pair::start().await;
    for (fault, code) in [
        (ProviderFault::IdTokenClaim("sub", json!("mallory")), "refresh_subject"),
        (
            ProviderFault::IdTokenClaim("iss", json!("https://other.example")),
            "id_token_issuer",
        ),
        (
            ProviderFault::IdTokenClaim("aud", json!("another")),
            "id_token_audience",
        ),
        (ProviderFault::IdTokenClaim("auth_time", json!(7)), "refresh_auth_time"),
        (ProviderFault::IdTokenClaim("nonce", json!("another")), "id_token_nonce"),
        (
            ProviderFault::IdTokenSignature(SignatureFault::None),
            "id_token_algorithm",
        ),
        (
            ProviderFault::IdTokenSignature(SignatureFault::FlippedBit),
            "id_token_signature",
        ),
        (
            ProviderFault::IdTokenSignature(SignatureFault::OtherKey),
            "id_token_signature",
        ),
        (
            ProviderFault::IdTokenSignature(SignatureFault::Hs256WithPublicKey),
            "id_token_algorithm",
        ),
    ] {
        let tokens = pair.signed_in().await;
        pair.provider.inject(fault);
        let error = pair.refreshed(&tokens).await.expect_err(code);
        assert_eq!((error.code(), error.verdict()), (code, RefreshVerdict::Rejected));
        pair.provider.heal();
    }
}

#[tokio::test]
async fn rt_05_rt_06_the_refresh_token_survives_everything_but_invalid_grant() {
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

#[tokio::test]
async fn rt_02_an_answer_that_is_lost_is_not_asked_for_again() {
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

#[tokio::test]
async fn lo_03_a_revoked_refresh_token_is_refused() {
    let pair = Pair::start().await;
    let tokens = pair.signed_in().await;
    let refresh_token = tokens.refresh_token.as_ref().expect("a refresh token");
    for _ in 0..2 {
        let revoked = pair
            .relying_party
            .revoke(refresh_token, TokenTypeHint::RefreshToken)
            .await;
        assert_eq!(revoked.expect("an answer"), Revocation::Done);
    }
    let error = pair.refreshed(&tokens).await.expect_err("revoked");
    assert_eq!(error.verdict(), RefreshVerdict::Refused);
}

#[tokio::test]
async fn a_token_of_the_clients_own() {
    let pair = Pair::start().await;
    let token = pair
        .relying_party
        .client_credentials(Some("audit"), false)
        .await
        .expect("a token");
    assert!(token.expires_at.is_some());
    let issued = pair.provider.issued_secrets();
    assert!(
        issued
            .iter()
            .any(|secret| secret == token.access_token.token.expose_secret())
    );
}

#[tokio::test]
async fn lo_13_to_lo_18_logout_tokens_of_the_provider() {
    let pair = Pair::start().await;
    pair.signed_in().await;
    let sid = pair.provider.sids("alice").pop().expect("a session");
    let subject = pair.provider.subject("alice");
    let token = pair
        .provider
        .logout_token(LogoutTokenParts::of_session(&sid).with("sub", subject.as_str()));
    let verified = pair
        .relying_party
        .verify_logout_token(&token)
        .await
        .expect("a logout token");
    let both = SessionSelector::SidOfSubject {
        sid: sid.clone(),
        subject,
    };
    assert_eq!(verified.selector, both);

    let parts = || LogoutTokenParts::of_session(&sid);
    let event = json!({ "http://schemas.openid.net/event/foobar": {} });
    for (parts, code) in [
        (parts(), "accepted"),
        (parts().typed(None), "accepted"),
        (parts().typed(Some("JWT")), "logout_token_typ"),
        (parts().with("iss", "https://other.example"), "logout_token_issuer"),
        (parts().with("aud", "another"), "logout_token_audience"),
        (parts().with("exp", 7), "logout_token_expired"),
        (parts().without("exp"), "logout_token_expired"),
        (parts().without("iat"), "logout_token_issued_at"),
        (parts().without("jti"), "logout_token_jti"),
        (parts().without("events"), "logout_token_events"),
        (parts().with("events", event), "logout_token_events"),
        (parts().with("nonce", NONCE), "logout_token_nonce"),
        (LogoutTokenParts::of_nobody(), "logout_token_no_selector"),
        (parts().signed(SignatureFault::None), "logout_token_algorithm"),
        (parts().signed(SignatureFault::OtherKey), "logout_token_signature"),
        (parts().signed(SignatureFault::FlippedBit), "logout_token_signature"),
        (
            parts().signed(SignatureFault::Hs256WithClientSecret),
            "logout_token_algorithm",
        ),
        (
            parts().signed(SignatureFault::OtherAlgorithm(
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
            )),
            "logout_token_algorithm",
        ),
    ] {
        assert_eq!(pair.verdict(parts).await, code);
    }
}

#[tokio::test]
async fn lo_21_tokens_of_one_kind_are_not_taken_for_the_other() {
    let pair = Pair::start().await;
    let tokens = pair.signed_in().await;
    let error = pair
        .relying_party
        .verify_logout_token(tokens.id_token.expose_secret())
        .await
        .expect_err("an ID Token");
    assert_eq!(error.code(), "logout_token_typ");

    let typed = LogoutTokenParts::of_subject(&pair.provider.subject("alice"));
    for (parts, code) in [(typed.clone(), "id_token_typ"), (typed.typed(None), "id_token_events")] {
        let tokens = pair.signed_in().await;
        pair.provider
            .inject(ProviderFault::IdTokenRaw(pair.provider.logout_token(parts)));
        let error = pair.refreshed(&tokens).await.expect_err("a logout token");
        assert_eq!((error.code(), error.verdict()), (code, RefreshVerdict::Rejected));
        pair.provider.heal();
    }
}
