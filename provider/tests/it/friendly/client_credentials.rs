//! The client credentials grant: access tokens for the client itself.

use super::{basic, call, friendly, member};
use crate::browser::post;

#[tokio::test]
async fn client_credentials_get_an_access_token_of_the_client_and_nothing_else() {
    let provider = friendly().await;
    let basic = basic();
    let form = [("grant_type", "client_credentials"), ("scope", "orders audit")];
    let answer = post(&provider, "/token", &[("authorization", &basic)], &form).await;
    let tokens = answer.json();
    assert_eq!((answer.status, &tokens["scope"]), (200, &"orders audit".into()));
    assert_eq!((tokens.get("id_token"), tokens.get("refresh_token")), (None, None));
    let token = member(&tokens, "access_token");
    assert!(provider.issued_secrets().contains(&token.to_owned()));
    let whoami = call(&provider, "/resource/whoami", token).await.json();
    assert_eq!(
        (&whoami["sub"], &whoami["scope"]),
        (&serde_json::Value::Null, &"orders audit".into())
    );
    assert_eq!(
        call(&provider, "/userinfo", token).await.status,
        401,
        "the token has no person"
    );
}

#[tokio::test]
async fn client_credentials_need_the_client_and_sign_nobody_in() {
    let provider = friendly().await;
    let form = [("grant_type", "client_credentials")];
    assert_eq!(post(&provider, "/token", &[], &form).await.status, 401);
    let basic = basic();
    let openid = [form[0], ("scope", "openid")];
    let refused = post(&provider, "/token", &[("authorization", &basic)], &openid).await;
    assert_eq!(refused.json()["error"], "invalid_scope");
}
