//! Every route of an application, with the rule that decides about it.

use super::pattern::Pattern;
use axum::Router;
use axum::routing::any;
use bff_contract::access::{Access, Rule};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The routes of an application: pages, server functions, and all its other routes.
///
/// A service that answers below a path by itself (`nest_service`) is one route, and a fallback is none.
#[derive(Clone, Debug)]
pub struct RouteList {
    paths: Vec<String>,
    /// Whether axum still prints the text that the paths are read from.
    pub(super) is_complete: bool,
}

impl RouteList {
    /// The routes of a router.
    #[must_use]
    pub fn of(router: &Router) -> Self {
        let example = Router::new().route("/a/{id}", any(async || ()));
        Self {
            paths: paths_of(router),
            is_complete: !router.has_routes() || paths_of(&example) == ["/a/{id}"],
        }
    }

    /// The paths, as axum writes them.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Whether the pattern covers a route.
    pub(crate) fn has_route_of(&self, pattern: &str) -> bool {
        !self.is_complete || self.paths().any(|route| Pattern(pattern).covers(Pattern(route)))
    }

    /// The rule that decides about a path of the list.
    #[must_use]
    pub fn rule(&self, access: &Access, path: &str) -> Rule {
        access.rule(&Pattern(path).example())
    }

    /// The list as a text, a line for each route: its path, its rule, and which line of the table says so.
    #[must_use]
    pub fn table(&self, access: &Access) -> String {
        let width = self.paths().map(str::len).max().unwrap_or_default();
        let mut text = String::new();
        for path in self.paths() {
            let rule = self.rule(access, path);
            let by = match access.line(&Pattern(path).example()) {
                Some(line) if line == path => String::new(),
                Some(line) => format!("  by the rule for {line}"),
                None => "  by default".to_owned(),
            };
            let _ = writeln!(text, "{path:<width$}  {rule}{by}");
        }
        for (path, rule) in access.table().rules() {
            if path.starts_with(crate::paths::API) {
                let _ = writeln!(text, "{path:<width$}  {rule}  for the relayed API");
            }
        }
        text
    }
}

/// The paths of a router. axum lists them only in its `Debug` output; a version of axum with another output
/// has no list.
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

/// Whether the router answers unknown paths with axum's own 404. axum says so only in its `Debug` output. If a version
/// of axum does not, the router counts as one with a fallback of its own, which needs a session.
pub(crate) fn has_default_fallback(router: &Router) -> bool {
    let printed = format!("{router:?}");
    let of_this_router = printed.rsplit_once("default_fallback: ");
    of_this_router.is_some_and(|(_, value)| value.starts_with("true"))
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

    #[test]
    fn a_fallback_of_the_application_is_told_from_that_of_axum() {
        let own = || Router::new().fallback(async || "own");
        let plain = Router::new().route("/", get(async || ())).nest("/a", own());
        assert!(has_default_fallback(&Router::new()));
        assert!(has_default_fallback(&plain.clone().nest_service("/b", own())));
        assert!(!has_default_fallback(&own()));
        assert!(!has_default_fallback(&plain.merge(own())));
    }
}
