//! Values that are no ID Token, and tokens of another kind.

use super::are_refused;
use crate::rejection::{MARK, Reached};
use crate::world::World;
use provider::Fault::{IdTokenClaimsText, IdTokenHeader, IdTokenHeaderText, IdTokenRaw};
use serde_json::json;

#[tokio::test]
async fn idt_01_idt_21_what_is_no_signed_token_is_refused() {
    let world = World::start().await;
    let malformed = "token_malformed";
    let cases = [
        ("one part", malformed, IdTokenRaw(MARK.to_owned())),
        ("two parts", malformed, IdTokenRaw("a.b".to_owned())),
        ("four parts", malformed, IdTokenRaw("e30.e30.e30.e30".to_owned())),
        ("five parts, IDT-21", malformed, IdTokenRaw("a.b.c.d.e".to_owned())),
        ("padding", malformed, IdTokenRaw("e30=.e30=.e30=".to_owned())),
        (
            "a header that is no object",
            malformed,
            IdTokenRaw("W10.e30.e30".to_owned()),
        ),
        ("no UTF-8", malformed, IdTokenRaw("_w.e30.e30".to_owned())),
        (
            "control characters",
            "token_response_member",
            IdTokenRaw("e30.e30\u{1}.e30".to_owned()),
        ),
        ("nothing", "token_response_member", IdTokenRaw(String::new())),
        ("100 KB", "token_too_large", IdTokenRaw("e30.".repeat(25_000))),
        (
            "1.2 MB",
            "provider_answer_too_large",
            IdTokenRaw("e30.".repeat(300_000)),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}

#[tokio::test]
async fn idt_07_idt_08_headers_that_demand_something_or_name_another_kind_are_refused() {
    let world = World::start().await;
    let (extension, kind) = ("token_extension", "id_token_typ");
    let cases = [
        ("IDT-07 crit", extension, IdTokenHeader("crit", json!(["exp"]))),
        ("IDT-07 b64", extension, IdTokenHeader("b64", json!(false))),
        ("IDT-07 cty", extension, IdTokenHeader("cty", json!("JWT"))),
        (
            "IDT-07 kid as a path",
            "id_token_unknown_key",
            IdTokenHeader("kid", json!("../../etc/passwd")),
        ),
        (
            "IDT-07 kid of 10 KB",
            "token_malformed",
            IdTokenHeader("kid", json!("k".repeat(10 * 1024))),
        ),
        (
            "IDT-07 kid as a number",
            "token_malformed",
            IdTokenHeader("kid", json!(1)),
        ),
        (
            "IDT-07 alg twice",
            "token_duplicate_member",
            IdTokenHeaderText("\"alg\":\"none\"".to_owned()),
        ),
        (
            "IDT-20 a member inside a claim twice",
            "token_duplicate_member",
            IdTokenClaimsText("\"address\":{\"a\":1,\"a\":2}".to_owned()),
        ),
        ("IDT-08 access token", kind, IdTokenHeader("typ", json!("at+jwt"))),
        ("IDT-08 logout token", kind, IdTokenHeader("typ", json!("logout+jwt"))),
        (
            "IDT-08 logout token in full",
            kind,
            IdTokenHeader("typ", json!("application/logout+jwt")),
        ),
        ("IDT-08 DPoP proof", kind, IdTokenHeader("typ", json!("dpop+jwt"))),
        (
            "IDT-08 client assertion",
            kind,
            IdTokenHeader("typ", json!("client-authentication+jwt")),
        ),
    ];
    are_refused(&world, Reached::Token, cases).await;
}
