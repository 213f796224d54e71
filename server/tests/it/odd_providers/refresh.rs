//! Refresh responses with less in them, and refusals in other words.

use crate::world::{EXPIRED, REFRESHING, World};
use provider::{Answer, Endpoint, Fault};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn rt_02_rt_04_a_refresh_may_give_no_id_token_no_nonce_and_no_refresh_token() {
    // Whether a refresh gives an ID Token, which has no nonce, and another refresh token.
    for (id_token, rotation) in [(true, true), (false, true), (false, false)] {
        let name = format!("ID Token: {id_token}, rotation: {rotation}");
        let world = World::start_refreshing(|settings| {
            settings.refresh_id_token = id_token;
            settings.rotate_refresh_tokens = rotation;
        });
        let world = world.await;
        let mut alice = world.signed_in("alice").await;
        for round in 1..=2 {
            world.advance(EXPIRED);
            let reread = alice.reread().await;
            assert_eq!(reread["status"], "active", "{name}: {reread}");
            assert_eq!(world.provider.refreshes(), round, "{name}");
        }
        assert_eq!(world.provider.reuse_alarms(), 0, "{name}");
    }
}

/// A refusal that says nothing we know ends nothing: the refresh token may be good.
#[tokio::test]
async fn rt_06_an_error_that_is_no_json_or_has_an_unknown_code_ends_no_session() {
    let world = World::start_at(&[("BFF_SCOPES", REFRESHING), ("BFF_SESSION_IDLE", "7h")], |_| ()).await;
    let answers = [
        Answer::new(503, "text/html", "<h1>maintenance</h1>"),
        Answer::new(502, "text/plain", ""),
        Answer::new(429, "application/json", "{}").with_header("retry-after", "1"),
        Answer::json(503, json!({"error": "made_up"})),
    ];
    let mut alice = world.signed_in("alice").await;
    for answer in answers {
        let name = format!("{answer:?}");
        world.advance(EXPIRED);
        world.inject(Fault::Answer(Endpoint::Token, answer));
        let reread = alice.reread().await;
        assert_eq!(reread["refusal"], "unavailable", "{name}: {reread}");
        assert_eq!(alice.session().await["status"], "active", "{name}");
        world.provider.heal();
        world.advance(Duration::from_mins(2));
        let reread = alice.reread().await;
        assert_eq!(reread["status"], "active", "{name}: {reread}");
    }
}
