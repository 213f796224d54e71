//! An application with somebody signed in, without a provider and without Redis: for the tests of
//! whoever builds on this server. Behind the cargo feature `testing`, which belongs among the
//! development dependencies.
//!
//! [`TestBff::start`] puts the whole server together, as [`run`](crate::run) does, with sessions in
//! memory and a clock that stands still. Nothing listens: a [`Browser`] hands its requests to the
//! router and keeps the cookies.

mod browser;

pub use browser::{Answer, Browser, FETCH, NAVIGATE};

use crate::bff::Bff;
use crate::builder::Builder;
use crate::config::Config;
use crate::error::ApplicationError;
use crate::hooks::{HookError, SignIn};
use axum::Router;
use bff_clock::{Clock, ManualClock};
use bff_session::{Identity, NewSession, SeenFrom, TokenRecord};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::sync::Arc;
use time::OffsetDateTime;

/// Where the application is: a browser leaves this out of addresses.
pub const ORIGIN: &str = "https://app.example.com";

const ISSUER: &str = "https://provider.example.com";

/// An application with sessions in memory.
#[derive(Debug)]
pub struct TestBff {
    bff: Bff,
    router: Router,
    clock: ManualClock,
}

impl TestBff {
    /// Puts it together with the usual settings: `application` is what [`run`](crate::run) is given.
    ///
    /// # Panics
    ///
    /// If it does not start, as everything here does that a test cannot go on without.
    pub async fn start<F, R>(application: F) -> Self
    where
        F: FnOnce(Builder) -> R,
        R: Future<Output = Result<(Bff, Router), ApplicationError>>,
    {
        Self::start_with(application, &[]).await
    }

    /// Puts it together with some settings of its own, such as `("BFF_CLAIMS", "email level")`.
    ///
    /// # Panics
    ///
    /// If a setting is wrong.
    pub async fn start_with<F, R>(application: F, settings: &[(&str, &str)]) -> Self
    where
        F: FnOnce(Builder) -> R,
        R: Future<Output = Result<(Bff, Router), ApplicationError>>,
    {
        let config = Config::in_memory(settings).expect("settings");
        // Any moment will do, and this one is the same in each run.
        let clock = ManualClock::new(OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000));
        let builder = Bff::builder().settings(config).clock(Arc::new(clock.clone()));
        let (bff, application) = application(builder).await.expect("it starts");
        let router = bff.router(application);
        Self { bff, router, clock }
    }

    /// The time, which passes when it is told to.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// A browser in which nobody is signed in.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which a person with these claims and roles has just signed in. As after a real
    /// sign-in, pages see the claims that `BFF_CLAIMS` lets through. `sub` is made up where it is
    /// missing; `auth_time` (seconds since 1970) is now where it is missing, and unknown where it is `null`. A hook of
    /// [`Builder::on_sign_in`] is asked.
    ///
    /// # Panics
    ///
    /// If `claims` is no object, or the hook lets nobody in.
    pub async fn signed_in(&self, claims: Value, roles: &[&str]) -> Browser {
        self.sign_in(claims, roles).await.expect("the hook lets the person in")
    }

    /// As [`TestBff::signed_in`], for a sign-in that a hook of [`Builder::on_sign_in`] may not let in.
    ///
    /// ```
    /// use axum_bff::testing::TestBff;
    /// use axum_bff::{ApplicationError, Bff, Builder, HookError, Refusal};
    /// use serde_json::json;
    ///
    /// async fn application(builder: Builder) -> Result<(Bff, axum::Router), ApplicationError> {
    ///     let builder = builder.on_sign_in(|_| async { Err(Refusal::new("closed").into()) });
    ///     Ok((builder.build().await?, axum::Router::new()))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let bff = TestBff::start(application).await;
    /// let refused = bff.sign_in(json!({}), &[]).await;
    /// assert!(matches!(refused, Err(HookError::Refused(refusal)) if refusal.code() == "closed"));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The hook's [`HookError`].
    ///
    /// # Panics
    ///
    /// If `claims` is no object.
    pub async fn sign_in(&self, claims: Value, roles: &[&str]) -> Result<Browser, HookError> {
        let Value::Object(mut claims) = claims else {
            panic!("claims are an object")
        };
        claims.entry("sub").or_insert("a person".into());
        let now = self.clock.now();
        let kept = self.bff.claims.kept(&claims);
        let mut new = NewSession {
            identity: Identity {
                issuer: ISSUER.to_owned(),
                subject: claims["sub"].as_str().unwrap_or_default().to_owned(),
                provider_session: None,
            },
            claims: kept.claims,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            account: None,
            left_out: kept.left_out,
            browser: None,
            only_in_id_token: Vec::new(),
            seen_from: SeenFrom::default(),
            vouched_at: now,
            authenticated_at: authenticated_at(&claims, now),
            acr: claims.get("acr").and_then(Value::as_str).map(str::to_owned),
        };
        let sign_in = SignIn::of(claims, &new, false);
        new.account = self.bff.hooks.sign_in(sign_in, &self.clock).await?;
        let id = self.bff.sessions.establish(new, &no_tokens(now)).await;
        let id = id.expect("the store in memory takes a session");
        let mut browser = self.browser();
        browser
            .cookies
            .insert(self.bff.cookies.session.to_string(), id.to_text().to_string());
        Ok(browser)
    }
}

/// Tokens of which none is good anywhere.
fn no_tokens(now: OffsetDateTime) -> TokenRecord {
    TokenRecord {
        access_token: SecretString::from("no access token"),
        id_token: SecretString::from("no ID Token"),
        refresh_token: None,
        obtained_at: now,
        expires_at: None,
        scope: "openid".to_owned(),
        dpop_key: None,
        authenticated_at: None,
    }
}

fn authenticated_at(claims: &Map<String, Value>, now: OffsetDateTime) -> Option<OffsetDateTime> {
    match claims.get("auth_time") {
        None => Some(now),
        Some(said) => OffsetDateTime::from_unix_timestamp(said.as_i64()?).ok(),
    }
}
