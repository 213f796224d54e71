//! A hook that hangs, panics or fails lets nobody in.

use crate::world::World;
use axum::http::StatusCode;
use axum_bff::{Account, ApplicationError, SignIn};

async fn hook(sign_in: SignIn, kind: &'static str) -> Result<Account, ApplicationError> {
    assert_ne!(kind, "panics", "on purpose, over {}", sign_in.subject());
    match kind {
        "hangs" => std::future::pending().await,
        "is too large" => Ok(Account::new().data(&"x".repeat(5000))?),
        "has too many roles" => Ok(Account::new().roles((0..300).map(|number| number.to_string()))),
        _ => Err("the database with the canary is away".into()),
    }
}

#[tokio::test]
async fn a_hook_without_an_answer_is_a_page_with_a_code_no_session_and_revoked_tokens() {
    for (kind, status, code) in [
        ("hangs", StatusCode::SERVICE_UNAVAILABLE, "sign_in_hook_timeout"),
        ("panics", StatusCode::INTERNAL_SERVER_ERROR, "sign_in_hook_failed"),
        ("fails", StatusCode::INTERNAL_SERVER_ERROR, "sign_in_hook_failed"),
        ("is too large", StatusCode::INTERNAL_SERVER_ERROR, "sign_in_hook_failed"),
        (
            "has too many roles",
            StatusCode::INTERNAL_SERVER_ERROR,
            "sign_in_hook_failed",
        ),
    ] {
        let world = World::start(|builder| builder.on_sign_in(move |sign_in| hook(sign_in, kind))).await;
        let mut alice = world.browser();
        let (seen, page) = world.failed(&mut alice, "alice").await;
        assert_eq!(seen, status, "{kind}: {page}");
        assert!(page.contains(code), "{kind}: {page}");
        assert!(!page.contains("canary"), "{kind}: {page}");
        assert_eq!(alice.session().await["status"], "anonymous", "{kind}");
        world.until_revoked(2).await;
    }
}
