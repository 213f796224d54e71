//! Valid and invalid logout tokens.

use ::provider::{Fault as ProviderFault, LogoutTokenParts, SignatureFault};
use openidconnect::core::CoreJwsSigningAlgorithm;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{super::provider::NONCE, Pair};
use crate::{RefreshVerdict, SessionSelector};

/// LO-13, LO-14, LO-15, LO-16, LO-17, LO-18
#[tokio::test]
async fn logout_tokens_of_the_development_provider_are_judged_by_the_same_rules() {
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

/// LO-21
#[tokio::test]
async fn tokens_of_one_kind_are_not_taken_for_the_other() {
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
