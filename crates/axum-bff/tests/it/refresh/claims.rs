//! A refresh may return an ID Token with other claims (OpenID Connect Core §12.2). Pages see the new claims.
//!
//! The tests call an API to cause a refresh. Such a call refreshes expired tokens and sends the provider nothing else.

use crate::api::{Api, call};
use crate::backchannel_logout::logout;
use crate::browser::Browser;
use crate::world::{EXPIRED, REFRESHING, World};
use axum::http::{Method, StatusCode};
use provider::{Endpoint, Fault, LogoutTokenParts, Settings};
use serde_json::json;
use std::time::Duration;

/// A world with an API, in which sessions have refresh tokens.
pub(crate) struct Scene {
    pub(crate) world: World,
    _api: Api,
}

impl Scene {
    pub(crate) async fn start() -> Self {
        Self::start_at(|_| ()).await
    }

    async fn start_at(shape: impl FnOnce(&mut Settings)) -> Self {
        let api = Api::friendly().await;
        let url = api.served.url();
        let settings = [
            ("BFF_API_ORDERS", url.as_str()),
            ("BFF_SCOPES", REFRESHING),
            ("BFF_SESSION_IDLE", "7h"),
        ];
        let world = World::start_at(&settings, shape).await;
        Self { world, _api: api }
    }

    /// Gives these claims to every ID Token from now on, and removes all earlier faults.
    pub(crate) fn id_tokens_say(&self, claims: &[(&'static str, serde_json::Value)]) {
        self.world.provider.heal();
        for (claim, value) in claims {
            self.world.inject(Fault::IdTokenClaim(claim, value.clone()));
        }
    }

    pub(crate) async fn refresh(&self, browser: &mut Browser) {
        let before = self.world.provider.refreshes();
        self.world.advance(EXPIRED);
        assert_eq!(call(browser, Method::GET, "/api/orders/1").await.status, StatusCode::OK);
        assert_eq!(self.world.provider.refreshes(), before + 1);
    }

    fn session_record(&self) -> String {
        let mut keys = self.world.redis.keys().into_iter().filter(|key| !key.contains(':'));
        let key = keys.next().expect("a session");
        assert!(keys.next().is_none(), "one session");
        self.world.redis.get(&key)
    }
}

#[tokio::test]
async fn a_refreshed_id_token_speaks_for_itself_and_leaves_alone_what_userinfo_told() {
    let scene = Scene::start().await;
    scene.id_tokens_say(&[("nickname", json!("Ally")), ("roles", json!(["editor", "admin"]))]);
    let mut alice = scene.world.signed_in("alice").await;
    assert_eq!(alice.open("/admin").await.status, StatusCode::OK);

    scene.id_tokens_say(&[("nickname", json!("Al")), ("website", json!("https://al.example"))]);
    scene.refresh(&mut alice).await;
    let state = alice.session().await;
    assert_eq!(state["claims"]["nickname"], "Al", "the new value");
    assert_eq!(
        state["claims"]["website"], "https://al.example",
        "the ID Token takes precedence now"
    );
    assert_eq!(
        state["claims"]["name"], "Alice Lindqvist",
        "only userinfo had this claim"
    );
    assert_eq!(state["claims"]["email"], "alice@example.com");
    assert_eq!(
        state["roles"],
        json!([]),
        "the ID Token had roles before, and has none now"
    );
    assert_eq!(alice.open("/admin").await.status, StatusCode::FORBIDDEN);
    assert!(alice.open("/profile").await.text().contains("https://al.example"));

    scene.id_tokens_say(&[("nickname", json!("Al")), ("roles", json!("admin"))]);
    scene.refresh(&mut alice).await;
    let state = alice.session().await;
    assert_eq!(state["roles"], json!(["admin"]));
    assert!(
        state["claims"].get("website").is_none(),
        "the ID Token no longer has it, so it is gone, although userinfo had it at sign-in"
    );
    let mut elsewhere = alice.at(scene.world.replica().await);
    assert_eq!(elsewhere.session().await["roles"], json!(["admin"]), "on every replica");
}

#[tokio::test]
async fn roles_that_only_userinfo_told_stay() {
    let scene = Scene::start().await;
    let mut alice = scene.world.signed_in("alice").await;
    scene.refresh(&mut alice).await;
    assert_eq!(alice.session().await["roles"], json!(["admin", "editor"]));
}

#[tokio::test]
async fn nothing_is_written_where_nothing_changes() {
    for refresh_id_token in [true, false] {
        let scene = Scene::start_at(|settings| settings.refresh_id_token = refresh_id_token).await;
        scene.id_tokens_say(&[("nickname", json!("Ally"))]);
        let mut alice = scene.world.signed_in("alice").await;
        if !refresh_id_token {
            // The refresh returns no ID Token, so this claim does not reach the session.
            scene.id_tokens_say(&[("nickname", json!("Al"))]);
        }
        scene.world.advance(EXPIRED);
        alice.open("/").await;
        let before = scene.session_record();
        assert_eq!(
            call(&mut alice, Method::GET, "/api/orders/1").await.status,
            StatusCode::OK
        );
        assert_eq!(scene.world.provider.refreshes(), 1);
        assert!(
            scene.session_record() == before,
            "the record was written; ID Token: {refresh_id_token}"
        );
        assert_eq!(alice.session().await["claims"]["nickname"], "Ally");
    }
}

/// RT-07
#[tokio::test]
async fn other_claims_put_off_no_limit() {
    let scene = Scene::start().await;
    let mut alice = scene.world.signed_in("alice").await;
    scene.id_tokens_say(&[("nickname", json!("Al"))]);
    scene.world.advance(EXPIRED);
    alice.open("/").await;
    let before = alice.session().await;
    call(&mut alice, Method::GET, "/api/orders/1").await;
    let after = alice.session().await;
    assert_eq!(after["claims"]["nickname"], "Al");
    for limit in ["expires_in", "idle_expires_in", "signed_in_at"] {
        assert_eq!(after[limit], before[limit], "{limit}");
    }
}

/// RT-08
#[tokio::test]
async fn claims_that_come_after_the_end_bring_nothing_back() {
    let scene = Scene::start().await;
    let world = &scene.world;
    scene.id_tokens_say(&[("nickname", json!("Ally"))]);
    let alice = world.signed_in("alice").await;
    world.advance(EXPIRED);
    world.inject(Fault::Hang(Endpoint::Token));
    let mut tab = alice.clone();
    let calling = tokio::spawn(async move { call(&mut tab, Method::GET, "/api/orders/1").await });
    world.until_refreshing().await;
    let sid = world.provider.sids("alice").remove(0);
    assert_eq!(
        logout(world, LogoutTokenParts::of_session(&sid)).await.status,
        StatusCode::OK
    );
    world.provider.heal();
    assert_eq!(calling.await.expect("an answer").status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        alice.clone().session().await,
        json!({"status": "ended", "reason": "provider"})
    );
    let left = world.redis.keys();
    assert!(
        left.iter().all(|key| key.contains(':') && !key.ends_with(":tokens")),
        "{left:?}"
    );
}

#[tokio::test]
async fn claims_of_the_id_token_wait_for_a_redis_that_is_away_as_the_tokens_do() {
    let mut scene = Scene::start().await;
    let alice = scene.world.signed_in("alice").await;
    scene.id_tokens_say(&[("nickname", json!("Al"))]);
    scene.world.advance(EXPIRED);
    scene
        .world
        .inject(Fault::Delay(Endpoint::Token, Duration::from_millis(300)));
    let mut tab = alice.clone();
    let calling = tokio::spawn(async move { call(&mut tab, Method::GET, "/api/orders/1").await });
    let world = &scene.world;
    world.until_refreshing().await;
    scene.world.redis.kill();
    assert!(calling.await.expect("an answer").status.is_server_error());
    scene.world.redis.resume();
    let world = &scene.world;
    world
        .until("the session has its new claims", async || {
            alice.clone().session().await["claims"]["nickname"] == "Al"
        })
        .await;
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (1, 0));
}

#[tokio::test]
async fn an_index_that_is_away_for_long_costs_no_session() {
    let scene = Scene::start().await;
    let world = &scene.world;
    let mut alice = world.signed_in("alice").await;
    scene.id_tokens_say(&[("nickname", json!("Al"))]);
    world.advance(EXPIRED);
    // In a cluster, the primary that has the index can be away while the primary that has the tokens is there.
    let indexes = world.redis.keys().into_iter();
    let away: Vec<_> = indexes
        .filter_map(|key| Some(format!("{}:retired", key.strip_suffix(":sessions")?)))
        .collect();
    for key in &away {
        world.redis.spoil(key);
    }
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/1").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    // This is longer than a refresh may last without renewing its lease.
    for _ in 0..3 {
        let sign = || world.redis.field(":refresh", "until");
        let before = sign();
        world.advance(Duration::from_secs(9));
        world
            .until("the refresh renews its lease", async || sign() > before)
            .await;
    }
    for key in &away {
        world.redis.delete(key);
    }
    world
        .until("the session has its new claims", async || {
            alice.session().await["claims"]["nickname"] == "Al"
        })
        .await;
    assert_eq!(
        call(&mut alice, Method::GET, "/api/orders/1").await.status,
        StatusCode::OK
    );
    assert_eq!((world.provider.refreshes(), world.provider.reuse_alarms()), (1, 0));
}
