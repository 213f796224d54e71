//! The steps of a session with the development provider. It does not share code with the scripted provider of the other
//! tests.

use std::{sync::Arc, time::Duration};

use ::provider::{Client, LogoutTokenParts, Provider, Settings};
use secrecy::ExposeSecret;
use url::Url;

use super::{parameters, provider::NONCE};
use crate::{
    AuthenticationWanted, AuthorizationResponse, PendingAuthorization, RefreshError, RefreshRequest, RefreshVerdict,
    RefreshedTokens, Registration, RelyingParty, Revocation, TokenSet, TokenTypeHint,
};
use bff_clock::SystemClock;

mod logout_token;
mod refresh;

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
            // Long enough for a signature on a busy machine. Only a provider that never answers reaches it.
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
            authenticated_at: None,
        };
        self.relying_party.refresh(request).await
    }

    async fn verdict(&self, parts: LogoutTokenParts) -> &'static str {
        let token = self.provider.logout_token(parts);
        let verified = self.relying_party.verify_logout_token(&token).await;
        verified.map_or_else(|error| error.code(), |_| "accepted")
    }
}

/// LO-03
#[tokio::test]
async fn a_revoked_refresh_token_is_refused() {
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
async fn the_client_gets_a_token_of_its_own() {
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
