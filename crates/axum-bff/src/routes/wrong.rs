//! Routes of the application that do not fit those of the sign-in and of the relay, found at the start.

use super::RouteList;
use super::pattern::Pattern;
use crate::paths::{self, Paths};
use bff_contract::access::{Access, Rule};

/// The paths of the sign-in.
const SIGN_IN: &str = "/auth/";

/// Why the routes of an application do not fit those of the sign-in and of the relay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongRoute {
    /// A route of the application is below `/api/`. The access table and the answers to refusals take its path for that of a
    /// relayed API.
    #[error(
        "the application has the route {0:?}, and paths below /api/ belong to the relay: give a server function \
         `prefix = \"/_fn\"`, and any other route another path"
    )]
    BelowApi(String),
    /// A route of the application is below `/auth/`.
    #[error("the application has the route {0:?}, and paths below /auth/ belong to the sign-in: give it another path")]
    BelowSignIn(String),
    /// There is no page at [`Paths::signed_out`].
    #[error(
        "a sign-out leads to {0:?}, and the application has no route there: add the page, or name another one in \
         `Paths::signed_out`"
    )]
    NoSignedOut(&'static str),
    /// A person who has signed out would be asked to sign in.
    #[error("a sign-out leads to {0:?}, which needs a session: write `{0:?} => Public` into the access table")]
    SignedOutNeedsASession(&'static str),
    /// There is no page at [`Paths::after_sign_in`].
    #[error(
        "a sign-in that no page has started leads to {0:?}, and the application has no route there: add the page, or name \
         another one in `Paths::after_sign_in`"
    )]
    NoAfterSignIn(&'static str),
}

impl RouteList {
    /// The routes that do not fit, and the pages of `paths` that are missing.
    #[must_use]
    pub fn wrong_routes(&self, access: &Access, paths: Paths) -> Vec<WrongRoute> {
        let mut wrong: Vec<WrongRoute> = self.paths().filter_map(of_ours).collect();
        let is_there = |page: &str| !self.is_complete || self.paths().any(|route| Pattern(route).covers(Pattern(page)));
        if !is_there(paths.signed_out) {
            wrong.push(WrongRoute::NoSignedOut(paths.signed_out));
        } else if access.rule(paths.signed_out) != Rule::Public {
            wrong.push(WrongRoute::SignedOutNeedsASession(paths.signed_out));
        }
        if !is_there(paths.after_sign_in) {
            wrong.push(WrongRoute::NoAfterSignIn(paths.after_sign_in));
        }
        wrong
    }
}

/// A route below the paths of the relay or of the sign-in.
fn of_ours(route: &str) -> Option<WrongRoute> {
    if route.starts_with(paths::API) {
        Some(WrongRoute::BelowApi(route.to_owned()))
    } else if route.starts_with(SIGN_IN) {
        Some(WrongRoute::BelowSignIn(route.to_owned()))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::{any, get, post};
    use bff_contract::access::Table;

    const TABLE: Table = Table::new(&[("/", Rule::Public), ("/signed-out", Rule::Public)]);

    fn pages() -> Router {
        Router::new()
            .route("/", get(async || ()))
            .route("/signed-out", get(async || ()))
    }

    fn wrong(router: &Router, table: Table, paths: Paths) -> Vec<WrongRoute> {
        RouteList::of(router).wrong_routes(&table.access(), paths)
    }

    #[test]
    fn routes_beside_those_of_the_library_start() {
        let router = pages()
            .route("/_fn/list_todos", post(async || ()))
            .route("/api", get(async || ()))
            .route("/rest/{id}", get(async || ()))
            .fallback(async || ());
        assert_eq!(wrong(&router, TABLE, Paths::DEFAULT), []);
    }

    #[test]
    fn a_route_below_the_paths_of_the_library_is_named_with_its_mend() {
        let router = pages()
            // Leptos names a server function without a prefix so.
            .route("/api/list_todos9042381", post(async || ()))
            .route("/auth/profile", get(async || ()))
            .nest_service("/api/rest", Router::new().route("/{id}", any(async || ())));
        let named = wrong(&router, TABLE, Paths::DEFAULT);
        assert!(
            named.contains(&WrongRoute::BelowApi("/api/list_todos9042381".to_owned())),
            "{named:?}"
        );
        assert!(
            named.contains(&WrongRoute::BelowApi("/api/rest".to_owned())),
            "{named:?}"
        );
        assert!(
            named.contains(&WrongRoute::BelowSignIn("/auth/profile".to_owned())),
            "{named:?}"
        );
        let said = WrongRoute::BelowApi("/api/list_todos9042381".to_owned()).to_string();
        assert!(
            said.contains("\"/api/list_todos9042381\"") && said.contains("prefix = \"/_fn\""),
            "{said}"
        );
    }

    #[test]
    fn a_page_that_a_sign_in_or_a_sign_out_leads_to_and_that_is_missing_is_named() {
        let empty = wrong(&Router::new().fallback(async || ()), TABLE, Paths::DEFAULT);
        assert_eq!(
            empty,
            [WrongRoute::NoSignedOut("/signed-out"), WrongRoute::NoAfterSignIn("/")]
        );
        let own = Paths {
            signed_out: "/bye",
            after_sign_in: "/people/me",
            ..Paths::DEFAULT
        };
        let router = pages().route("/people/{id}", get(async || ()));
        assert_eq!(wrong(&router, TABLE, own), [WrongRoute::NoSignedOut("/bye")]);
        let closed = wrong(&pages(), Table::new(&[]), Paths::DEFAULT);
        assert_eq!(closed, [WrongRoute::SignedOutNeedsASession("/signed-out")]);
        assert!(
            closed[0].to_string().contains("`\"/signed-out\" => Public`"),
            "{}",
            closed[0]
        );
    }
}
