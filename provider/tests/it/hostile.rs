//! The hostile provider: each fault does what it says, and only that.

mod authorization;
mod documents;
mod exchange;
mod id_token;
mod logout_token;
mod refresh;
mod signature;
