//! Rules of the access table that reach nothing, found at the start (invariant 14).
//!
//! A rule with a typing error would otherwise guard nothing and say nothing. A rule about a part of one route's addresses
//! would miss other spellings of the same address (`%37` for `7`).

use super::RouteList;
use super::pattern::Pattern;
use crate::paths;
use axum::http::Uri;
use bff_contract::access::{Access, Rule, StepUp, Unusable};
use std::fmt;

/// A rule of the access table without its intended effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UselessRule {
    /// The path, as the table has it.
    pub path: &'static str,
    /// Why no request meets the rule, or why nobody can satisfy it.
    pub why: WhyUseless,
}

/// Why a rule lacks its intended effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyUseless {
    /// It is no path, such as `admin` or `/a?b`.
    #[error("is no path; a path begins with / and has neither ? nor #")]
    NoPath,
    /// It holds a segment that begins with `*` or with a colon.
    #[error(
        "is a pattern of another router; here a pattern has {{id}} for one segment and {{*rest}} for all that follow"
    )]
    Pattern,
    /// The table cannot hold it.
    #[error(transparent)]
    Unusable(Unusable),
    /// Other lines decide about everything that it matches.
    #[error("decides nothing: every route that it matches has a rule that is more specific")]
    Shadowed,
    /// `/admin/{*rest}` is listed and `/admin` is not, and there is a page at both.
    #[error("does not match {0:?}, which has no rule of its own: list it too")]
    Folder(String),
    /// Nothing is served there.
    #[error("matches no page, no server function, no route of the application and no relayed API")]
    NoRoute,
    /// It is about a part of the addresses of a route with parameters. Other spellings of the same address (`%37` for
    /// `7`) would miss the rule.
    #[error(
        "covers a part of the route {0:?}, whose parameters match other spellings of that part: the rule would miss them"
    )]
    Parameters(String),
    /// The server answers there by itself, without regard to the table.
    #[error("is answered by the sign-in itself, which asks no rule")]
    Own,
    /// It is below `/api/`, and the settings have no API of this name.
    #[error("names no relayed API of the settings; a rule for an API is `api \"<name>\"`")]
    NoApi,
    /// An API that needs no session.
    #[error("opens a relayed API to everybody, and the relay always needs a session")]
    PublicApi,
    /// The rule wants an authentication of a certain kind, and no page of the table asks the provider for it.
    #[error("demands a certain authentication, and no page has the same rule: there is no page to send the person to")]
    NoPageToStepUpOn,
}

impl fmt::Display for UselessRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}", self.path, self.why)
    }
}

impl RouteList {
    /// The rules of the table without their intended effect, if the relay has APIs of these names.
    #[must_use]
    pub fn useless_rules(&self, access: &Access, apis: &[&str]) -> Vec<UselessRule> {
        let mut useless: Vec<_> = access
            .unusable()
            .iter()
            .map(|(path, why)| UselessRule {
                path,
                why: WhyUseless::Unusable(why.clone()),
            })
            .collect();
        let usable = access.table().rules().filter(|line| !is_unusable(access, *line));
        for line in usable {
            let why = judge(access, line, apis, self);
            useless.extend(why.map(|why| UselessRule { path: line.0, why }));
        }
        useless
    }
}

/// The first line of a path that is listed twice counts.
fn is_unusable(access: &Access, (path, rule): (&str, Rule)) -> bool {
    let of_this_path = |(listed, _): &&(&str, Unusable)| *listed == path;
    match access.unusable().iter().find(of_this_path) {
        None => false,
        Some((_, Unusable::Twice)) => access.rule(path) != rule,
        Some(_) => true,
    }
}

fn judge(access: &Access, (path, rule): (&'static str, Rule), apis: &[&str], routes: &RouteList) -> Option<WhyUseless> {
    if path.split('/').any(|segment| segment.starts_with([':', '*'])) {
        return Some(WhyUseless::Pattern);
    }
    let example = Pattern(path).example();
    if !(path.starts_with('/') && example.parse::<Uri>().is_ok_and(|uri| uri.path() == example)) {
        return Some(WhyUseless::NoPath);
    }
    if let Some(api) = path.strip_prefix(paths::API) {
        // A route of the application there is refused by itself.
        if routes.paths().any(|route| route == path) {
            return None;
        }
        return match (apis.contains(&api), rule) {
            (false, _) => Some(WhyUseless::NoApi),
            (true, Rule::Public) => Some(WhyUseless::PublicApi),
            (true, _) => without_a_page(access, path, rule),
        };
    }
    // The page of a failed sign-in is public in any case, and tables list it as public.
    let is_own = path.starts_with("/auth/") || [paths::LIVE, paths::READY].contains(&path);
    if is_own || (path == paths::SIGN_IN_FAILED && rule != Rule::Public) {
        return Some(WhyUseless::Own);
    }
    if path == paths::SIGN_IN_FAILED {
        return None;
    }
    routes
        .unreached_by(access, path)
        .or_else(|| without_a_page(access, path, rule))
}

impl RouteList {
    /// Why the rule for this path does not reach its apparent target.
    fn unreached_by(&self, access: &Access, path: &'static str) -> Option<WhyUseless> {
        let rule = Pattern(path);
        let is_route = |path: &str| self.paths().any(|route| route == path);
        let (covered, others): (Vec<_>, Vec<_>) = self.paths().map(Pattern).partition(|route| rule.covers(*route));
        let missed = others.into_iter().find(|route| rule.meets(*route));
        if let Some(missed) = missed.filter(|_| !is_route(path)) {
            return Some(WhyUseless::Parameters(missed.0.to_owned()));
        }
        if covered.is_empty() {
            return self.is_complete.then_some(WhyUseless::NoRoute);
        }
        if covered.iter().all(|route| access.line(&route.example()) != Some(path)) {
            return Some(WhyUseless::Shadowed);
        }
        let folder = rule.folder()?;
        let folders = [folder.to_owned(), format!("{folder}/")];
        let unruled = folders
            .into_iter()
            .find(|folder| is_route(folder) && access.line(folder).is_none());
        unruled.map(WhyUseless::Folder)
    }
}

fn without_a_page(access: &Access, path: &str, rule: Rule) -> Option<WhyUseless> {
    let wanted = rule.step_up();
    // A person is sent back to the page that was asked for, also to one with parameters.
    let is_page = !bff_contract::access::is_called_by_scripts(path);
    let has_page = wanted == StepUp::default() || is_page || access.page_for(wanted).is_some();
    (!has_page).then_some(WhyUseless::NoPageToStepUpOn)
}

#[cfg(test)]
mod tests;
