//! File descriptors: each connection takes one, and each call to an API under way another one.

use crate::config::Connections;

/// Descriptors for the rest: the log, Redis, the provider, files.
const OTHERS: usize = 64;

/// Raises the soft limit of descriptors to the hard one: the soft one is often 1,024, for the sake of programs that use
/// `select`. Returns how many there are now, if the system says it.
#[cfg(unix)]
pub(crate) fn raise() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: before.maximum,
        maximum: before.maximum,
    };
    let result = setrlimit(Resource::Nofile, raised);
    let after = getrlimit(Resource::Nofile);
    let shown = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |limit| limit.to_string());
    let (soft_before, soft) = (shown(before.current), shown(after.current));
    match result {
        Ok(()) => tracing::info!(
            code = "descriptors",
            soft_before,
            soft,
            "the soft limit of file descriptors is now the hard limit"
        ),
        Err(error) => {
            tracing::warn!(code = "descriptors", %error, soft, "the limit of file descriptors cannot be raised");
        }
    }
    after.current.and_then(|limit| usize::try_from(limit).ok())
}

/// For a system that does not limit descriptors in this way.
#[cfg(not(unix))]
pub(crate) fn raise() -> Option<usize> {
    None
}

/// Lowers the bound of connections to the number that so many descriptors can serve. Says so in the log.
pub(crate) fn fit(connections: &mut Connections, descriptors: Option<usize>) {
    let Some(descriptors) = descriptors else { return };
    // A connection whose request is relayed takes two.
    let possible = (descriptors.saturating_sub(OTHERS) / 2).max(1);
    if connections.at_once > possible {
        tracing::warn!(
            code = "connections_lowered",
            wanted = connections.at_once,
            possible,
            descriptors,
            "there are too few file descriptors for BFF_CONNECTIONS: fewer connections may be open"
        );
        connections.at_once = possible;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn fitted(wanted: usize, descriptors: Option<usize>) -> usize {
        let second = Duration::from_secs(1);
        let mut connections = Connections {
            at_once: wanted,
            head: second,
            keep_alive: second,
            write: second,
        };
        fit(&mut connections, descriptors);
        connections.at_once
    }

    #[test]
    fn connections_leave_descriptors_for_calls_and_for_the_rest() {
        assert_eq!(fitted(16_384, Some(1_048_576)), 16_384);
        assert_eq!(fitted(16_384, Some(300)), 118);
        assert_eq!(fitted(16_384, Some(10)), 1);
        assert_eq!(fitted(16_384, None), 16_384);
    }
}
