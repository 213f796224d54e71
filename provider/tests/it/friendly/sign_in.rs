//! The sign-in page.

use provider::{Client, Person, Provider, Settings};
use serde_json::json;

use super::{CALLBACK, SIGNED_OUT, friendly, parameter, query, redeem, request, started};
use crate::browser::{get, post};

fn authorize_path() -> String {
    format!("/authorize?{}", query(&request()))
}

#[tokio::test]
async fn the_page_offers_every_demo_person_and_a_password_form_and_no_script() {
    let provider = friendly().await;
    let answer = get(&provider, &authorize_path(), &[]).await;
    let page = answer.text();
    assert_eq!(answer.status, 200);
    for username in ["alice", "bob", "chioma"] {
        assert!(page.contains(&format!(r#"name="person" value="{username}""#)));
    }
    assert!(page.contains(r#"<label for="password">"#) && page.contains("localhost:3000"));
    assert!(!page.contains("<script"));
    assert!(page.contains("Development provider"));
}

#[tokio::test]
async fn the_page_names_the_application_and_says_of_each_person_what_they_are_good_for() {
    let provider = started(|settings| {
        settings.client.name = "Shop & Co".to_owned();
        settings.people = vec![
            Person::new(
                "alice",
                "alice",
                json!({ "roles": ["admin", "editor"], "email_verified": true }),
            ),
            Person::new("bob", "bob", json!({ "roles": [], "email_verified": false })),
            Person::new("carol", "carol", json!({ "roles": ["editor"] })).with_about("may <write>"),
        ];
    })
    .await;
    let page = get(&provider, &authorize_path(), &[]).await.text();
    assert!(
        page.contains("to continue to <strong>Shop &amp; Co</strong> at localhost:3000"),
        "{page}"
    );
    for about in [
        "roles admin, editor",
        "no roles; email not verified",
        "may &lt;write&gt;",
    ] {
        let line = format!(r#"<span class="about">{about}</span>"#);
        assert!(page.contains(&line), "{about}: {page}");
    }
}

#[tokio::test]
async fn the_password_form_is_folded_until_a_wrong_password_puts_the_focus_into_its_field() {
    let provider = friendly().await;
    let folded = get(&provider, &authorize_path(), &[]).await.text();
    assert!(folded.contains(r#"<details class="password">"#), "{folded}");
    assert!(!folded.contains("autofocus"), "the people come first");
    let request = query(&request());
    let form = [("request", &*request), ("username", "alice"), ("password", "guess")];
    let unfolded = post(&provider, "/sign-in", &[], &form).await.text();
    assert!(unfolded.contains(r#"<details class="password" open>"#), "{unfolded}");
    let (_, form) = unfolded.split_once("<details").expect("a password form");
    assert!(form.contains(r#"role="alert""#), "the message stands by the field");
    let focused: Vec<&str> = unfolded.lines().filter(|line| line.contains(" autofocus")).collect();
    assert!(
        focused.len() == 1 && focused[0].contains(r#"id="password""#),
        "{focused:?}"
    );
}

#[tokio::test]
async fn the_person_whom_the_application_expects_comes_first_and_has_the_focus() {
    let provider = friendly().await;
    let page = |hint: &str| {
        let mut request = request();
        request.push(("login_hint", hint.to_owned()));
        let path = format!("/authorize?{}", query(&request));
        let provider = &provider;
        async move { get(provider, &path, &[]).await.text() }
    };
    for hint in ["bob", "bob@example.com"] {
        let page = page(hint).await;
        let order: Vec<usize> = ["bob", "alice", "chioma"]
            .iter()
            .map(|name| {
                page.find(&format!(r#"name="person" value="{name}""#))
                    .expect("a button")
            })
            .collect();
        assert!(order.is_sorted(), "{hint}: {order:?}");
        assert!(page.contains("expects <strong>Bob"), "{page}");
        let focused: Vec<&str> = page.lines().filter(|line| line.contains(" autofocus")).collect();
        assert!(
            focused.len() == 1 && focused[0].contains(r#"value="bob" autofocus"#),
            "{focused:?}"
        );
    }
    let unknown = page("nobody").await;
    assert!(
        !unknown.contains("expects") && !unknown.contains("autofocus"),
        "{unknown}"
    );
}

#[tokio::test]
async fn the_page_cannot_be_framed_stored_or_made_to_load_anything_foreign() {
    let provider = friendly().await;
    let answer = get(&provider, &authorize_path(), &[]).await;
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(policy.contains("form-action 'self' http://localhost:3000;"), "{policy}");
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// HDR-12
#[tokio::test]
async fn text_of_the_request_is_escaped_in_the_page() {
    let provider = friendly().await;
    let mut request = request();
    let hostile = r#""><script>alert(1)</script>"#;
    request.push(("login_hint", hostile.to_owned()));
    request.retain(|(name, _)| *name != "state");
    request.push(("state", hostile.to_owned()));
    let path = format!("/authorize?{}", query(&request));
    let page = get(&provider, &path, &[]).await.text();
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;"));
}

/// HDR-12
#[tokio::test]
async fn names_of_people_are_escaped_and_their_passwords_are_not_shown() {
    let mut settings = Settings::new(Client::new("the client", CALLBACK, SIGNED_OUT));
    let claims = json!({ "name": "<i>Eve</i>", "roles": ["<b>\"'&"] });
    settings.people = vec![Person::new("eve\"", "a secret", claims)];
    let provider = Provider::start(settings).await.expect("a provider");
    let page = get(&provider, &authorize_path(), &[]).await.text();
    assert!(!page.contains("<i>") && !page.contains("<b>"), "{page}");
    assert!(page.contains(r#"value="eve&quot;""#) && page.contains("&lt;b&gt;&quot;&#x27;&amp;"));
    assert!(!page.contains("a secret") && !page.contains("password is the username"));
}

#[tokio::test]
async fn a_demo_persons_button_signs_in_and_the_session_answers_the_next_request() {
    let provider = friendly().await;
    let form = [("request", query(&request())), ("person", "bob".to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = post(&provider, "/sign-in", &[("sec-fetch-site", "same-origin")], &form).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().as_str().starts_with(CALLBACK));
    assert!(parameter(&answer.location(), "code").is_some());
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));

    let cookie = [("cookie", answer.cookie())];
    let again = get(&provider, &authorize_path(), &cookie).await;
    assert!(
        parameter(&again.location(), "code").is_some(),
        "the session at the provider gives a code"
    );
    for parameters in ["prompt=login", "prompt=select_account", "max_age=0"] {
        let path = format!("{}&{parameters}", authorize_path());
        let asked = get(&provider, &path, &cookie).await;
        assert_eq!(asked.status, 200, "{parameters} asks again");
    }
    let silent = get(&provider, &format!("{}&prompt=none", authorize_path()), &cookie).await;
    assert!(parameter(&silent.location(), "code").is_some());
}

#[tokio::test]
async fn a_password_signs_in_and_a_wrong_one_shows_the_page_again() {
    let provider = friendly().await;
    let request = query(&request());
    let form = |password| [("request", &*request), ("username", "alice"), ("password", password)];
    let wrong = post(&provider, "/sign-in", &[], &form("guess")).await;
    assert_eq!(wrong.status, 200);
    assert!(wrong.text().contains(r#"role="alert""#));
    assert!(
        wrong.text().contains(r#"value="alice" autocomplete"#),
        "the username stays in the form"
    );
    assert!(
        !wrong.text().contains("guess"),
        "the password does not stay in the form"
    );
    assert_eq!(wrong.header("set-cookie"), None);
    let right = post(&provider, "/sign-in", &[], &form("alice")).await;
    assert!(parameter(&right.location(), "code").is_some());
}

/// CB-07
#[tokio::test]
async fn cancelling_goes_back_with_access_denied() {
    let provider = friendly().await;
    let form = [("request", &*query(&request())), ("deny", "yes")];
    let location = post(&provider, "/sign-in", &[], &form).await.location();
    assert_eq!(parameter(&location, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&location, "state").as_deref(), Some("the state"));
    assert_eq!(parameter(&location, "iss").as_deref(), Some(provider.issuer()));
}

#[tokio::test]
async fn another_site_cannot_sign_a_browser_in_or_out() {
    let provider = friendly().await;
    let request = query(&request());
    let form = [("request", &*request), ("person", "alice")];
    let cross_site = [("sec-fetch-site", "cross-site")];
    assert_eq!(post(&provider, "/sign-in", &cross_site, &form).await.status, 403);
    let confirm = [("confirm", "yes")];
    assert_eq!(post(&provider, "/end-session", &cross_site, &confirm).await.status, 403);
}

#[tokio::test]
async fn the_form_cannot_smuggle_in_another_request() {
    let provider = friendly().await;
    let altered = query(&request()).replace("callback", "elsewhere");
    let form = [("request", &*altered), ("person", "alice")];
    let answer = post(&provider, "/sign-in", &[], &form).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (400, None));
}

#[tokio::test]
async fn after_signing_out_at_the_provider_it_asks_again() {
    let provider = friendly().await;
    let request = query(&request());
    let form = [("request", &*request), ("person", "alice")];
    let signed_in = post(&provider, "/sign-in", &[], &form).await;
    let cookie = [("cookie", signed_in.cookie())];
    let code = parameter(&signed_in.location(), "code").expect("a code");
    let tokens = redeem(&provider, &code, &[]).await.json();
    let hint = tokens["id_token"].as_str().expect("an ID Token");
    let path = "/end-session";
    let end = [("id_token_hint", hint), ("post_logout_redirect_uri", SIGNED_OUT)];
    // A form from another site comes without the cookie. The provider finds the session by the `sid` of the hint.
    assert_eq!(post(&provider, path, &[], &end).await.status, 303);
    assert_eq!(get(&provider, &authorize_path(), &cookie).await.status, 200);
}
