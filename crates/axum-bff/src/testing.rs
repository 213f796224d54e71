//! An application with somebody signed in, without a provider and without Redis: for the tests of an application that is
//! built on this crate. Behind the cargo feature `testing`, which belongs among the development dependencies.
//!
//! [`TestBff::start`] puts the whole server together, as [`run`](crate::run) does, with sessions in memory and a clock
//! that stands still. Nothing listens: a [`Browser`] hands its requests to the router and keeps the cookies. A
//! [`FakeApi`] stands in the place of an API that the application calls, and [`Tokens`] are the tokens for it. Hooks,
//! checks and refusals are the application's own, and work as with a provider.

mod browser;
mod fake_api;
mod tokens;

pub use browser::{Answer, Browser, FETCH, NAVIGATE};
pub use fake_api::{ApiCall, FakeApi};
pub use tokens::Tokens;

use crate::bff::Bff;
use crate::builder::Builder;
use crate::config::Config;
use crate::error::{ApplicationError, Failure};
use crate::events::{EventContext, EventKind, Person};
use crate::hooks::{HookError, SignIn};
use crate::request::Presented;
use crate::routes::RouteList;
use crate::session::{RereadError, Session};
use axum::Router;
use bff_clock::{Clock, ManualClock};
use bff_contract::access::Rule;
use bff_contract::problem::Problem;
use bff_session::{Identity, Known, NewSession, SeenFrom, SessionId};
use serde_json::{Map, Value};
use std::sync::Arc;
use time::OffsetDateTime;

/// The origin of the application: a browser leaves this out of addresses.
pub const ORIGIN: &str = "https://app.example.com";

const ISSUER: &str = "https://provider.example.com";

/// An application with sessions in memory.
#[derive(Debug)]
pub struct TestBff {
    bff: Bff,
    routes: RouteList,
    router: Router,
    clock: ManualClock,
}

impl TestBff {
    /// Puts it together with the usual settings: `application` is the function for [`run`](crate::run).
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
        Self {
            routes: RouteList::of(&application),
            router: bff.router(application),
            bff,
            clock,
        }
    }

    /// The time, which passes when it is told to.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// Every route of the application with the rule that decides about it, in the order of the alphabet: a test that
    /// lists them fails with each new one until it has a rule.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use axum_bff::access::{Rule, Table};
    /// use axum_bff::testing::TestBff;
    /// use axum_bff::{ApplicationError, Bff, Builder, access};
    ///
    /// const TABLE: Table = access! { "/" => Public };
    ///
    /// async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    ///     let router = Router::new().route("/", get(async || "home")).route("/me", get(async || "me"));
    ///     Ok((builder.access(TABLE).build().await?, router))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let bff = TestBff::start(application).await;
    /// assert_eq!(bff.rules(), [("/", Rule::Public), ("/me", Rule::SignedIn)]);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If a rule of the table has no effect: the server would not start with it.
    #[must_use]
    pub fn rules(&self) -> Vec<(&str, Rule)> {
        let apis: Vec<&str> = self.bff.relay.names().collect();
        let useless = self.routes.useless_rules(&self.bff.access, &apis);
        assert!(useless.is_empty(), "rules of the access table: {useless:?}");
        let paths = self.routes.paths();
        paths
            .map(|path| (path, self.routes.rule(&self.bff.access, path)))
            .collect()
    }

    /// A browser in which nobody is signed in.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which a person with these claims and roles has just signed in. As after a real
    /// sign-in, pages see the claims that `BFF_CLAIMS` lets through. `sub` is made up if it is
    /// missing; `auth_time` (seconds since 1970) is now if it is missing, and unknown if it is `null`. A hook of
    /// [`Builder::on_sign_in`] is asked.
    ///
    /// # Panics
    ///
    /// If `claims` is no object, or the hook lets nobody in.
    pub async fn signed_in(&self, claims: Value, roles: &[&str]) -> Browser {
        self.sign_in(claims, roles).await.expect("the hook lets the person in")
    }

    /// As [`TestBff::signed_in`], with these tokens.
    ///
    /// # Panics
    ///
    /// As [`TestBff::signed_in`].
    pub async fn signed_in_with(&self, claims: Value, roles: &[&str], tokens: Tokens) -> Browser {
        let browser = self.establish(claims, roles, tokens).await;
        browser.expect("the hook lets the person in")
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
        self.establish(claims, roles, Tokens::default()).await
    }

    async fn establish(&self, claims: Value, roles: &[&str], tokens: Tokens) -> Result<Browser, HookError> {
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
            code_flow: None,
        };
        let sign_in = SignIn::of(claims, &new, false);
        let mut context = EventContext {
            person: Some(Person::of(&new.identity)),
            acr: new.acr.clone(),
            ..EventContext::default()
        };
        new.account = match self.bff.hooks.sign_in(sign_in, &self.clock).await {
            Ok(account) => account,
            Err(error) => {
                let mut problem = Problem {
                    code: error.problem_code().to_string(),
                    ..Problem::default()
                };
                error.describe(&mut problem);
                let code = problem.code;
                self.bff.events.tell(EventKind::SignInRefused { code }, context);
                return Err(error);
            }
        };
        let id = self.bff.sessions.establish(new, &tokens.into_record(now)).await;
        let id = id.expect("the store in memory takes a session");
        context.session = self.bff.sessions.name(&id);
        self.bff.events.tell(EventKind::SignedIn, context);
        let mut browser = self.browser();
        browser
            .cookies
            .insert(self.bff.cookies.session.to_string(), id.to_text().to_string());
        Ok(browser)
    }

    /// The provider tells other claims of the signed-in person, as userinfo would. A hook of
    /// [`Builder::on_claims`] is asked, and may refuse the person, which ends the session.
    ///
    /// # Errors
    ///
    /// As [`Session::reread_claims`].
    ///
    /// # Panics
    ///
    /// If nobody is signed in there, or `claims` is no object.
    pub async fn tell_claims(&self, browser: &Browser, claims: Value) -> Result<(), RereadError> {
        let Value::Object(claims) = claims else {
            panic!("claims are an object")
        };
        let cookie = browser.cookies.get(&*self.bff.cookies.session);
        let id = cookie
            .and_then(|id| SessionId::parse(id))
            .expect("somebody is signed in");
        let Ok(Known::Live(session)) = self.bff.sessions.load(&id).await else {
            panic!("nobody is signed in any more")
        };
        let session = Session::presented(&self.bff, Presented { id, session });
        session.keep_claims(claims).await.map(|_| ())
    }

    /// Resolves when a hook of [`Builder::on_event`] has heard of all that has happened.
    pub async fn events_heard(&self) {
        self.bff.events.done().await;
    }
}

fn authenticated_at(claims: &Map<String, Value>, now: OffsetDateTime) -> Option<OffsetDateTime> {
    match claims.get("auth_time") {
        None => Some(now),
        Some(said) => OffsetDateTime::from_unix_timestamp(said.as_i64()?).ok(),
    }
}
