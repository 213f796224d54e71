//! The tokens of a sign-in that is refused after the provider has issued them.

use crate::world::World;
use axum::http::StatusCode;
use provider::{Endpoint, Fault};

fn faults() -> [Fault; 3] {
    [
        Fault::IdTokenClaim("nonce", "another".into()),
        Fault::UserinfoClaim("sub", "another".into()),
        Fault::TokenWithoutMember("id_token"),
    ]
}

#[tokio::test]
async fn the_tokens_of_a_sign_in_that_is_refused_after_the_token_answer_are_revoked() {
    for fault in faults() {
        let case = format!("{fault:?}");
        let world = World::start_refreshing(|_| ()).await;
        let mut browser = world.browser();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        world.inject(fault);
        let answer = browser.open(&callback).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{case}");
        assert!(
            answer.location().unwrap_or_default().starts_with("/sign-in-failed"),
            "{case}"
        );
        world
            .until("both tokens are revoked", async || {
                world.provider.calls_to(Endpoint::Revocation).len() == 2
            })
            .await;
        let issued = world.provider.issued_secrets();
        for call in world.provider.calls_to(Endpoint::Revocation) {
            let revoked = call.parameter("token").expect("a token").to_owned();
            assert!(issued.contains(&revoked), "{case}");
        }
    }
}

/// A provider may end with a revoked token everything that it gave this client for a person, and nobody knows whose tokens
/// these are.
#[tokio::test]
async fn tokens_of_nobody_knows_whom_are_not_revoked_beside_a_session_of_the_same_browser() {
    for fault in faults() {
        let case = format!("{fault:?}");
        let world = World::start_refreshing(|_| ()).await;
        let mut browser = world.signed_in("alice").await;
        let of_alice = world.provider.issued_secrets();
        let callback = browser.callback_address(&world.provider, "alice", "/profile").await;
        world.inject(fault);
        browser.open(&callback).await;
        world.provider.heal();
        browser.submit("/auth/logout").await;
        world
            .until("the tokens of the session are revoked", async || {
                world.provider.calls_to(Endpoint::Revocation).len() == 2
            })
            .await;
        for call in world.provider.calls_to(Endpoint::Revocation) {
            let revoked = call.parameter("token").expect("a token").to_owned();
            assert!(of_alice.contains(&revoked), "{case}");
        }
    }
}
