//! The hooks of an application for sign-ins, claims and events, and the audit, tested with a provider.

mod administration;
mod audit;
mod claims;
mod events;
mod failures;
mod sign_in;
mod world;
