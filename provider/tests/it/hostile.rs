//! The provider with faults: each fault has its effect and no other.

mod authorization;
mod documents;
mod exchange;
mod id_token;
mod logout_token;
mod refresh;
mod signature;
