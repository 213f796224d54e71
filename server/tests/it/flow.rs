//! The page that tells a person what happened at the sign-in.

use crate::browser::Browser;
use crate::world::{EXPIRED, World};
use axum::http::StatusCode;
use std::time::Duration;

/// So long a part of a secret is no accident in a page.
const PART: usize = 8;

async fn page(browser: &mut Browser) -> String {
    let page = browser.open("/flow").await;
    assert_eq!(page.status, StatusCode::OK);
    // Views without types have markers behind their text.
    page.text().replace("<!>", "")
}

#[tokio::test]
async fn the_page_tells_the_steps_of_the_sign_in_with_their_times() {
    let world = World::start().await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/flow").await;
    world.advance(Duration::from_millis(42_300));
    assert_eq!(browser.open(&callback).await.location(), Some("/flow"));
    let page = page(&mut browser).await;
    let query: Vec<(String, String)> = url::Url::parse(&callback)
        .expect("a URL")
        .query_pairs()
        .into_owned()
        .collect();
    let length = |name: &str| {
        query
            .iter()
            .find(|(found, _)| found == name)
            .expect("it is there")
            .1
            .len()
    };
    let state = format!("{} characters, which only this server opens", length("state"));
    let code = format!("{} characters. The state opened", length("code"));
    let mut rest = page.as_str();
    for said in [
        "Sealed the login in state",
        &state,
        "Asked you to sign in",
        "42.3 s",
        "Brought the code",
        &code,
        "spent once",
        "Redeemed the code",
        "S256",
        "client_secret_basic",
        "Checked the ID Token",
        "Its signature (",
        "at_hash fits the access token.",
        "Read userinfo",
        "Sealed the session",
        "None yet",
    ] {
        let at = rest.find(said).unwrap_or_else(|| panic!("{said}: {page}"));
        rest = &rest[at + said.len()..];
    }
    let profile = browser.open("/profile").await.text();
    assert!(profile.contains("href=\"/flow\""), "{profile}");
}

#[tokio::test]
async fn the_page_tells_the_latest_five_refreshes_of_the_session() {
    let world = World::start_refreshing(|_| ()).await;
    let mut browser = world.signed_in("alice").await;
    for count in 1..=6_usize {
        world.advance(EXPIRED);
        browser.reread().await;
        let page = page(&mut browser).await;
        let told = page.matches("<h3>Got a new access token</h3>").count();
        assert_eq!(told, count.min(5), "{page}");
    }
}

/// SES-09
#[tokio::test]
async fn no_secret_and_no_part_of_one_is_on_the_page() {
    let world = World::start_refreshing(|_| ()).await;
    let mut browser = world.browser();
    let callback = browser.callback_address(&world.provider, "alice", "/flow").await;
    browser.open(&callback).await;
    world.advance(EXPIRED);
    browser.reread().await;
    let texts = [
        page(&mut browser).await,
        browser.call("read_sign_in_flow", "").await.text(),
    ];
    assert!(texts[1].contains("Got a new access token"), "{}", texts[1]);

    let mut secrets = world.provider.issued_secrets();
    let query = url::Url::parse(&callback).expect("a URL");
    for name in ["state", "code"] {
        let value = query.query_pairs().find(|(found, _)| found == name);
        secrets.push(value.expect("it is there").1.into_owned());
    }
    for call in world.provider.calls() {
        secrets.extend(call.parameter("code_verifier").map(str::to_owned));
        secrets.extend(call.parameter("nonce").map(str::to_owned));
    }
    secrets.extend(browser.cookies.values().cloned());
    assert!(secrets.len() >= 10, "{}", secrets.len());
    for secret in &secrets {
        let beginning = secret.get(..PART).unwrap_or(secret);
        let end = secret.get(secret.len().saturating_sub(PART)..).unwrap_or(secret);
        for text in &texts {
            assert!(
                !text.contains(beginning) && !text.contains(end),
                "a part of a secret is in {text}"
            );
        }
    }
}

#[tokio::test]
async fn a_session_without_kept_steps_is_told_so() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    for key in world.redis.keys().iter().filter(|key| key.ends_with(":tokens")) {
        world.redis.ask(&["DEL", key]);
    }
    assert!(page(&mut browser).await.contains("were not written down"));
}
