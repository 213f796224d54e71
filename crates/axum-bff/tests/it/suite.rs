//! The modules of the `OpenID` Foundation's conformance suite for relying parties that apply to the code flow, each as a
//! test of the module's name that does what the module does. The suite itself is not run: it needs a network and a
//! person. Which modules do not apply, and why: `docs/conformance.md`.
//!
//! How the suite judges: a login that has to succeed ends with a call of userinfo, and one that has to fail makes no
//! further call after the token request.

mod basic;
mod config;
mod fapi;
mod logout;
mod refresh;

use crate::world::World;
use provider::{Endpoint, Fault};

/// A login with these faults succeeds, and userinfo is read.
async fn accepts(faults: impl IntoIterator<Item = Fault>) -> World {
    let world = World::start().await;
    succeeds_in(&world, faults).await;
    world
}

async fn succeeds_in(world: &World, faults: impl IntoIterator<Item = Fault>) {
    for fault in faults {
        world.inject(fault);
    }
    let before = world.provider.calls_to(Endpoint::Userinfo).len();
    let mut browser = world.browser();
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{}", landing.text());
    assert_eq!(browser.session().await["status"], "active");
    let calls = world.provider.calls_to(Endpoint::Userinfo).len();
    assert_eq!(calls, before + 1, "userinfo is read");
}

/// A login with this fault fails, and nothing is asked after the token request.
async fn rejects(fault: Fault) {
    fails_in(&World::start().await, [fault], 1).await;
}

/// An authorization response with this fault is answered without a token request.
async fn rejects_response(fault: Fault, also: Option<Fault>) {
    fails_in(&World::start().await, also.into_iter().chain([fault]), 0).await;
}

async fn fails_in(world: &World, faults: impl IntoIterator<Item = Fault>, token_requests: usize) {
    for fault in faults {
        world.inject(fault);
    }
    let mut browser = world.browser();
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    let address = landing.location().unwrap_or_default();
    assert!(address.starts_with("/sign-in-failed?problem="), "{address}");
    assert_eq!(browser.session().await["status"], "anonymous");
    assert_eq!(world.provider.calls_to(Endpoint::Token).len(), token_requests);
    assert!(
        world.provider.calls_to(Endpoint::Userinfo).is_empty(),
        "no further call"
    );
}
