//! Default deny: every page and every server function of the demonstration is guarded, or declared public. None of them
//! accepts a form from another site.

use crate::browser::FETCH;
use crate::world::World;
use app::access::{Rule, TABLE};
use axum::http::{Method, StatusCode};
use leptos_axum::AxumRouteListing;
use std::collections::BTreeSet;

/// The rule of what an administrator does.
const ADMINISTRATION: Rule = Rule::All(&[Rule::Role("admin"), Rule::Fresh(300)]);

/// The paths that require more than a session, and their rules.
const GUARDED: [(&str, Rule); 8] = [
    ("/admin", Rule::Role("admin")),
    ("/orders", Rule::Claim("email_verified", "true")),
    ("/notes/erase", Rule::Fresh(300)),
    ("/_fn/erase_notes", Rule::Fresh(300)),
    ("/admin/sessions", ADMINISTRATION),
    ("/_fn/list_all_sessions", ADMINISTRATION),
    ("/_fn/end_any_session", ADMINISTRATION),
    ("/_fn/end_sessions_of", ADMINISTRATION),
];

/// The pages that anybody may open without a session.
const PUBLIC_PAGES: [&str; 3] = ["/", "/signed-out", "/sign-in-failed"];

/// The pages of the demonstration, as Leptos lists them.
pub(crate) fn pages() -> Vec<AxumRouteListing> {
    leptos_axum::generate_route_list(app::App)
}

#[tokio::test]
async fn every_page_is_guarded_or_declared_public() {
    let world = World::start().await;
    let listed = pages();
    let paths: BTreeSet<&str> = listed.iter().map(AxumRouteListing::path).collect();
    assert!(
        paths.len() >= 5 && paths.contains("/profile") && paths.contains("/admin"),
        "{paths:?}"
    );
    for path in paths {
        let answer = world.browser().open(path).await;
        if PUBLIC_PAGES.contains(&path) {
            assert_eq!(TABLE.access().rule(path), Rule::Public);
            assert_ne!(answer.status, StatusCode::SEE_OTHER, "{path}");
        } else {
            assert_ne!(
                TABLE.access().rule(path),
                Rule::Public,
                "{path} is public, and this test does not list it"
            );
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(
                answer
                    .location()
                    .is_some_and(|to| to.starts_with("/auth/login?return_to=")),
                "{path}"
            );
        }
    }
}

/// CSRF-07
#[tokio::test]
async fn every_server_function_is_guarded() {
    let world = World::start().await;
    world.browser().open("/").await;
    let functions: Vec<(&str, Method)> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(
        functions.iter().any(|(path, _)| *path == "/_fn/reread_claims"),
        "{functions:?}"
    );
    for (path, method) in functions {
        assert_eq!(method, Method::POST, "CSRF-07: {path} changes nothing by GET");
        let answer = world.browser().send(Method::POST, path, &FETCH, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["login"], "/auth/login");
        assert!(answer.location().is_none() && answer.set_cookies().is_empty());
    }
}

/// The refusal for a person who has only a session, such as Bob, whose sign-in is some minutes old.
fn refusal(rule: Rule) -> Option<(StatusCode, &'static str)> {
    match rule {
        Rule::Nobody | Rule::Role(_) | Rule::Any(_) | Rule::Not(_) | Rule::Check(_) => {
            Some((StatusCode::FORBIDDEN, "forbidden"))
        }
        Rule::Claim(..) => Some((StatusCode::FORBIDDEN, "claim_missing")),
        Rule::Fresh(_) | Rule::Prompted(_) | Rule::Acr(_) => Some((StatusCode::UNAUTHORIZED, "step_up_required")),
        Rule::All(rules) => rules.iter().find_map(|rule| refusal(*rule)),
        Rule::Public | Rule::SignedIn => None,
    }
}

#[tokio::test]
async fn each_rule_beyond_a_session_is_listed_here_and_refused_when_it_is_unmet() {
    let world = World::start().await;
    let mut bob = world.signed_in("bob").await;
    world.advance(std::time::Duration::from_secs(301));
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| (path.to_owned(), Method::POST));
    let listed = pages();
    let pages = listed.iter().map(|page| (page.path().to_owned(), Method::GET));
    let mut met = BTreeSet::new();
    for (path, method) in pages.chain(functions) {
        let more = GUARDED.iter().find(|(guarded, _)| *guarded == path);
        let expected = more.map_or(Rule::SignedIn, |(_, rule)| *rule);
        if !PUBLIC_PAGES.contains(&path.as_str()) {
            assert_eq!(TABLE.access().rule(&path), expected, "{path}");
        }
        let answer = bob.send(method, &path, &FETCH, "").await;
        match refusal(expected) {
            Some((status, code)) => {
                assert_eq!(
                    (answer.status, &answer.json()["code"]),
                    (status, &code.into()),
                    "{path}"
                );
                met.insert(path);
            }
            None => assert!(
                ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status),
                "{path}: {}",
                answer.status
            ),
        }
    }
    assert_eq!(met.len(), GUARDED.len(), "{met:?}");
}

/// CSRF-06, CSRF-10
///
/// A page of another site can send requests of these content types without a CORS preflight. The browser tells the
/// server where such a request comes from.
#[tokio::test]
async fn neither_a_server_function_nor_a_page_takes_a_form_from_elsewhere() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    let paths: Vec<String> = pages()
        .iter()
        .map(|page| page.path().to_owned())
        .chain(functions)
        .collect();
    assert!(paths.len() > 12, "{paths:?}");
    for kind in [
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/plain"),
        None,
    ] {
        for path in &paths {
            let mut headers = vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            let body = if kind.is_some() { "text=x&id=x" } else { "" };
            let answer = browser.send(Method::POST, path, &headers, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind:?}");
            assert_eq!(answer.json()["code"], "cross_site", "{path} {kind:?}");
        }
    }
    assert_eq!(browser.session().await["status"], "active");
}
