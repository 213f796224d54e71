//! The application's own code at a sign-in, at other claims, for checks of access, and for events.

use super::Builder;
use crate::checks::CheckFunction;
use crate::error::ApplicationError;
use crate::events::{Event, EventHook};
use crate::hooks::{Account, ClaimsUpdate, Hook, SignIn};

impl Builder {
    /// Asks the application about each person who signs in: after the ID Token is verified and userinfo is read, and before
    /// there is a session. The hook gives roles and data of the application's own, which are sealed in the session
    /// ([`Session::data`](crate::Session::data)), or refuses the person with a [`Refusal`](crate::Refusal), whose words the
    /// problem page shows.
    ///
    /// The hook has ten seconds. A hook that takes longer, fails or panics lets nobody in: the person sees a page with status
    /// 503 (`sign_in_hook_timeout`) or 500 (`sign_in_hook_failed`), and the tokens of the sign-in are revoked (RFC 7009),
    /// unless the browser has a session of the same person, which goes on.
    ///
    /// ```
    /// use axum_bff::{Account, ApplicationError, Bff, Refusal, SignIn};
    /// # #[derive(Clone)] struct Users;
    /// # struct User { id: u64, is_staff: bool, is_closed: bool }
    /// # impl Users {
    /// #     async fn find_or_create(&self, _: &axum_bff::Identity) -> std::io::Result<User> {
    /// #         Ok(User { id: 7, is_staff: true, is_closed: false })
    /// #     }
    /// # }
    /// # let users = Users;
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct UserId(u64);
    ///
    /// async fn account(users: Users, sign_in: SignIn) -> Result<Account, ApplicationError> {
    ///     let user = users.find_or_create(sign_in.identity()).await?;
    ///     if user.is_closed {
    ///         return Err(Refusal::new("account_closed").title("Your account is closed").into());
    ///     }
    ///     let account = Account::new().data(&UserId(user.id))?;
    ///     Ok(if user.is_staff { account.role("staff") } else { account })
    /// }
    ///
    /// let builder = Bff::builder().on_sign_in(move |sign_in| account(users.clone(), sign_in));
    /// ```
    pub fn on_sign_in<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(SignIn) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Account, ApplicationError>> + Send + 'static,
    {
        self.hooks.sign_in = Hook::new(hook);
        self
    }

    /// Asks the application again about a person whose claims the provider has told again: with the ID Token of a refresh, or
    /// because of [`Session::reread_claims`](crate::Session::reread_claims). The account that the hook gives takes the place of the
    /// account from before, in the same step in which the claims do. A [`Refusal`](crate::Refusal) ends the session, with the
    /// reason [`EndReason::Application`](bff_contract::session::EndReason::Application), and its tokens are revoked.
    ///
    /// Without this hook the account from the sign-in stays.
    ///
    /// The hook has ten seconds. If it takes longer, fails or panics, claims that were read again are not kept. The tokens
    /// of a refresh wait: the hook is asked again twice a second, for a quarter of an hour at most, and until it answers no
    /// call to an API gets the new token.
    ///
    /// ```
    /// use axum_bff::{Bff, ClaimsUpdate};
    ///
    /// let builder = Bff::builder().on_claims(|update: ClaimsUpdate| async move {
    ///     let is_staff = update.claims().get("department").is_some_and(|name| name == "office");
    ///     Ok(if is_staff { update.account().role("staff") } else { update.account() })
    /// });
    /// ```
    pub fn on_claims<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(ClaimsUpdate) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Account, ApplicationError>> + Send + 'static,
    {
        self.hooks.claims = Hook::new(hook);
        self
    }

    /// Answers the rule [`Check`](bff_contract::access::Rule::Check) of this name in the access table, for conditions
    /// that a role cannot express, such as whether an order is the person's own. The function is asked on the server
    /// before a page is rendered, a server function or a handler of the application runs, or a call is relayed, and of
    /// people with a session only. The browser asks the server: it loads such a page.
    ///
    /// The function takes extractors of axum. [`Path`](axum::extract::Path) has the parameters of the line in the access table.
    /// For `api "stock"` that is one parameter, the path below `/api/stock/`, and none at the API's own address. A body is not read
    /// for a check, so the arguments of a server function are not there. The application's state is in the closure.
    ///
    /// `false` refuses as a missing role does: 403, `forbidden`. An extractor that refuses is answered as in a handler.
    /// All checks of a request have five seconds together. A function that takes longer, fails or panics opens nothing:
    /// the answer is 503, `check_unavailable`; only an [`Error`](crate::error::Error) keeps its own answer, such as
    /// that of a call to an API.
    ///
    /// A rule without a function, and a function without a rule, are a [`BuildError`](crate::BuildError).
    ///
    /// ```
    /// use axum::extract::Path;
    /// use axum_bff::{ApplicationError, Bff, Session, access, access::Table};
    /// # #[derive(Clone)] struct Orders;
    /// # impl Orders { async fn owner(&self, _: u64) -> std::io::Result<Option<String>> { Ok(None) } }
    /// # let orders = Orders;
    ///
    /// const TABLE: Table = access! { "/orders/{id}" => Any(&[Role("staff"), Check("owns_order")]) };
    ///
    /// async fn owns_order(orders: Orders, id: u64, session: Session) -> Result<bool, ApplicationError> {
    ///     Ok(orders.owner(id).await?.as_deref() == Some(session.subject()))
    /// }
    ///
    /// let builder = Bff::builder().access(TABLE).check("owns_order", move |Path(id): Path<u64>, session: Session| {
    ///     owns_order(orders.clone(), id, session)
    /// });
    /// ```
    pub fn check<T: 'static>(mut self, name: &'static str, function: impl CheckFunction<T>) -> Self {
        self.checks.add(name, function);
        self
    }

    /// Tells the application what happens to people and their sessions on this replica, one [`Event`](crate::Event) after
    /// the other, in the order in which it happened. No request waits for the hook. If 1,024 events wait for it, further
    /// ones are lost: the log says so (`events_lost`), and the hook hears how many ([`EventKind::Lost`](crate::EventKind::Lost)).
    ///
    /// ```
    /// use axum_bff::{Bff, Event, EventKind};
    ///
    /// let builder = Bff::builder().on_event(|event: Event| async move {
    ///     let who = event.person.map(|person| person.subject).unwrap_or_default();
    ///     match event.kind {
    ///         EventKind::Ended { reason } => println!("{who}: ended, {}", reason.word()),
    ///         kind => println!("{who}: {}", kind.word()),
    ///     }
    /// });
    /// ```
    pub fn on_event<F, R>(mut self, hook: F) -> Self
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        self.event_hook = Some(EventHook::new(hook));
        self
    }
}
