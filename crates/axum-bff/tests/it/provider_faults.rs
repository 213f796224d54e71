//! A provider that misbehaves. Each fault ends the sign-in and changes nothing else (REJ).

mod id_token;
mod keys;
mod redirects;
mod token_response;
mod userinfo;

use crate::browser::Browser;
use crate::rejection::{Reached, Refusal, is_rejected};
use crate::world::World;
use provider::Fault;
use std::time::Duration;

/// The name of the case, the code of the refusal, and the fault.
type Case = (&'static str, &'static str, Fault);

/// For each fault, Alice signs in, and then Bob tries to sign in in the same browser. Alice's session must not change.
async fn are_refused(world: &World, reached: Reached, cases: impl IntoIterator<Item = Case>) {
    for (name, code, fault) in cases {
        let browser = world.signed_in("alice").await;
        // After two minutes, the throttle on reading keys again has ended, and so have the effects of the case before.
        world.advance(Duration::from_mins(2));
        is_refused_in(world, browser, Refusal { name, code, reached }, vec![fault]).await;
    }
}

/// Like [`are_refused`], for several faults at once, in this browser.
async fn is_refused_in(world: &World, mut browser: Browser, refusal: Refusal<'_>, faults: Vec<Fault>) {
    let callback = browser.callback_address(&world.provider, "bob", "/profile").await;
    for fault in faults {
        world.inject(fault);
    }
    is_rejected(world, &mut browser, &callback, refusal).await;
    world.provider.heal();
}
