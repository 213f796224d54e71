//! `bff doctor` with the settings of the FAPI 2.0 profile.

use crate::fapi_setup::{Fapi, with_certificate, with_key};
use provider::Fault;
use serde_json::json;
use std::process::{Command, Stdio};

/// The exit status of the doctor, and the printed text.
async fn examined(fapi: &Fapi) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bff"));
    command.arg("doctor").env_clear().stdin(Stdio::null());
    command.envs(fapi.world.settings());
    // The provider runs on this thread, so the test must not block it.
    let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"));
    let output = output.await.expect("it ends");
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.code(), printed)
}

#[tokio::test]
async fn both_sides_meet_the_profile_with_a_key_and_with_a_certificate() {
    let (with_key, mutual) = (with_key(false).await, with_certificate().await);
    for (fapi, said) in [
        (
            &with_key,
            ["private_key_jwt with ES256", "bound to a key of the session (DPoP)"],
        ),
        (&mutual.fapi, ["tls_client_auth", "bound to the client's certificate"]),
    ] {
        let (status, printed) = examined(fapi).await;
        assert_eq!(status, Some(0), "{printed}");
        for said in said.into_iter().chain(["both sides meet it", "pushed first"]) {
            assert!(printed.contains(said), "{said} is not in: {printed}");
        }
    }
}

#[tokio::test]
async fn each_part_of_the_profile_that_a_provider_lacks_is_named() {
    let fapi = with_key(false).await;
    let flag = "authorization_response_iss_parameter_supported";
    fapi.world.inject(Fault::MetadataMember(flag, json!(false)));
    let (status, printed) = examined(&fapi).await;
    assert_eq!(status, Some(1), "{printed}");
    assert!(printed.contains(flag), "{printed}");
    assert!(!printed.contains("both sides meet it"), "{printed}");
}
