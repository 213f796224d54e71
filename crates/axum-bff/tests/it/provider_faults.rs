//! A provider that misbehaves: each fault ends the sign-in, and changes nothing else (REJ).

mod claims;
mod keys;
mod pairs;
mod redirects;
mod shape;
mod signature;
mod token_response;
mod userinfo;

use crate::browser::Browser;
use crate::rejection::{Reached, Refusal, is_rejected};
use crate::world::World;
use provider::Fault;
use std::time::Duration;

/// A case: what it is, the code of the refusal, and the fault.
type Case = (&'static str, &'static str, Fault);

/// Signs Alice in, then Bob over her with each of the faults: her session has to stand untouched.
async fn are_refused(world: &World, reached: Reached, cases: impl IntoIterator<Item = Case>) {
    for (name, code, fault) in cases {
        is_refused(world, Refusal { name, code, reached }, vec![fault]).await;
    }
}

/// The same for several faults at once.
async fn is_refused(world: &World, refusal: Refusal<'_>, faults: Vec<Fault>) {
    let browser = world.signed_in("alice").await;
    // Past the throttle on reading keys again, and past what came of the case before.
    world.advance(Duration::from_mins(2));
    is_refused_in(world, browser, refusal, faults).await;
}

/// The same in this browser.
async fn is_refused_in(world: &World, mut browser: Browser, refusal: Refusal<'_>, faults: Vec<Fault>) {
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    for fault in faults {
        world.inject(fault);
    }
    is_rejected(world, &mut browser, &callback, refusal).await;
    world.provider.heal();
}
