//! Tells an operator about a Redis before the first sign-in. It writes and publishes nothing.

use super::{RedisSettings, connection};
use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::ClientLike;
use fred::types::{ClusterHash, CustomCommand, InfoKind};
use std::time::{Duration, Instant};

/// How often the way there and back is measured.
const PINGS: usize = 5;

/// A place of the kind that sessions have, where none is: ids are drawn, and this one is not.
const PLACE: &str = "bff-doctor-looks-here0";

/// Asks Redis itself which of the commands that we need its user may not run. `redis.acl_check_cmd` is there from 7.0 on.
const REFUSED: &str = r"
local refused = {}
for line in string.gmatch(ARGV[1], '[^\n]+') do
    local words = {}
    for word in string.gmatch(line, '%S+') do words[#words + 1] = word end
    if not redis.acl_check_cmd(unpack(words)) then refused[#refused + 1] = line end
end
return refused
";

/// The facts that were found.
#[derive(Clone, Debug)]
pub struct RedisDiagnosis {
    /// `redis_version`, as the server writes it.
    pub version: String,
    /// `maxmemory_policy`, where the server says it.
    pub eviction_policy: Option<String>,
    /// The limit of its memory in bytes; 0 is none.
    pub memory_limit: u64,
    /// The middle one of a few round trips.
    pub latency: Duration,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// Whether the server is another machine, by its address.
    pub leaves_the_machine: bool,
    /// The commands that our user may not run, with the keys or channels that they need. `None` where the server cannot
    /// be asked.
    pub refused: Option<Vec<String>>,
}

/// Connects once, asks, and leaves.
///
/// # Errors
///
/// Where there is no connection within `BFF_REDIS_TIMEOUT`, or the server does not answer.
pub async fn diagnose(settings: &RedisSettings) -> Result<RedisDiagnosis, Error> {
    let client = connection::once(settings).await?;
    let diagnosis = ask(settings, &client).await;
    // Its answer does not matter: the process ends soon.
    let _ = client.quit().await;
    diagnosis
}

async fn ask(settings: &RedisSettings, client: &Client) -> Result<RedisDiagnosis, Error> {
    let mut trips = Vec::with_capacity(PINGS);
    for _ in 0..PINGS {
        let begun = Instant::now();
        client.ping::<String>(None).await?;
        trips.push(begun.elapsed());
    }
    trips.sort_unstable();
    let server: String = client.info(Some(InfoKind::Server)).await?;
    let memory: String = client.info(Some(InfoKind::Memory)).await?;
    Ok(RedisDiagnosis {
        version: field(&server, "redis_version").unwrap_or("unknown").to_owned(),
        eviction_policy: field(&memory, "maxmemory_policy").map(str::to_owned),
        memory_limit: field(&memory, "maxmemory")
            .and_then(|bytes| bytes.parse().ok())
            .unwrap_or(0),
        latency: trips[PINGS / 2],
        encrypted: settings.config.tls.is_some(),
        leaves_the_machine: !settings.stays_here(),
        refused: refused(client).await,
    })
}

/// A line of `INFO`.
fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = info.lines().filter_map(|line| line.trim().split_once(':'));
    lines.find(|(field, _)| *field == name).map(|(_, value)| value)
}

async fn refused(client: &Client) -> Option<Vec<String>> {
    let command = CustomCommand::new_static("EVAL", ClusterHash::Offset(2), false);
    let asked = needed().join("\n");
    let words = vec![REFUSED.to_owned(), "1".to_owned(), format!("{{{PLACE}}}:tokens"), asked];
    client.custom(command, words).await.ok()
}

/// One command for each right that is needed, as `deploy/redis/bff.acl` gives them.
fn needed() -> Vec<String> {
    let mut needed = Vec::new();
    let mut all = |key: &str, commands: &[&str]| {
        needed.extend(commands.iter().map(|command| command.replace("KEY", key)));
    };
    all(
        PLACE,
        &[
            "get KEY",
            "getrange KEY 0 1",
            "set KEY x",
            "del KEY",
            "exists KEY",
            "type KEY",
            "pexpire KEY 1",
            "expireat KEY 1",
        ],
    );
    all(
        &format!("{{{PLACE}}}:tokens"),
        &[
            "get KEY",
            "set KEY x",
            "del KEY",
            "pttl KEY",
            "expire KEY 1",
            "hset KEY a b",
            "hget KEY a",
            "hmget KEY a",
            "hdel KEY a",
            "zadd KEY 1 a",
            "zrem KEY a",
            "zrange KEY 0 1",
            "zrangebyscore KEY 0 1",
            "zremrangebyscore KEY 0 1",
            "hgetall KEY",
            "hlen KEY",
        ],
    );
    all("spent:bff-doctor", &["set KEY x"]);
    for channel in [super::events::ENDED, super::events::CHANGED] {
        all(channel, &["publish KEY x", "subscribe KEY"]);
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_info_is_found_by_its_whole_name() {
        let info = "# Memory\r\nmaxmemory_human:1G\r\nmaxmemory:1073741824\r\nmaxmemory_policy:noeviction\r\n";
        assert_eq!(field(info, "maxmemory"), Some("1073741824"));
        assert_eq!(field(info, "maxmemory_policy"), Some("noeviction"));
        assert_eq!(field(info, "policy"), None);
    }

    #[test]
    fn the_place_that_is_looked_at_has_the_form_of_a_session() {
        assert_eq!(PLACE.len(), 22, "the pattern of the ACL has 22 characters");
    }
}
