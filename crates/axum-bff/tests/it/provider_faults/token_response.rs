//! Answers of the token endpoint that are no valid token response.

use super::{Case, are_refused};
use crate::rejection::{MARK, Reached};
use crate::world::World;
use provider::Endpoint::Token;
use provider::Fault::{
    ContentType, Cut, EndlessBody, HalfBody, Hang, HangUp, Redirect, SlowBody, Status, TokenMember, TokenWithoutMember,
};
use provider::{Answer, Fault};
use serde_json::{Value, json};
use std::time::Duration;

fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer(Token, Answer::new(status, "application/json", body))
}

/// TOK-05, TOK-06, TOK-07
#[tokio::test]
async fn an_answer_that_is_no_token_response_is_refused() {
    let world = World::start().await;
    let (status, malformed, member) = (
        "token_response_status",
        "token_response_malformed",
        "token_response_member",
    );
    let cases = [
        ("TOK-05 204", status, Status(Token, 204)),
        ("TOK-05 201", status, Status(Token, 201)),
        (
            "TOK-05 html",
            "token_response_media_type",
            ContentType(Token, "text/html"),
        ),
        (
            "TOK-05 error with 200",
            "invalid_grant",
            answer(200, r#"{"error":"invalid_grant"}"#),
        ),
        ("TOK-05 truncated", malformed, answer(200, "{\"access_token\":")),
        ("TOK-05 a list", malformed, answer(200, "[]")),
        (
            "TOK-05 a member twice",
            malformed,
            answer(200, r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#),
        ),
        ("TOK-05 no access_token", member, TokenWithoutMember("access_token")),
        (
            "TOK-05 null access_token",
            member,
            TokenMember("access_token", Value::Null),
        ),
        (
            "TOK-05 empty access_token",
            member,
            TokenMember("access_token", json!("")),
        ),
        (
            "TOK-05 numeric access_token",
            member,
            TokenMember("access_token", json!(7)),
        ),
        (
            "TOK-05 header injection",
            member,
            TokenMember("access_token", json!(format!("a\r\nx-{MARK}: b"))),
        ),
        (
            "TOK-06 mac",
            "token_response_token_type",
            TokenMember("token_type", json!("mac")),
        ),
        (
            "TOK-06 N_A",
            "token_response_token_type",
            TokenMember("token_type", json!("N_A")),
        ),
        (
            "TOK-06 missing",
            "token_response_token_type",
            TokenWithoutMember("token_type"),
        ),
        ("TOK-07 missing id_token", member, TokenWithoutMember("id_token")),
        ("TOK-07 null id_token", member, TokenMember("id_token", Value::Null)),
        ("TOK-07 numeric id_token", member, TokenMember("id_token", json!(7))),
    ];
    are_refused(&world, Reached::Token, cases).await;
}

/// DISC-06, TOK-10
///
/// The relying party repeats no token request after an error. No text of the error reaches a page or the log.
#[tokio::test]
async fn an_error_is_mapped_and_no_code_is_sent_twice() {
    let world = World::start().await;
    let error = |code: &str| {
        let body = json!({"error": code, "error_description": format!("<script>{MARK}</script>"), "error_uri": format!("https://{MARK}.example")});
        body.to_string()
    };
    let busy = Answer::new(429, "application/json", "{}").with_header("retry-after", "1");
    let cases: [Case; 9] = [
        ("invalid_grant", "invalid_grant", answer(400, &error("invalid_grant"))),
        (
            "invalid_client",
            "invalid_client",
            answer(401, &error("invalid_client")),
        ),
        (
            "unauthorized_client",
            "unauthorized_client",
            answer(400, &error("unauthorized_client")),
        ),
        ("unknown code", "token_request_refused", answer(400, &error(MARK))),
        (
            "an error that is no JSON",
            "token_response_status",
            Fault::Answer(Token, Answer::new(400, "text/html", format!("<h1>{MARK}</h1>"))),
        ),
        ("500", "token_response_status", answer(500, "{}")),
        ("429", "token_response_status", Fault::Answer(Token, busy)),
        (
            "redirect to another host",
            "token_response_status",
            Redirect(Token, "http://169.254.169.254/latest/meta-data".to_owned()),
        ),
        (
            "redirect to itself",
            "token_response_status",
            Redirect(Token, format!("{}/token", world.provider.issuer())),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}

/// TOK-11
#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up() {
    let world = World::start_with(&[("BFF_PROVIDER_TIMEOUT", "2s")]).await;
    let (timeout, unreachable) = ("provider_timeout", "provider_unreachable");
    let cases = [
        ("hang", timeout, Hang(Token)),
        ("slow body", timeout, SlowBody(Token, Duration::from_millis(200))),
        ("half a body", unreachable, HalfBody(Token)),
        ("cut", unreachable, Cut(Token)),
        ("hang up", unreachable, HangUp(Token)),
        ("endless", "provider_answer_too_large", EndlessBody(Token)),
    ];
    let begun = std::time::Instant::now();
    are_refused(&world, Reached::Token, cases).await;
    assert!(
        begun.elapsed() < Duration::from_mins(1),
        "each request ends within its time limit"
    );
}
