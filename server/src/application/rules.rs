//! Rules of the access table that reach nothing, found at the start (invariant 14).
//!
//! The table compares paths exactly. A rule with a typing error, or with a pattern that looks as if it meant a whole
//! folder, would otherwise guard nothing and say nothing.

use super::Application;
use crate::paths;
use app::access::{Rule, StepUp, Table};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::Uri;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use std::collections::BTreeSet;
use std::fmt;
use tower::ServiceExt;

/// A rule of the access table that does not do what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UselessRule {
    /// The path, as the table has it.
    pub path: &'static str,
    /// Why no request meets the rule, or why nobody can satisfy it.
    pub why: WhyUseless,
}

/// Why a rule does not do what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyUseless {
    /// It is no path, such as `admin` or `/a?b`.
    #[error("is no path; a path begins with / and has neither ? nor #")]
    NoPath,
    /// It holds `*`, braces, or a segment that begins with a colon.
    #[error("is a pattern, and paths are compared exactly: list each path by itself")]
    Pattern,
    /// The table has this path twice.
    #[error("is listed twice, and only the first rule counts")]
    Twice,
    /// Nothing is served there.
    #[error("matches no page, no server function, no route of the application and no relayed API")]
    NoRoute,
    /// Only a route with parameters serves it. Other spellings of the same address (`%37` for `7`) would miss the rule.
    #[error("is served by the route {0} only, whose parameters take other spellings of it that the rule would miss")]
    Parameters(String),
    /// The server answers there by itself, whatever the table says.
    #[error("is answered by the sign-in itself, which asks no rule")]
    Own,
    /// It is below `/api/`, and the settings have no API of this name.
    #[error("names no relayed API of the settings; a rule for an API is /api/<name>, without a slash at its end")]
    NoApi,
    /// An API that needs no session.
    #[error("opens a relayed API to everybody, and the relay always needs a session")]
    PublicApi,
    /// The rule wants an authentication of a certain kind, and no page of the table asks the provider for it.
    #[error("wants a fresh or certain authentication, and no page of the table has such a rule to send people to")]
    NoPageToStepUpOn,
}

impl fmt::Display for UselessRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}", self.path, self.why)
    }
}

impl Application {
    /// The rules of the table that do not do what they say, where the relay has APIs of these names.
    pub async fn useless_rules(&self, apis: &[&str]) -> Vec<UselessRule> {
        let routes = self.probe();
        let mut seen = BTreeSet::new();
        let mut useless = Vec::new();
        for (path, rule) in self.table().rules() {
            let why = if seen.insert(path) {
                judge(self.table(), (path, rule), apis, &routes).await
            } else {
                Some(WhyUseless::Twice)
            };
            useless.extend(why.map(|why| UselessRule { path, why }));
        }
        useless
    }

    /// Every route of the application, answered with the pattern that it matched. No route's handler runs; only the
    /// fallback of a nested router may.
    fn probe(&self) -> Router {
        let pages = self.pages();
        let pages = pages.iter().map(|page| page.path().to_owned());
        let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
        let paths: BTreeSet<String> = pages.chain(functions).collect();
        let ours = paths
            .into_iter()
            .fold(Router::new(), |router, path| router.route(&path, any(matched)));
        let theirs = self.routes();
        let routes = if theirs.has_routes() {
            ours.merge(theirs.route_layer(from_fn(|request, _next| matched(request))))
        } else {
            ours
        };
        routes.fallback(|| async {})
    }
}

async fn judge(table: Table, (path, rule): (&str, Rule), apis: &[&str], routes: &Router) -> Option<WhyUseless> {
    let is_variable = |segment: &str| segment.starts_with(':') || segment.contains(['*', '{', '}']);
    if path.split('/').any(is_variable) {
        return Some(WhyUseless::Pattern);
    }
    let uri = path
        .parse::<Uri>()
        .ok()
        .filter(|uri| path.starts_with('/') && uri.path() == path);
    let Some(uri) = uri else {
        return Some(WhyUseless::NoPath);
    };
    if let Some(api) = path.strip_prefix(paths::API) {
        return match (apis.contains(&api), rule) {
            (false, _) => Some(WhyUseless::NoApi),
            (true, Rule::Public) => Some(WhyUseless::PublicApi),
            (true, _) => without_a_page(table, path, rule),
        };
    }
    // The page of a failed sign-in is public whatever the table says, and tables say so.
    let is_own = path.starts_with("/auth/") || [paths::LIVE, paths::READY].contains(&path);
    if is_own || (path == paths::SIGN_IN_FAILED && rule != Rule::Public) {
        return Some(WhyUseless::Own);
    }
    if path == paths::SIGN_IN_FAILED {
        return None;
    }
    match pattern(routes, uri).await {
        None => Some(WhyUseless::NoRoute),
        Some(pattern) if pattern != path => Some(WhyUseless::Parameters(pattern)),
        Some(_) => without_a_page(table, path, rule),
    }
}

fn without_a_page(table: Table, path: &str, rule: Rule) -> Option<WhyUseless> {
    let wanted = rule.step_up();
    let is_page = path == "/" || !app::access::is_called_by_scripts(path);
    let has_page = wanted == StepUp::default() || is_page || table.page_for(wanted).is_some();
    (!has_page).then_some(WhyUseless::NoPageToStepUpOn)
}

/// The pattern of the route that serves this address.
async fn pattern(routes: &Router, uri: Uri) -> Option<String> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    let Ok(response) = routes.clone().oneshot(request).await;
    response
        .extensions()
        .get::<Pattern>()
        .map(|Pattern(pattern)| pattern.clone())
}

/// On the answer of the probe.
#[derive(Clone, Debug)]
struct Pattern(String);

async fn matched(request: Request) -> Response {
    let mut response = ().into_response();
    if let Some(matched) = request.extensions().get::<MatchedPath>() {
        response.extensions_mut().insert(Pattern(matched.as_str().to_owned()));
    }
    response
}

#[cfg(test)]
mod tests;
