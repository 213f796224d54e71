//! Every route of an application, with the rule that decides about it.

use super::Application;
use super::pattern::Pattern;
use axum::Router;
use axum::routing::any;
use bff_contract::access::Rule;
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// The kind of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteKind {
    /// A page of the root component's router.
    Page,
    /// A route that the application has added.
    Route,
    /// A server function.
    ServerFunction,
}

impl fmt::Display for RouteKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Page => "page",
            Self::ServerFunction => "server function",
            Self::Route => "route",
        })
    }
}

/// One route of the application.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedRoute {
    /// Its kind.
    pub kind: RouteKind,
    /// Its path, as axum writes it.
    pub path: String,
}

impl Application {
    /// Every page, every server function and every route that was added, by kind and path.
    ///
    /// A service that answers below a path by itself (`nest_service`) is one route, and a fallback is none.
    #[must_use]
    pub fn route_list(&self) -> Vec<ListedRoute> {
        let listed = |kind| move |path: String| ListedRoute { kind, path };
        let pages = self.pages();
        let pages = pages
            .iter()
            .map(|page| page.path().to_owned())
            .map(listed(RouteKind::Page));
        let functions = leptos::server_fn::axum::server_fn_paths()
            .map(|(path, _)| path.to_owned())
            .map(listed(RouteKind::ServerFunction));
        let added = paths_of(&self.routes()).into_iter().map(listed(RouteKind::Route));
        let all: BTreeSet<_> = pages.chain(functions).chain(added).collect();
        all.into_iter().collect()
    }

    /// The rule that decides about a route of the list.
    #[must_use]
    pub fn rule_of(&self, route: &ListedRoute) -> Rule {
        self.access().rule(&Pattern(&route.path).example())
    }

    /// The list as a text, a line for each route: what answers, where, and for whom.
    #[must_use]
    pub fn route_table(&self) -> String {
        let routes = self.route_list();
        let width = routes.iter().map(|route| route.path.len()).max().unwrap_or_default();
        let mut text = String::new();
        for route in &routes {
            let rule = self.rule_of(route);
            let line = self.access().line(&Pattern(&route.path).example());
            let by = match line {
                Some(line) if line == route.path => String::new(),
                Some(line) => format!("  by the rule for {line}"),
                None => "  by default".to_owned(),
            };
            let _ = writeln!(text, "{:<15}  {:<width$}  {rule}{by}", route.kind, route.path);
        }
        for (path, rule) in self.access().table().rules() {
            if path.starts_with(crate::paths::API) {
                let _ = writeln!(text, "{:<15}  {path:<width$}  {rule}", "relayed API");
            }
        }
        text
    }

    /// Whether [`route_list`](Self::route_list) has the routes that were added.
    pub(super) fn knows_added_routes(&self) -> bool {
        let example = Router::new().route("/a/{id}", any(async || ()));
        !self.routes().has_routes() || paths_of(&example) == ["/a/{id}"]
    }
}

/// The paths of a router. axum has no list of them but in what it prints for a debugger; a version of axum that prints
/// something else has none.
fn paths_of(router: &Router) -> Vec<String> {
    let printed = format!("{router:?}");
    let (listing, _) = printed.split_once(", fallback_router: ").unwrap_or((&printed, ""));
    let after_each = listing.split("RouteId(").skip(1);
    let paths = after_each.filter_map(|text| {
        let (_, text) = text.split_once("): \"")?;
        let (path, _) = text.split_once('"')?;
        path.starts_with('/').then(|| path.to_owned())
    });
    let paths: BTreeSet<_> = paths.collect();
    paths.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::{get, post};

    #[test]
    fn every_path_of_a_router_is_found_nested_and_merged_ones_too() {
        let nested = Router::new()
            .route("/", get(async || ()))
            .route("/{id}", any(async || ()));
        let router = Router::new()
            .route("/report", post(async || ()))
            .nest("/admin", nested.clone())
            .merge(Router::new().route("/files/{*rest}", get(async || ())))
            .nest_service("/service", nested)
            .fallback(async || ());
        let mut expected = vec![
            "/admin",
            "/admin/{id}",
            "/files/{*rest}",
            "/report",
            "/service",
            "/service/",
        ];
        expected.push("/service/{*__private__axum_nest_tail_param}");
        assert_eq!(paths_of(&router), expected);
        assert!(paths_of(&Router::new().fallback(async || ())).is_empty());
    }
}
