//! An `OpenID` Provider on loopback, for two uses.
//!
//! *Friendly*, it signs in demo people while an application is developed: `cargo xtask run` starts it, so that the whole
//! sign-in works with nothing to register anywhere. *Hostile*, it takes [`Fault`]s (a wrong nonce, a foreign key, half a
//! body) and records every [`Call`] it gets, so that a test can ask which calls a relying party did **not** make.
//!
//! It is strict where a real provider is strict: redirect URIs are compared exactly, PKCE with S256 and a nonce are
//! demanded, a code works once. It is no provider for production: people are in memory or in a file, its keys are in memory, or in a file beside its tokens,
//! a click signs in without a password, and it speaks plain HTTP. Therefore it refuses to listen anywhere but on loopback.
//!
//! A reader finds a protocol step by its file name:
//!
//! | file | step | specification |
//! |---|---|---|
//! | `metadata` | provider metadata | Discovery 1.0 §3, §4 |
//! | `jwks` | published keys | RFC 7517 |
//! | `authorization` | authorization request and response | Core §3.1.2, RFC 7636, RFC 9207 |
//! | `pushed_authorization_request` | requests that are pushed first | RFC 9126 |
//! | `sign_in` | authenticating the person | Core §3.1.2.3 |
//! | `token` | token endpoint: code, refresh token, client credentials | Core §3.1.3, §12, RFC 6749 §4.4 |
//! | `id_token` | ID Token | Core §2 |
//! | `userinfo` | claims | Core §5.3 |
//! | `dpop` | access tokens bound to a key | RFC 9449 |
//! | `revocation` | revocation endpoint | RFC 7009 |
//! | `end_session` | RP-initiated logout, front-channel logout | RP-Initiated Logout 1.0, Front-Channel Logout 1.0 |
//! | `logout_token`, `back_channel` | back-channel logout | Back-Channel Logout 1.0 |
//! | `resource` | an API that takes the access tokens | RFC 6750 |
//! | `desk` | the home page of a development run: signs people out, changes roles, stops answering | |
//!
//! Every request passes `recording` (recorded in `calls`) and then `faults::transport` (delayed, cut or answered otherwise) before it
//! reaches its endpoint; `router` shows that order on one screen.
//!
//! ```
//! use provider::{Client, Endpoint, Fault, Provider, Settings, SignatureFault};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), provider::StartError> {
//! let client = Client::new("bff", "http://localhost:3000/auth/callback", "http://localhost:3000/signed-out");
//! let provider = Provider::start(Settings::new(client)).await?;
//! provider.inject(Fault::IdTokenSignature(SignatureFault::OtherKey));
//! // Here the relying party under test is made with `provider.issuer()` and asked for an authorization URL, which
//! // `provider.authorize(url, "alice")` turns into the address that the browser would bring back.
//! assert!(provider.calls_to(Endpoint::Userinfo).is_empty());
//! provider.stop().await;
//! # Ok(())
//! # }
//! ```

mod authorization;
mod back_channel;
mod browser_session;
mod calls;
mod clock;
mod connection;
mod desk;
mod dpop;
mod end_session;
mod faults;
mod grants;
mod host;
mod id_token;
mod jwks;
mod keys;
mod lock;
mod logout_token;
mod metadata;
mod oauth_error;
mod outage;
mod pages;
mod parameters;
mod people;
mod person;
mod provider;
mod pushed_authorization_request;
mod random;
mod recording;
mod records;
mod resource;
mod revocation;
mod role_changes;
mod router;
mod settings;
mod sign_in;
mod signature;
mod snapshot;
mod state;
mod token;
mod userinfo;

pub use crate::{
    calls::{Call, Endpoint},
    clock::Clock,
    faults::{Answer, Fault, SignatureFault},
    logout_token::LogoutTokenParts,
    people::{PeopleError, people_of},
    person::{Person, demo_people},
    provider::{Provider, StartError},
    settings::{Authentication, Client, Dpop, PushedAuthorizationRequests, Settings},
    snapshot::Snapshot,
};
pub use openidconnect::core::CoreJwsSigningAlgorithm as SigningAlgorithm;
