//! Modules of the FAPI 2.0 plan that are good for any relying party with the code flow.

use super::{accepts, config, rejects, rejects_response};
use provider::{Fault, SignatureFault, SigningAlgorithm};
use serde_json::json;

#[tokio::test]
async fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_state_fails() {
    rejects_response(Fault::AuthorizationParameter("state", "invalid".to_owned()), None).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_missing_state_fails() {
    rejects_response(Fault::AuthorizationWithoutParameter("state"), None).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_authorization_response_iss() {
    let other = "https://attacker.example".to_owned();
    rejects_response(Fault::AuthorizationParameter("iss", other), None).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_remove_authorization_response_iss() {
    let advertised = Fault::MetadataMember("authorization_response_iss_parameter_supported", json!(true));
    rejects_response(Fault::AuthorizationWithoutParameter("iss"), Some(advertised)).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_iss() {
    rejects(Fault::IdTokenClaim("iss", json!("https://attacker.example"))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_aud() {
    rejects(Fault::IdTokenClaim("aud", json!("somebody"))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_nonce() {
    rejects(Fault::IdTokenClaim("nonce", json!("another"))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_missing_iss() {
    rejects(Fault::IdTokenWithoutClaim("iss")).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_missing_aud() {
    rejects(Fault::IdTokenWithoutClaim("aud")).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_missing_exp() {
    rejects(Fault::IdTokenWithoutClaim("exp")).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_missing_nonce() {
    rejects(Fault::IdTokenWithoutClaim("nonce")).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_expired_exp() {
    let five_minutes_past = time::OffsetDateTime::now_utc().unix_timestamp() - 301;
    rejects(Fault::IdTokenClaim("exp", json!(five_minutes_past))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_secondary_aud() {
    rejects(Fault::IdTokenClaim("aud", json!(["bff", "another"]))).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_valid_aud_as_array() {
    accepts([Fault::IdTokenClaim("aud", json!(["bff"]))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_null_alg() {
    rejects(Fault::IdTokenSignature(SignatureFault::None)).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_invalid_alternate_alg() {
    let alternate = SignatureFault::OtherAlgorithm(SigningAlgorithm::RsaSsaPssSha256);
    rejects(Fault::IdTokenSignature(alternate)).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_token_type_case_insensitivity() {
    accepts([Fault::TokenMember("token_type", json!("bEARER"))]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_token_endpoint_response_without_expires_in() {
    accepts([Fault::TokenWithoutMember("expires_in")]).await;
}

#[tokio::test]
async fn fapi2_security_profile_final_client_test_discovery_issuer_mismatch() {
    config::no_authorization_request_to_another_issuer().await;
}
