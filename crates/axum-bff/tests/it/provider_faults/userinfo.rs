//! Userinfo responses about another person, and responses that are not valid.

use super::{are_refused, is_refused_in};
use crate::leaks::Log;
use crate::rejection::{Reached, Refusal};
use crate::world::World;
use provider::Endpoint::Userinfo;
use provider::Fault::{
    Answer as Instead, ContentType, Cut, EndlessBody, HalfBody, Redirect, Status, UserinfoClaim, UserinfoSignature,
    UserinfoSigned, UserinfoWithoutClaim,
};
use provider::{Answer, Endpoint, SignatureFault};
use serde_json::{Value, json};
use std::time::Duration;

/// UI-02
///
/// `oidcc-client-test-userinfo-invalid-sub`: the whole sign-in fails. Dropping the claims would not be enough.
#[tokio::test]
async fn userinfo_about_somebody_else_or_nobody_is_refused() {
    let world = World::start().await;
    let subject = "userinfo_subject";
    let cases = [
        (
            "userinfo_invalid_sub",
            subject,
            UserinfoClaim("sub", json!("bobinvalid")),
        ),
        ("missing sub", subject, UserinfoWithoutClaim("sub")),
        ("null sub", subject, UserinfoClaim("sub", Value::Null)),
        ("sub in a list", subject, UserinfoClaim("sub", json!(["bob"]))),
    ];
    are_refused(&world, Reached::Userinfo, cases).await;
}

/// DISC-06, UI-03
#[tokio::test]
async fn userinfo_that_is_no_plain_json_is_refused() {
    let world = World::start().await;
    let media = "userinfo_media_type";
    let cases = [
        ("html", media, ContentType(Userinfo, "text/html")),
        (
            "JSON that is said to be a JWT",
            "token_malformed",
            ContentType(Userinfo, "application/jwt"),
        ),
        (
            "a list",
            "userinfo_malformed",
            Instead(Userinfo, Answer::new(200, "application/json", "[]")),
        ),
        ("401", "userinfo_access_token", Status(Userinfo, 401)),
        ("500", "userinfo_status", Status(Userinfo, 500)),
        ("endless", "provider_answer_too_large", EndlessBody(Endpoint::Userinfo)),
        ("cut", "provider_unreachable", Cut(Userinfo)),
        ("half", "provider_unreachable", HalfBody(Userinfo)),
        (
            "DISC-06 redirect",
            "userinfo_status",
            Redirect(Userinfo, "http://169.254.169.254/".to_owned()),
        ),
    ];
    are_refused(&world, Reached::Userinfo, cases).await;
}

/// UI-03
///
/// Some providers sign userinfo for every client. The relying party verifies the signed response although it did not
/// ask for one.
#[tokio::test]
async fn signed_userinfo_that_nobody_asked_for_is_verified() {
    let world = World::start().await;
    world.inject(UserinfoSigned);
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.session().await["claims"]["given_name"], "Alice");
    let asked = world.provider.calls_to(Userinfo).remove(0);
    assert_eq!(asked.header("accept"), Some("application/json"));
    world.provider.heal();
    for (name, code, fault) in [
        (
            "forged",
            "userinfo_signature",
            UserinfoSignature(SignatureFault::FlippedBit),
        ),
        (
            "unsigned",
            "userinfo_algorithm",
            UserinfoSignature(SignatureFault::None),
        ),
        (
            "for another client",
            "userinfo_audience",
            UserinfoClaim("aud", json!("other")),
        ),
    ] {
        let browser = world.signed_in("alice").await;
        world.advance(Duration::from_mins(2));
        let refusal = Refusal {
            name,
            code,
            reached: Reached::Userinfo,
        };
        is_refused_in(&world, browser, refusal, vec![UserinfoSigned, fault]).await;
    }
}

/// UI-04
///
/// Userinfo with a picture as a `data:` URL is large. The relying party reads it, and does not keep the picture.
#[tokio::test(flavor = "current_thread")]
async fn userinfo_with_a_picture_signs_in_within_the_limit_of_the_setting() {
    let (log, _guard) = Log::catch();
    let world = World::start().await;
    let picture = format!("data:image/png;base64,{}", "A".repeat(300 * 1024));
    world.inject(UserinfoClaim("picture", json!(picture)));
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.session().await["claims"].get("picture"), None);
    let mut narrow = world
        .browser()
        .at(world.replica_set(&[("BFF_USERINFO_LIMIT", "64KiB")]).await);
    let landing = narrow.sign_in(&world.provider, "alice", "/profile").await;
    assert!(landing.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
    let said = log.text();
    assert!(said.contains("code=\"provider_answer_too_large\""), "{said}");
    assert!(
        said.contains("more than 65536 bytes, which is BFF_USERINFO_LIMIT"),
        "{said}"
    );
}

/// UI-03, oidcc-client-test-userinfo-signed
///
/// `oidcc-client-test-userinfo-signed`: a response that is signed with RS256 is accepted. A response that the provider
/// has not signed for this client is refused.
#[tokio::test]
async fn signed_userinfo_is_verified_where_it_is_negotiated() {
    let world = World::start_with(&[("BFF_USERINFO_SIGNED", "on")]).await;
    world.inject(UserinfoSigned);
    let mut alice = world.signed_in("alice").await;
    assert_eq!(alice.session().await["claims"]["given_name"], "Alice");
    let asked = world.provider.calls_to(Userinfo).remove(0);
    assert_eq!(asked.header("accept"), Some("application/jwt"));
    assert_eq!(alice.reread().await["status"], "active");

    let wrong = |signature| vec![UserinfoSigned, UserinfoSignature(signature)];
    let claim = |fault| vec![UserinfoSigned, fault];
    let cases = [
        ("plain JSON", "userinfo_media_type", vec![]),
        (
            "a JWT that says it is JSON",
            "userinfo_media_type",
            claim(ContentType(Userinfo, "application/json")),
        ),
        ("alg none", "userinfo_algorithm", wrong(SignatureFault::None)),
        (
            "HS256",
            "userinfo_algorithm",
            wrong(SignatureFault::Hs256WithClientSecret),
        ),
        ("another key", "userinfo_signature", wrong(SignatureFault::OtherKey)),
        ("a bit flipped", "userinfo_signature", wrong(SignatureFault::FlippedBit)),
        (
            "another issuer",
            "userinfo_issuer",
            claim(UserinfoClaim("iss", json!("https://evil.example"))),
        ),
        ("no issuer", "userinfo_issuer", claim(UserinfoWithoutClaim("iss"))),
        (
            "another client",
            "userinfo_audience",
            claim(UserinfoClaim("aud", json!("other"))),
        ),
        ("no aud", "userinfo_audience", claim(UserinfoWithoutClaim("aud"))),
        (
            "another person",
            "userinfo_subject",
            claim(UserinfoClaim("sub", json!("other"))),
        ),
        (
            "expired",
            "userinfo_expired",
            claim(UserinfoClaim("exp", json!(1_600_000_000))),
        ),
        (
            "no JWT",
            "token_malformed",
            vec![Instead(Userinfo, Answer::new(200, "application/jwt", "e30"))],
        ),
        (
            "no UTF-8",
            "userinfo_malformed",
            vec![Instead(Userinfo, Answer::new(200, "application/jwt", [0xff_u8]))],
        ),
    ];
    for (name, code, faults) in cases {
        // Alice signs in before the fault is injected, and the relying party expects signed userinfo for that too.
        world.inject(UserinfoSigned);
        let browser = world.signed_in("alice").await;
        world.provider.heal();
        world.advance(Duration::from_mins(2));
        let refusal = Refusal {
            name,
            code,
            reached: Reached::Userinfo,
        };
        is_refused_in(&world, browser, refusal, faults).await;
    }
}
