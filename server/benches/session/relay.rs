//! What a call to an API costs by way of the relay, beside a reverse proxy without sign-in, and the API called straight.

use super::bff::{COOKIE, FETCH};
use super::load::Request;
use super::measure::{Asked, Scenario};
use super::servers::Servers;
use super::sessions;
use super::upstream;
use crate::Options;
use std::sync::Arc;

/// Sessions whose tokens the API is called with.
const SESSIONS: usize = 1_000;

/// A call to this path, by each of these sessions in turn.
pub(crate) fn call(path: &str, ids: Arc<Vec<String>>) -> Request {
    let [mode, dest, site, accept] = FETCH;
    Request::new(path, &[mode, dest, site, accept, ("x-csrf", "1")], Some((COOKIE, ids)))
}

/// Many calls at once, and one after the other. All servers are sent the same bytes, but for the name of the API that is
/// called without a token.
pub(crate) async fn relay(options: &Options, servers: &Servers) {
    let many = "a call to an API";
    let single = "a call to an API, one after the other";
    if !options.want(many) && !options.want(single) {
        return;
    }
    let ids = Arc::new(sessions::fill(&servers.redis, &servers.application.key, SESSIONS).await);
    scenario(servers, many, &ids).measure(options, &servers.redis).await;
    let one = Options {
        connections: 1,
        requests: options.requests / 4,
        ..options.clone()
    };
    scenario(servers, single, &ids).measure(&one, &servers.redis).await;
}

fn scenario<'a>(servers: &'a Servers, title: &str, ids: &Arc<Vec<String>>) -> Scenario<'a> {
    let orders = call(upstream::ORDERS, ids.clone());
    let open = call(&upstream::ORDERS.replace("orders", "open"), ids.clone());
    let mut asked = vec![
        Asked::new(&servers.upstream, orders.clone(), 200).named("straight"),
        Asked::new(&servers.proxy, orders.clone(), 200),
        Asked::new(&servers.ours, open, 200).named("ours, without a token"),
        Asked::new(&servers.ours, orders.clone(), 200),
    ];
    asked.extend(
        servers
            .beside
            .iter()
            .map(|beside| Asked::new(beside, orders.clone(), 200)),
    );
    Scenario {
        title: title.to_owned(),
        asked,
        references: &["straight", "proxy"],
    }
}
