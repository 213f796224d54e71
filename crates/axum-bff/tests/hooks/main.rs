//! What an application says at a sign-in and to other claims, and what it is told: through a provider.

mod claims;
mod events;
mod failures;
mod sign_in;
mod world;
