//! DPoP (RFC 9449): requests that the provider refuses. The server's tests cover the requests that it accepts.

use provider::Dpop;
use serde_json::json;

use super::{basic, code, redeem, started};
use crate::browser::{get, post};

/// TOK-13
#[tokio::test]
async fn a_token_request_without_a_good_proof_gets_nothing() {
    let provider = started(|settings| settings.dpop = Dpop::Required).await;
    let metadata = get(&provider, "/.well-known/openid-configuration", &[]).await.json();
    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["ES256"]));
    let code = code(&provider).await;
    let refused = redeem(&provider, &code, &[]).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (400, &json!("invalid_dpop_proof"))
    );
    for proof in ["", "a.b.c", "e30.e30.AAAA"] {
        let headers = [("authorization", basic()), ("dpop", proof.to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = post(&provider, "/token", &headers, &[("grant_type", "client_credentials")]).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!("invalid_dpop_proof"))
        );
    }
}
