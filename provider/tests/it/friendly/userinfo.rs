//! Userinfo.

use super::{decoded, friendly, tokens};
use crate::browser::get;

/// UI-01, UI-02
#[tokio::test]
async fn an_access_token_gets_the_claims_of_its_scopes_and_the_same_sub() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().expect("a token"));
    let claims = get(&provider, "/userinfo", &[("authorization", &bearer)]).await.json();
    let (_, id_token) = decoded(tokens["id_token"].as_str().expect("an ID Token"));
    assert_eq!(claims["sub"], id_token["sub"]);
    assert_eq!(claims["name"], "Alice Lindqvist");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["roles"][0], "admin");
    assert!(claims["updated_at"].is_u64());
    assert_eq!(claims.get("address"), None, "its scope was not asked for");
}

/// UI-01
#[tokio::test]
async fn no_token_a_wrong_one_or_one_in_the_query_is_refused() {
    let provider = friendly().await;
    let tokens = tokens(&provider).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let none = get(&provider, "/userinfo", &[]).await;
    assert_eq!(none.status, 401);
    assert!(
        none.header("www-authenticate")
            .expect("a challenge")
            .starts_with("Bearer")
    );
    let wrong = get(&provider, "/userinfo", &[("authorization", "Bearer x")]).await;
    assert_eq!(wrong.status, 401);
    let in_query = get(&provider, &format!("/userinfo?access_token={token}"), &[]).await;
    assert_eq!(in_query.status, 400);
}
