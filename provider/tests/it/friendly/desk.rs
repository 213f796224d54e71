//! The control desk: its page, and the forms that it takes.

mod protocol;
mod sign_outs;

use std::{sync::atomic::Ordering, time::Duration};

use provider::{Person, Provider, Settings};
use serde_json::{Value, json};

use super::{
    NOW, authorization_url, call, clock, decoded, friendly, member, parameter, query, redeem, request, started, tokens,
};
use crate::browser::{form, get, post};

const OWN_PAGE: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

/// Every address that a form of the desk is posted to.
const ACTIONS: [&str; 8] = [
    "/desk/sign-out",
    "/desk/sign-everybody-out",
    "/desk/give-role",
    "/desk/take-role",
    "/desk/end-grants",
    "/desk/rotate-key",
    "/desk/stop-answering",
    "/desk/answer-again",
];

/// A provider of a development run, with changed settings.
async fn with_desk(change: impl FnOnce(&mut Settings)) -> Provider {
    started(|settings| {
        settings.desk = true;
        settings.roles_in_id_token = true;
        change(settings);
    })
    .await
}

/// Sends a form of the desk, and gives the notice on the page that it leads back to.
async fn act(provider: &Provider, path: &str, pairs: &[(&str, &str)]) -> String {
    let answer = post(provider, path, &OWN_PAGE, pairs).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    let back = answer.header("location").expect("the way back").to_owned();
    assert!(back.starts_with("/?done="), "{back}");
    notice(&get(provider, &back, &[]).await.text())
}

/// The text of the page's notice, or nothing.
fn notice(page: &str) -> String {
    let line = page.lines().find(|line| line.contains(r#"role="status""#));
    let text = line.and_then(|line| line.split_once('>')).map(|(_, text)| text);
    text.unwrap_or_default().trim_end_matches("</p>").to_owned()
}

/// Signs a person in at the provider, in a browser whose cookie is given back.
async fn sign_in(provider: &Provider, username: &str) -> String {
    let form = [("request", &*query(&request())), ("person", username)];
    let answer = post(provider, "/sign-in", &OWN_PAGE, &form).await;
    answer.cookie().to_owned()
}

/// Whether the provider gives this browser a code without asking for anything.
async fn is_signed_in(provider: &Provider, cookie: &str) -> bool {
    let path = format!("/authorize?{}", query(&request()));
    get(provider, &path, &[("cookie", cookie)]).await.status == 303
}

/// The tokens of another person than Alice.
async fn tokens_of(provider: &Provider, username: &str) -> Value {
    let callback = provider.authorize(&authorization_url(provider), username).await;
    let code = parameter(&callback, "code").expect("a code");
    redeem(provider, &code, &[]).await.json()
}

async fn userinfo(provider: &Provider, tokens: &Value) -> Value {
    call(provider, "/userinfo", member(tokens, "access_token")).await.json()
}

fn roles_of_id_token(tokens: &Value) -> Value {
    decoded(member(tokens, "id_token")).1["roles"].clone()
}

#[tokio::test]
async fn there_is_a_desk_only_where_the_settings_want_it() {
    let without = friendly().await;
    let home = get(&without, "/", &[]).await;
    assert_eq!(home.status, 200);
    assert!(!home.text().contains("<form"), "{}", home.text());
    for path in ACTIONS {
        assert_eq!(
            post(&without, path, &OWN_PAGE, &[("person", "alice")]).await.status,
            404,
            "{path}"
        );
    }
    let tokens = tokens(&without).await;
    assert_eq!(roles_of_id_token(&tokens), Value::Null);

    let page = get(&with_desk(|_| {}).await, "/", &[]).await.text();
    assert!(page.contains("<h1>Control desk</h1>") && page.contains("<strong>the client</strong>"));
    assert!(page.contains(r#"<a href="http://localhost:3000">"#));
    assert!(!page.contains("<script"));
    for path in ACTIONS.iter().filter(|path| **path != "/desk/answer-again") {
        assert!(page.contains(&format!(r#"method="post" action="{path}""#)), "{path}");
    }
}

#[tokio::test]
async fn the_desk_takes_no_form_from_another_page() {
    let provider = with_desk(|_| {}).await;
    let bob = sign_in(&provider, "bob").await;
    let tokens = tokens_of(&provider, "bob").await;
    let own = provider.issuer().to_owned();
    let elsewhere = format!("{own}0");
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site"), ("origin", &*own)],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://localhost:3000")],
        &[("origin", &*elsewhere)],
        &[("origin", "null")],
        &[],
    ] {
        for path in ACTIONS {
            let refused = post(&provider, path, headers, &[("person", "bob"), ("role", "admin")]).await;
            assert_eq!(
                (refused.status, refused.header("location")),
                (403, None),
                "{path} {headers:?}"
            );
        }
        assert!(is_signed_in(&provider, &bob).await, "{headers:?}");
        assert_eq!(userinfo(&provider, &tokens).await["roles"], json!([]), "{headers:?}");
    }
    // A form is posted; a link does nothing.
    assert_eq!(get(&provider, "/desk/sign-out?person=bob", &OWN_PAGE).await.status, 405);
    // A browser without Fetch Metadata says where the form is from.
    let taken = post(&provider, "/desk/sign-out", &[("origin", &own)], &[("person", "bob")]).await;
    assert_eq!(taken.status, 303);
    assert!(!is_signed_in(&provider, &bob).await);
}

/// A site that points its name at this machine (DNS rebinding) is one origin with the provider, for the browser. So its forms
/// look like the desk's own.
#[tokio::test]
async fn a_page_under_another_name_of_this_machine_reaches_nothing() {
    let provider = with_desk(|_| {}).await;
    let bob = sign_in(&provider, "bob").await;
    let (_, port) = provider.issuer().rsplit_once(':').expect("a port");
    for name in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"] {
        let host = format!("{name}:{port}");
        let origin = format!("http://{host}");
        for path in ACTIONS {
            let headers = [("host", &*host), ("origin", &*origin)];
            let refused = post(&provider, path, &headers, &[("person", "bob"), ("role", "admin")]).await;
            assert_eq!(
                (refused.status, refused.header("location")),
                (421, None),
                "{path} {host}"
            );
        }
        for path in ["/", "/jwks", "/authorize"] {
            let refused = get(&provider, path, &[("host", &host), ("cookie", &bob)]).await;
            assert_eq!((refused.status, refused.text().as_str()), (421, ""), "{path} {host}");
        }
        assert!(is_signed_in(&provider, &bob).await, "{host}");
    }
    for name in ["localhost", "app.localhost", "[::1]"] {
        let page = get(&provider, "/", &[("host", &format!("{name}:{port}"))]).await;
        assert_eq!(page.status, 200, "{name}");
    }
}

/// HDR-12
#[tokio::test]
async fn names_roles_and_the_query_are_escaped() {
    let markup = r#""><script>alert(1)</script>"#;
    let provider = with_desk(|settings| {
        settings.client.name = markup.to_owned();
        let claims = json!({ "name": markup, "roles": [markup] });
        settings.people = vec![Person::new(markup, "x", claims).with_about(markup)];
    })
    .await;
    let role = [("person", markup), ("role", "<b>bold</b>")];
    let said = act(&provider, "/desk/give-role", &role).await;
    assert_eq!(
        said,
        "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; has one more role."
    );
    for address in [
        "/".to_owned(),
        format!("/?{}", form(&[("done", "role-given"), ("person", markup)])),
        format!("/?{}", form(&[("done", "role-given"), ("person", "<script>nobody")])),
        format!("/?{}", form(&[("done", markup), ("person", markup)])),
    ] {
        let page = get(&provider, &address, &[]).await.text();
        assert!(!page.contains("<script") && !page.contains("<b>"), "{address}: {page}");
    }
    let page = get(&provider, "/?done=%3Cscript%3E", &[]).await.text();
    assert_eq!(notice(&page), "", "a word that is no notice shows none");
    let taken = act(&provider, "/desk/take-role", &role).await;
    assert!(taken.ends_with("has one role less."), "{taken}");
    let page = get(&provider, "/", &[]).await;
    assert!(
        page.text().contains("Take away &quot;&gt;&lt;script&gt;"),
        "{}",
        page.text()
    );
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("form-action 'self';"),
        "{policy}"
    );
}

#[tokio::test]
async fn the_desk_tells_lengths_of_time_in_words() {
    let (seconds, clock) = clock();
    let provider = with_desk(|settings| {
        settings.clock = clock;
        settings.access_token_lifetime = Duration::from_mins(5);
    })
    .await;
    sign_in(&provider, "bob").await;
    for (elapsed, words) in [
        (59, "Signed in just now"),
        (60, "Signed in 1 minute ago"),
        (2 * 3600 - 1, "Signed in 1 hour ago"),
        (3 * 24 * 3600, "Signed in 3 days ago"),
    ] {
        seconds.store(NOW + elapsed, Ordering::Relaxed);
        let page = get(&provider, "/", &[]).await.text();
        assert!(page.contains(&format!("{words}</li>")), "{words}: {page}");
        assert!(page.contains("which are good for 5 minutes"));
        assert!(page.contains("younger than 10 seconds is not renewed"));
    }
}
