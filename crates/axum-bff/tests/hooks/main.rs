//! The hooks of an application for sign-ins, claims and events, tested with a provider.

mod administration;
mod claims;
mod events;
mod failures;
mod sign_in;
mod world;
