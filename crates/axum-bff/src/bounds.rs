//! How large the body of a request may be, and how long its answer may take to begin.

use crate::routes::{Pattern, RouteList};
use std::time::Duration;

/// The largest body without a bound of the application's own, in bytes. Forms are small.
pub(crate) const USUAL_BODY: usize = 64 * 1024;

/// The bounds of each route: the usual ones, and those that the application sets for some.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    /// `BFF_ANSWER_TIMEOUT`.
    pub(crate) usual_answer: Duration,
    /// By path: bytes of a body.
    pub(crate) bodies: Vec<(&'static str, usize)>,
    /// By path: the time until the head of an answer.
    pub(crate) answers: Vec<(&'static str, Duration)>,
}

impl Bounds {
    /// The largest body in bytes, if the application sets one for this path of a request.
    pub(crate) fn body(&self, path: &str) -> Option<usize> {
        first(&self.bodies, path)
    }

    /// The longest time until the head of an answer, for this path of a request.
    pub(crate) fn answer(&self, path: &str) -> Duration {
        first(&self.answers, path).unwrap_or(self.usual_answer)
    }

    /// A path with a bound that no request meets. The answers of the routes for machines have a bound too; their bodies have
    /// that of axum.
    pub(crate) fn without_a_route(&self, routes: &RouteList, for_machines: &RouteList) -> Option<&'static str> {
        let bodies = self.bodies.iter().map(|(path, _)| *path);
        let answers = self.answers.iter().map(|(path, _)| *path);
        let mut unmet = bodies
            .filter(|path| !routes.has_route_of(path))
            .chain(answers.filter(|path| !routes.has_route_of(path) && !for_machines.has_route_of(path)));
        unmet.next()
    }
}

fn first<T: Copy>(bounds: &[(&'static str, T)], path: &str) -> Option<T> {
    let of_path = |(route, _): &&(&'static str, T)| Pattern(route).covers(Pattern(path));
    bounds.iter().find(of_path).map(|(_, bound)| *bound)
}
