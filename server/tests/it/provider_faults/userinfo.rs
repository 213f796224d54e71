//! Userinfo that is somebody else's, or none.

use super::are_refused;
use crate::rejection::Reached;
use crate::world::World;
use provider::Endpoint::Userinfo;
use provider::Fault::{
    Answer as Instead, ContentType, Cut, EndlessBody, HalfBody, Redirect, Status, UserinfoClaim, UserinfoWithoutClaim,
};
use provider::{Answer, Endpoint};
use serde_json::{Value, json};

/// `oidcc-client-test-userinfo-invalid-sub`: the sign-in fails, and not only the claims.
#[tokio::test]
async fn ui_02_userinfo_about_somebody_else_or_nobody_is_refused() {
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

#[tokio::test]
async fn ui_03_userinfo_that_is_no_plain_json_is_refused() {
    let world = World::start().await;
    let media = "userinfo_media_type";
    let cases = [
        ("html", media, ContentType(Userinfo, "text/html")),
        (
            "a JWT that nobody asked for",
            media,
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
