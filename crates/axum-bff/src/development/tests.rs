use super::*;
use crate::Bff;
use crate::access::{Rule, Table};
use crate::config::{Config, Source};
use crate::testing::Browser;
use axum::Router;
use axum::http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::time::Instant;

/// A development run with these variables. Without variables for the addresses, it listens on free ports of loopback.
async fn run(variables: &[(&str, &OsStr)]) -> Result<Development, DevelopmentError> {
    let mut all: BTreeMap<String, OsString> = [("BFF_LISTEN", "127.0.0.1:0"), ("DEV_PROVIDER_LISTEN", "127.0.0.1:0")]
        .map(|(name, value)| (name.to_owned(), value.into()))
        .into();
    all.extend(
        variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    start_with(&move |name| all.get(name).cloned()).await
}

async fn application(development: &Development) -> Router {
    const TABLE: Table = Table::new(&[("/", Rule::Public)]);
    let config = Config::read(Source::collect(development.fill_in(Vec::new()), None)).expect("settings that fit");
    let builder = Bff::builder()
        .settings(config)
        .memory(development.sessions())
        .access(TABLE);
    builder.build().await.expect("an application").router(Router::new())
}

async fn signed_in(development: &Development, router: Router) -> Browser {
    let mut browser = Browser::new(router);
    let led = browser.open("/auth/login").await;
    let callback = development
        .provider
        .authorize(led.location().expect("the provider"), "alice")
        .await;
    let callback = format!("{}?{}", callback.path(), callback.query().unwrap_or_default());
    let landed = browser.open(&callback).await;
    assert_eq!(landed.status, StatusCode::SEE_OTHER, "{}", landed.text());
    assert_eq!(browser.session().await["status"], "active");
    browser
}

/// Waits until the run has written its present state by itself. It writes also without being told to end.
async fn written(development: &Development) {
    let kept = development.kept.as_ref().expect("a folder");
    let deadline = Instant::now() + Duration::from_secs(30);
    let is = |name: &str, now: &[u8]| std::fs::read(kept.folder.join(name)).is_ok_and(|written| written == now);
    while !is("sessions", &kept.sessions.snapshot()) || !is("provider", &development.provider.snapshot()) {
        assert!(Instant::now() < deadline, "the run does not write its state");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_restart_of_a_development_run_keeps_sessions_and_their_tokens_good() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = ("DEV_STATE", folder.path().as_os_str());
    let first = run(&[state]).await.expect("a run");
    let mut browser = signed_in(&first, application(&first).await).await;
    // A killed run is not told to end, so this test does not call `write_down`.
    written(&first).await;
    let listen = OsString::from(first.provider.issuer().trim_start_matches("http://"));
    first.provider.stop().await;

    let second = run(&[state, ("DEV_PROVIDER_LISTEN", &listen)])
        .await
        .expect("a second run");
    browser = browser.at(application(&second).await);
    let session = browser.session().await;
    assert_eq!(session["status"], "active", "{session}");
    let call = [("sec-fetch-site", "same-origin"), ("x-csrf", "1")];
    let answer = browser.send(Method::GET, "/api/demo/whoami", &call, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(second.provider.refreshes(), 0, "the access token is still good");
    // The sign-out works too: the provider of the second run knows the ID Token of the first.
    let out = browser.submit("/auth/logout").await;
    let at_provider = url::Url::parse(&out.leads_to().expect("the provider")).expect("an address");
    let hint = at_provider.query_pairs().find(|(name, _)| name == "id_token_hint");
    assert!(hint.is_some(), "{at_provider}");
    second.write_down();
    second.provider.stop().await;

    let third = run(&[state, ("DEV_PROVIDER_LISTEN", &listen)])
        .await
        .expect("a third run");
    let mut browser = browser.at(application(&third).await);
    assert_ne!(
        browser.session().await["status"],
        "active",
        "the end of a session is kept too"
    );
}

#[tokio::test]
async fn the_provider_of_a_run_has_a_desk_and_names_the_application() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for (variables, name) in [
        (&[][..], "<strong>leptos-oidc-bff</strong>"),
        (
            &[("LEPTOS_OUTPUT_NAME", OsStr::new("shop"))][..],
            "<strong>shop</strong>",
        ),
    ] {
        let development = run(variables).await.expect("a run");
        let host = development.provider.issuer().trim_start_matches("http://").to_owned();
        let exchange = async {
            let mut connection = tokio::net::TcpStream::connect(&host)
                .await
                .expect("the provider listens");
            let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            connection.write_all(request.as_bytes()).await.expect("sent");
            let mut answer = String::new();
            connection.read_to_string(&mut answer).await.expect("an answer");
            answer
        };
        let page = tokio::time::timeout(Duration::from_secs(20), exchange).await;
        let page = page.expect("an answer in time");
        assert!(page.contains("<h1>Control desk</h1>") && page.contains(name), "{page}");
    }
}

#[tokio::test]
async fn without_a_folder_a_run_keeps_nothing() {
    let first = run(&[
        ("DEV_STATE", OsStr::new("")),
        ("LEPTOS_SITE_ROOT", OsStr::new("target/site")),
    ])
    .await;
    let first = first.expect("a run");
    assert!(first.sessions().is_none());
    let mut browser = signed_in(&first, application(&first).await).await;
    let second = run(&[]).await.expect("a second run");
    browser = browser.at(application(&second).await);
    assert_ne!(browser.session().await["status"], "active");
}

#[tokio::test]
async fn a_run_that_others_can_reach_keeps_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = ("DEV_STATE", folder.path().as_os_str());
    let refused = run(&[state, ("BFF_LISTEN", OsStr::new("0.0.0.0:0"))]).await;
    assert!(matches!(refused, Err(DevelopmentError::NotLoopback(_))), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn kept_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let development = run(&[("DEV_STATE", folder.path().join("new").as_os_str())])
        .await
        .expect("a run");
    development.write_down();
    let kept = &development.kept.as_ref().expect("a folder").folder;
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(kept), 0o700);
    let files: Vec<PathBuf> = std::fs::read_dir(kept)
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[tokio::test]
async fn the_debug_form_of_a_run_shows_no_password_and_no_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let development = run(&[("DEV_STATE", folder.path().as_os_str())]).await.expect("a run");
    let shown = format!("{development:?}");
    let key = &development.kept.as_ref().expect("a folder").session_key;
    // The password of a demo person is the username.
    assert!(!shown.contains(key.as_str()) && !shown.contains("alice"), "{shown}");
}

#[tokio::test]
async fn a_state_that_cannot_be_read_any_more_begins_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = folder.path().join("0");
    std::fs::create_dir(&port).expect("made");
    for name in ["session-key", "sessions", "provider"] {
        std::fs::write(port.join(name), "of another version").expect("written");
    }
    let development = run(&[("DEV_STATE", folder.path().as_os_str())]).await.expect("a run");
    signed_in(&development, application(&development).await).await;
}

#[test]
fn the_folder_is_the_one_that_is_named_or_stands_beside_the_site() {
    let folder = |variables: &[(&str, &str)]| {
        let variables: BTreeMap<String, OsString> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        folder_of(&move |name| variables.get(name).cloned())
    };
    let site = ("LEPTOS_SITE_ROOT", "target/site");
    assert_eq!(folder(&[]), None);
    assert_eq!(folder(&[site]), Some("target/development".into()));
    assert_eq!(folder(&[site, ("DEV_STATE", "elsewhere")]), Some("elsewhere".into()));
    assert_eq!(folder(&[site, ("DEV_STATE", "")]), None);
}

#[test]
fn people_come_from_the_file_that_is_named_then_from_the_usual_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (named, usual) = (folder.path().join("named.toml"), folder.path().join(PEOPLE));
    let usernames = |named: Option<&Path>| {
        let people = people(named.map(Path::as_os_str), &usual);
        people.map(|people| people.into_iter().map(|person| person.username).collect::<Vec<_>>())
    };
    assert_eq!(usernames(None).expect("the demo people"), ["alice", "bob", "chioma"]);
    std::fs::write(&usual, "[[people]]\nusername = \"ada\"").expect("written");
    assert_eq!(usernames(None).expect("people"), ["ada"]);
    assert!(usernames(Some(&named)).is_err(), "a named file has to be there");
    std::fs::write(&named, "[[people]]\nusername = \"grace\"").expect("written");
    assert_eq!(usernames(Some(&named)).expect("people"), ["grace"]);
    assert_eq!(usernames(Some(Path::new(""))).expect("people"), ["ada"]);
}
