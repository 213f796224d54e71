//! The modules of the `OpenID` Foundation's conformance suite for relying parties that apply to the code flow, in one
//! table. Each row takes the steps of the module's code. The suite itself is not run: it needs a network and a person.
//! Which modules do not apply, and why: `docs/conformance.md`. Those that need DPoP, mutual TLS or signed userinfo stand
//! with the tests of these.
//!
//! How the suite judges: a login that has to succeed ends with a call of userinfo, and one that has to fail makes no
//! further call after the token request.

mod logout;
mod refresh;
mod sign_in;

use crate::world::World;
use End::{NoAuthorizationRequest, NoTokenRequest, NoUserinfo, SignedIn, UserinfoRefused};
use Module::{LogoutToken, Refresh, SignIn, SignInWith, Steps};
use axum::http::StatusCode;
use futures::FutureExt;
use provider::Fault::{
    AuthorizationParameter, AuthorizationWithoutParameter, IdTokenClaim, IdTokenClaimSuffix, IdTokenHeader,
    IdTokenSignature, IdTokenWithoutClaim, IdTokenWithoutHeader, JwksKeyWithoutMember, MetadataMember, TokenMember,
    TokenWithoutMember, UserinfoClaim,
};
use provider::{Fault, LogoutTokenParts, SignatureFault, SigningAlgorithm};
use serde_json::json;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

/// The steps of a module.
enum Module {
    /// A person signs in at a provider with these faults.
    SignIn(fn(&World) -> Vec<Fault>, End),
    /// The same with these settings.
    SignInWith(&'static [(&'static str, &'static str)], fn(&World) -> Vec<Fault>, End),
    /// A refresh at a provider with this fault ends the session, and userinfo is not asked for.
    Refresh(fn() -> Fault),
    /// The provider posts a logout token with this change, and gets this status.
    LogoutToken(fn(LogoutTokenParts, &World) -> LogoutTokenParts, StatusCode),
    /// Steps that no other module has, with their expectations.
    Steps(fn() -> Pin<Box<dyn Future<Output = ()>>>),
}

/// How a sign-in ends.
#[derive(Clone, Copy)]
enum End {
    /// The person is signed in, and userinfo was read.
    SignedIn,
    /// Refused after the token request.
    NoUserinfo,
    /// Refused after userinfo was read.
    UserinfoRefused,
    /// Refused at the authorization response.
    NoTokenRequest,
    /// It does not begin.
    NoAuthorizationRequest,
}

const OK: StatusCode = StatusCode::OK;
const REFUSED: StatusCode = StatusCode::BAD_REQUEST;
const PS256: SignatureFault = SignatureFault::OtherAlgorithm(SigningAlgorithm::RsaSsaPssSha256);

/// Module, how the provider misbehaves, what is expected of the relying party.
#[rustfmt::skip]
const MODULES: &[(&str, Module)] = &[
    // The Basic plan, and modules of the full plan that apply.
    ("oidcc-client-test", SignIn(|_| vec![], SignedIn)),
    ("oidcc-client-test-invalid-iss", SignIn(|_| vec![IdTokenClaimSuffix("iss", "1")], NoUserinfo)),
    ("oidcc-client-test-missing-sub", SignIn(|_| vec![IdTokenWithoutClaim("sub")], NoUserinfo)),
    ("oidcc-client-test-invalid-aud", SignIn(|_| vec![IdTokenClaimSuffix("aud", "1")], NoUserinfo)),
    ("oidcc-client-test-missing-aud", SignIn(|_| vec![IdTokenWithoutClaim("aud")], NoUserinfo)),
    ("oidcc-client-test-missing-iat", SignIn(|_| vec![IdTokenWithoutClaim("iat")], NoUserinfo)),
    ("oidcc-client-test-nonce-invalid", SignIn(|_| vec![IdTokenClaimSuffix("nonce", "1")], NoUserinfo)),
    // A module of the hybrid flow, whose input serves here too.
    ("oidcc-client-test-invalid-athash", SignIn(|_| vec![IdTokenClaim("at_hash", json!("invalid"))], NoUserinfo)),
    ("oidcc-client-test-kid-absent-single-jwks", SignIn(|_| vec![IdTokenWithoutHeader("kid"), JwksKeyWithoutMember("kid")], SignedIn)),
    // To refuse would do as well; here each key that fits is tried.
    ("oidcc-client-test-kid-absent-multiple-jwks", SignIn(sign_in::twelve_keys_without_names, SignedIn)),
    ("oidcc-client-test-idtoken-sig-rs256", SignIn(|_| vec![IdTokenHeader("alg", json!("RS256"))], SignedIn)),
    // The suite lets a relying party that refuses skip the module.
    ("oidcc-client-test-idtoken-sig-none", SignIn(|_| vec![IdTokenSignature(SignatureFault::None)], NoUserinfo)),
    ("oidcc-client-test-invalid-sig-rs256", SignIn(|_| vec![IdTokenSignature(SignatureFault::FlippedBit)], NoUserinfo)),
    ("oidcc-client-test-invalid-sig-es256", SignInWith(&[("BFF_ID_TOKEN_ALGORITHMS", "RS256 ES256")], sign_in::forged_es256, NoUserinfo)),
    ("oidcc-client-test-invalid-sig-hs256", SignIn(|_| vec![IdTokenSignature(SignatureFault::Hs256(b"not the secret".to_vec()))], NoUserinfo)),
    ("oidcc-client-test-userinfo-invalid-sub", SignIn(|_| vec![UserinfoClaim("sub", json!("invalid"))], UserinfoRefused)),
    ("oidcc-client-test-scope-userinfo-claims", Steps(|| Box::pin(sign_in::claims_of_userinfo()))),
    ("oidcc-client-test-client-secret-basic", Steps(|| Box::pin(sign_in::client_secret_basic()))),
    ("oidcc-client-test-userinfo-bearer-header", Steps(|| Box::pin(sign_in::bearer_header()))),
    // The Config plan: discovery and keys.
    ("oidcc-client-test-discovery-openid-config", Steps(|| Box::pin(sign_in::one_reading_of_metadata()))),
    ("oidcc-client-test-discovery-jwks-uri-keys", Steps(|| Box::pin(sign_in::another_address_of_the_keys()))),
    ("oidcc-client-test-discovery-issuer-mismatch", SignIn(sign_in::metadata_of_another_issuer, NoAuthorizationRequest)),
    ("oidcc-client-test-signing-key-rotation", Steps(|| Box::pin(sign_in::keys_rotate_between_logins()))),
    ("oidcc-client-test-signing-key-rotation-just-before-signing", Steps(|| Box::pin(sign_in::keys_rotate_during_a_login()))),
    // The plan of refresh tokens.
    ("oidcc-client-test-refresh-token", Steps(|| Box::pin(refresh::userinfo_with_the_new_token()))),
    ("oidcc-client-test-refresh-token-invalid-issuer", Refresh(|| IdTokenClaimSuffix("iss", "1"))),
    ("oidcc-client-test-refresh-token-invalid-sub", Refresh(|| IdTokenClaimSuffix("sub", "1"))),
    // The plans of RP-initiated, front-channel and back-channel logout.
    ("oidcc-client-test-rp-init-logout", Steps(|| Box::pin(logout::lands_with_the_state()))),
    ("oidcc-client-test-rp-init-logout-other-state", Steps(|| Box::pin(logout::lands_with_another_state()))),
    ("oidcc-client-test-rp-init-logout-no-state", Steps(|| Box::pin(logout::lands_without_a_state()))),
    ("oidcc-client-test-rp-frontchannel-rpinitlogout", Steps(|| Box::pin(logout::frame_after_our_sign_out()))),
    ("oidcc-client-test-rp-frontchannel-opinitlogout", Steps(|| Box::pin(logout::frame_of_the_providers_sign_out()))),
    ("oidcc-client-test-rp-backchannel-rpinitlogout", LogoutToken(|it, _| it, OK)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", LogoutToken(|it, _| it.signed(SignatureFault::None), REFUSED)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-no-event", LogoutToken(|it, _| it.without("events"), REFUSED)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", LogoutToken(|it, _| it.with("nonce", "nonce"), REFUSED)),
    // Signed well, with an algorithm that was not agreed on.
    ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", LogoutToken(|it, _| it.signed(PS256), REFUSED)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", LogoutToken(|it, _| it.with("aud", "bffINVALID"), REFUSED)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", LogoutToken(|it, _| it.with("events", json!({"http://schemas.openid.net/event/foobar": {}})), REFUSED)),
    ("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", LogoutToken(|it, world| it.with("iss", format!("{}INVALID", world.provider.issuer())), REFUSED)),
    // The FAPI 2.0 plan: modules that are good for any relying party with the code flow.
    ("fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails", SignIn(|_| vec![AuthorizationParameter("state", "invalid".to_owned())], NoTokenRequest)),
    ("fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails", SignIn(|_| vec![AuthorizationWithoutParameter("state")], NoTokenRequest)),
    ("fapi2-security-profile-final-client-test-invalid-authorization-response-iss", SignIn(|_| vec![AuthorizationParameter("iss", "https://attacker.example".to_owned())], NoTokenRequest)),
    ("fapi2-security-profile-final-client-test-remove-authorization-response-iss", SignIn(|_| vec![MetadataMember("authorization_response_iss_parameter_supported", json!(true)), AuthorizationWithoutParameter("iss")], NoTokenRequest)),
    ("fapi2-security-profile-final-client-test-invalid-iss", SignIn(|_| vec![IdTokenClaim("iss", json!("https://attacker.example"))], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-aud", SignIn(|_| vec![IdTokenClaim("aud", json!("somebody"))], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-nonce", SignIn(|_| vec![IdTokenClaim("nonce", json!("another"))], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-missing-iss", SignIn(|_| vec![IdTokenWithoutClaim("iss")], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-missing-aud", SignIn(|_| vec![IdTokenWithoutClaim("aud")], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-missing-exp", SignIn(|_| vec![IdTokenWithoutClaim("exp")], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-missing-nonce", SignIn(|_| vec![IdTokenWithoutClaim("nonce")], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-expired-exp", SignIn(sign_in::five_minutes_past, NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-secondary-aud", SignIn(|_| vec![IdTokenClaim("aud", json!(["bff", "another"]))], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-valid-aud-as-array", SignIn(|_| vec![IdTokenClaim("aud", json!(["bff"]))], SignedIn)),
    ("fapi2-security-profile-final-client-test-invalid-null-alg", SignIn(|_| vec![IdTokenSignature(SignatureFault::None)], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-invalid-alternate-alg", SignIn(|_| vec![IdTokenSignature(PS256)], NoUserinfo)),
    ("fapi2-security-profile-final-client-test-token-type-case-insensitivity", SignIn(|_| vec![TokenMember("token_type", json!("bEARER"))], SignedIn)),
    ("fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in", SignIn(|_| vec![TokenWithoutMember("expires_in")], SignedIn)),
    ("fapi2-security-profile-final-client-test-discovery-issuer-mismatch", SignIn(sign_in::metadata_of_another_issuer, NoAuthorizationRequest)),
];

impl Module {
    async fn run(&self) {
        match self {
            SignIn(faults, end) => sign_in::ends(&[], *faults, *end).await,
            SignInWith(settings, faults, end) => sign_in::ends(settings, *faults, *end).await,
            Refresh(fault) => refresh::ends_the_session(fault()).await,
            LogoutToken(change, status) => logout::token_is_answered(*change, *status).await,
            Steps(steps) => steps().await,
        }
    }
}

/// A module that fails keeps none of the others from being run.
#[tokio::test]
async fn every_module_of_the_foundations_suite_that_applies_is_passed() {
    let mut failed = Vec::new();
    for (name, module) in MODULES {
        println!("{name}");
        if AssertUnwindSafe(module.run()).catch_unwind().await.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
