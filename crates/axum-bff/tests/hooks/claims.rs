//! The application's hook for claims that the provider gives again (`on_claims`).

use crate::world::{EXPIRED, UserId, World, staff};
use axum_bff::{Account, ApplicationError, ClaimsUpdate, Refusal};
use provider::{Endpoint, Fault};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A hook that counts its calls in the account's data, and gives a role that depends on a claim.
async fn counted(update: ClaimsUpdate) -> Result<Account, ApplicationError> {
    let UserId(before) = update.data()?.expect("data of the sign-in");
    let account = Account::new().data(&UserId(before + 1))?;
    let is_chief = update.claims().get("department").is_some_and(|name| name == "office");
    Ok(if is_chief { account.role("chief") } else { account })
}

#[tokio::test]
async fn other_claims_change_roles_and_data_after_a_reread_and_after_a_refresh() {
    let world = World::start(|builder| builder.on_sign_in(async |_| Ok(staff())).on_claims(counted)).await;
    let mut alice = world.signed_in("alice").await;
    world
        .provider
        .inject(Fault::UserinfoClaim("department", json!("office")));
    assert_eq!(alice.open("/reread").await.text(), "reread");
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["admin", "editor", "chief"], "user": 8}),
        "the new account replaces the earlier one"
    );
    // The hook runs twice: for the claims in the refresh's ID Token, and for those of userinfo, which is read after it.
    world.provider.heal();
    world.clock.advance(EXPIRED);
    assert_eq!(alice.open("/reread").await.text(), "reread");
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["admin", "editor"], "user": 10})
    );
}

#[tokio::test]
async fn a_refusal_ends_the_session_with_its_reason_and_revokes_its_tokens() {
    for is_refresh in [false, true] {
        let world = World::start(|builder| {
            builder.on_claims(move |update: ClaimsUpdate| async move {
                // The claims of an ID Token have an audience, and those of userinfo have none.
                if update.claims().contains_key("aud") == is_refresh {
                    return Err(Refusal::new("account_closed").into());
                }
                Ok(update.account())
            })
        })
        .await;
        let mut alice = world.signed_in("alice").await;
        if is_refresh {
            world.clock.advance(EXPIRED);
        }
        assert_eq!(
            alice.open("/reread").await.text(),
            "the session has ended",
            "{is_refresh}"
        );
        assert_eq!(
            alice.session().await,
            json!({"status": "ended", "reason": "application"}),
            "{is_refresh}"
        );
        world.until_revoked(if is_refresh { 4 } else { 2 }).await;
    }
}

#[tokio::test]
async fn while_the_hook_fails_nothing_that_was_read_again_counts() {
    let world = World::start(|builder| {
        builder
            .on_sign_in(async |_| Ok(staff()))
            .on_claims(async |_| Err("the database is away".into()))
    })
    .await;
    let mut alice = world.signed_in("alice").await;
    world.provider.inject(Fault::UserinfoClaim("roles", json!(["auditor"])));
    let answer = alice.open("/reread").await.text();
    assert!(answer.contains("does not answer"), "{answer}");
    assert_eq!(
        alice.open("/me").await.json(),
        json!({"roles": ["admin", "editor", "staff"], "user": 7})
    );
}

#[tokio::test]
async fn new_tokens_wait_until_the_hook_answers_and_are_not_lost() {
    let is_away = Arc::new(AtomicBool::new(true));
    let away = is_away.clone();
    let world = World::start(|builder| {
        builder.on_claims(move |update: ClaimsUpdate| {
            let is_away = away.load(Ordering::Relaxed);
            async move {
                if is_away {
                    Err("the database is away".into())
                } else {
                    Ok(update.account())
                }
            }
        })
    })
    .await;
    let mut alice = world.signed_in("alice").await;
    world.clock.advance(EXPIRED);
    let answer = alice.open("/reread").await.text();
    assert!(answer.contains("does not answer"), "{answer}");
    is_away.store(false, Ordering::Relaxed);
    world.while_time_passes(world.bff.access_tokens.done()).await;
    world.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(alice.open("/reread").await.text(), "reread");
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), 2, "one refresh");
}
