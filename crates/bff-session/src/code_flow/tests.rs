use super::*;
use crate::key_ring::{KeyRing, Purpose};
use crate::store::{MemoryStore, RefreshFinish, SealedTokens};
use crate::{Ending, Identity, LeftOut, Lifetime, NewSession, RefreshTurn, SeenFrom, TokenRecord};
use bff_clock::{Clock, ManualClock};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tower_sessions::session::Id;

fn moment(milliseconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a time") + time::Duration::milliseconds(milliseconds)
}

fn code_flow() -> CodeFlow {
    CodeFlow {
        begun_at: moment(123),
        took: Duration::from_millis(42_310),
        state_length: 612,
        at_provider: Duration::from_secs(42),
        code_length: 43,
        iss: true,
        client_authentication: "client_secret_basic".to_owned(),
        token_request: Duration::from_millis(48),
        dpop: false,
        algorithm: "RS256".to_owned(),
        at_hash: true,
        id_token_checks: Duration::from_millis(3),
        userinfo: Some(Duration::from_millis(21)),
        refreshes: Vec::new(),
    }
}

fn refresh(number: i64) -> TokenRefresh {
    TokenRefresh {
        asked_at: moment(number * 1000),
        took: Duration::from_millis(30),
        rotated: number % 2 == 0,
        id_token: IdTokenOfRefresh::Verified,
    }
}

fn tokens() -> TokenRecord {
    TokenRecord {
        access_token: "an access token".into(),
        id_token: "an ID Token".into(),
        refresh_token: Some("a refresh token".into()),
        obtained_at: moment(0),
        expires_at: None,
        scope: "openid".to_owned(),
        dpop_key: None,
        authenticated_at: None,
    }
}

fn keys() -> KeyRing {
    KeyRing::parse(&KeyRing::new_key()).expect("a key")
}

#[test]
fn the_latest_refreshes_are_kept_and_no_more_than_five() {
    let flow = (1..=8).fold(code_flow(), |flow, number| flow.refreshed(refresh(number)));
    let kept: Vec<_> = flow.refreshes.iter().map(|refresh| refresh.asked_at).collect();
    assert_eq!(kept, [4, 5, 6, 7, 8].map(|number| refresh(number).asked_at));
}

#[test]
fn a_code_flow_behind_the_tokens_changes_nothing_for_a_reader_of_the_tokens() {
    let (keys, place) = (keys(), Id(7));
    let (tokens, mut flow) = (tokens(), code_flow());
    let without = record::seal_tokens(&keys, place, &tokens, None);
    let with = record::seal_tokens(&keys, place, &tokens, Some(&flow));
    for sealed in [&without, &with] {
        let read = record::open_tokens(&keys, place, sealed).expect("the tokens open");
        assert_eq!(read.access_token.expose_secret(), "an access token");
    }
    assert_eq!(record::open_code_flow(&keys, place, &without), None);
    assert_eq!(record::open_code_flow(&keys, place, &with).as_ref(), Some(&flow));
    assert!(
        with.0.len() - without.0.len() <= 64,
        "{} bytes more",
        with.0.len() - without.0.len()
    );

    flow = (1..=5).fold(flow, |flow, number| flow.refreshed(refresh(number)));
    let full = record::seal_tokens(&keys, place, &tokens, Some(&flow));
    assert_eq!(record::open_code_flow(&keys, place, &full), Some(flow));
    assert!(
        full.0.len() - without.0.len() <= 64 + 5 * 17,
        "{} bytes more",
        full.0.len() - without.0.len()
    );
    assert_eq!(
        record::open_code_flow(&keys, Id(8), &full),
        None,
        "it opens at its place only"
    );
}

#[test]
fn a_code_flow_that_cannot_be_read_costs_no_session_its_tokens() {
    let (keys, place) = (keys(), Id(7));
    let plaintext = [
        rmp_serde::to_vec_named(&tokens()).expect("a record"),
        rmp_serde::to_vec(&("not", "a code flow")).expect("a list"),
    ];
    let sealed = keys.seal(Purpose::Tokens, &place.0.to_le_bytes(), &plaintext.concat());
    let sealed = SealedTokens(sealed);
    assert_eq!(record::open_code_flow(&keys, place, &sealed), None);
    assert!(record::open_tokens(&keys, place, &sealed).is_some());
}

#[tokio::test]
async fn a_code_flow_goes_on_with_each_refresh_and_ends_with_the_session() {
    let clock = ManualClock::new(OffsetDateTime::now_utc());
    let store = MemoryStore::new(Arc::new(clock.clone()));
    let lifetime = Lifetime {
        idle: time::Duration::minutes(30),
        absolute: time::Duration::hours(8),
    };
    let sessions = Sessions::new(Arc::new(store), Arc::new(keys()), lifetime, Arc::new(clock.clone()));
    let new = |code_flow| NewSession {
        identity: Identity {
            issuer: "https://op.example".to_owned(),
            subject: "1".to_owned(),
            provider_session: None,
        },
        claims: serde_json::Map::new(),
        roles: Vec::new(),
        account: None,
        left_out: LeftOut::default(),
        browser: None,
        only_in_id_token: Vec::new(),
        seen_from: SeenFrom::default(),
        vouched_at: clock.now(),
        authenticated_at: None,
        acr: None,
        code_flow,
    };
    let told = sessions
        .establish(new(Some(code_flow())), &tokens())
        .await
        .expect("a session");
    let untold = sessions.establish(new(None), &tokens()).await.expect("a session");
    assert_eq!(sessions.code_flow(&told).await.expect("answers"), Some(code_flow()));
    for (id, expected) in [(&told, Some(code_flow().refreshed(refresh(1)))), (&untold, None)] {
        let read = sessions.tokens(id).await.expect("answers").expect("tokens");
        let RefreshTurn::Ours(lease) = sessions.begin_refresh(&read).await else {
            panic!("nobody else refreshes")
        };
        let renewed = TokenRecord {
            access_token: SecretString::from("another"),
            ..tokens()
        };
        let result = lease.result(renewed, refresh(1));
        assert_eq!(lease.finish(&result).await.expect("answers"), RefreshFinish::Kept);
        assert_eq!(sessions.code_flow(id).await.expect("answers"), expected);
        let read = sessions.tokens(id).await.expect("answers").expect("tokens");
        assert_eq!(read.record.access_token.expose_secret(), "another");
    }
    sessions.end(&told, Ending::SignedOut).await.expect("answers");
    assert_eq!(sessions.code_flow(&told).await.expect("answers"), None);
}
