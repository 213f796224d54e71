//! Which settings are read again, and which of them wait for each other.

use crate::config::settings;

/// The certificate and its key, which belong together.
pub(super) const CERTIFICATE: [&str; 2] = ["BFF_CLIENT_CERTIFICATE", "BFF_CLIENT_CERTIFICATE_KEY"];

/// The others that concern connections to the provider.
pub(super) const OF_THE_PROVIDER: [&str; 3] = ["BFF_CLIENT_SECRET", "BFF_CLIENT_KEY", "BFF_PROVIDER_CA_FILE"];

pub(super) const SESSION_KEY: &str = "BFF_SESSION_KEY";

/// Files that connections to Redis ask for when they begin.
pub(super) const OF_REDIS: [&str; 3] = ["BFF_REDIS_CA_FILE", "BFF_REDIS_CERTIFICATE_FILE", "BFF_REDIS_KEY_FILE"];

/// Files that connections of browsers ask for when they begin.
pub(super) const OF_THE_LISTENER: [&str; 2] = ["BFF_TLS_CERTIFICATE_FILE", "BFF_TLS_KEY_FILE"];

/// Further settings of the provider. They need a restart, and the credentials fit them.
const BESIDE_THE_CREDENTIALS: [&str; 7] = [
    "BFF_PROVIDER",
    "BFF_ISSUER",
    "BFF_CLIENT_ID",
    "BFF_CLIENT_AUTHENTICATION",
    "BFF_CLIENT_ASSERTION_ALGORITHM",
    "BFF_CLIENT_ASSERTION_AUDIENCE",
    "BFF_PROFILE",
];

/// Settings that fit each other: a new value of one beside the old value of another may be wrong.
#[derive(PartialEq, Eq)]
enum Group<'a> {
    Provider,
    Redis,
    Tls,
    Api(&'a str),
}

impl<'a> Group<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let provider = [&CERTIFICATE[..], &OF_THE_PROVIDER, &BESIDE_THE_CREDENTIALS].concat();
        if provider.contains(&name) {
            return Some(Self::Provider);
        }
        if OF_REDIS.contains(&name) {
            return Some(Self::Redis);
        }
        if OF_THE_LISTENER.contains(&name) {
            return Some(Self::Tls);
        }
        let (api, key) = settings::api_key(name)?;
        ["", "CA_FILE", "CERTIFICATE"].contains(&key).then_some(Self::Api(api))
    }
}

/// Divides settings with other values: those that are used now, and those that are used after a restart. One that could be used
/// waits together with one of its group that cannot.
pub(super) fn divide(names: &[String], can_be_used: impl Fn(&str) -> bool) -> (Vec<String>, Vec<String>) {
    let waiting = names.iter().filter(|name| !can_be_used(name));
    let waiting: Vec<Group<'_>> = waiting.filter_map(|name| Group::of(name)).collect();
    let is_used = |name: &String| can_be_used(name) && Group::of(name).is_none_or(|group| !waiting.contains(&group));
    names.iter().cloned().partition(is_used)
}

/// Whether another value of this setting is used without a restart.
pub(super) fn is_read_again(name: &str) -> bool {
    let of_an_api = || name.starts_with("BFF_API_") && name.ends_with("_CA_FILE");
    CERTIFICATE.contains(&name)
        || OF_THE_PROVIDER.contains(&name)
        || OF_REDIS.contains(&name)
        || OF_THE_LISTENER.contains(&name)
        || name == SESSION_KEY
        || of_an_api()
}

#[cfg(test)]
mod tests {
    use super::{divide, is_read_again};
    use crate::config::settings;

    #[test]
    fn each_setting_that_is_read_again_is_in_the_list_of_settings() {
        let mut names: Vec<&str> = settings::all().map(|setting| setting.name).collect();
        names.retain(|name| is_read_again(name));
        assert_eq!(
            names,
            [
                "BFF_TLS_CERTIFICATE_FILE",
                "BFF_TLS_KEY_FILE",
                "BFF_CLIENT_SECRET",
                "BFF_CLIENT_KEY",
                "BFF_CLIENT_CERTIFICATE",
                "BFF_CLIENT_CERTIFICATE_KEY",
                "BFF_PROVIDER_CA_FILE",
                "BFF_SESSION_KEY",
                "BFF_REDIS_CA_FILE",
                "BFF_REDIS_CERTIFICATE_FILE",
                "BFF_REDIS_KEY_FILE",
                "BFF_API_<NAME>_CA_FILE",
            ]
        );
    }
    /// The settings that are used now, if these have changed and the others of them need a restart.
    fn used(names: &[&str], need_restart: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        divide(&names, |name| is_read_again(name) && !need_restart.contains(&name)).0
    }

    #[test]
    fn a_group_waits_as_a_whole_for_the_restart_that_one_of_it_needs() {
        let nothing: [&str; 0] = [];
        assert_eq!(used(&["BFF_CLIENT_SECRET", "BFF_SESSION_KEY"], &[]).len(), 2);
        for other in [
            "BFF_PROVIDER",
            "BFF_ISSUER",
            "BFF_CLIENT_ID",
            "BFF_CLIENT_AUTHENTICATION",
        ] {
            assert_eq!(used(&["BFF_CLIENT_SECRET", other], &[]), nothing, "{other}");
        }
        for appears in ["BFF_CLIENT_KEY", "BFF_PROVIDER_CA_FILE"] {
            let used = used(&["BFF_CLIENT_CERTIFICATE", appears, "BFF_SESSION_KEY"], &[appears]);
            assert_eq!(used, ["BFF_SESSION_KEY"], "{appears}");
        }
        let redis = ["BFF_REDIS_CERTIFICATE_FILE", "BFF_REDIS_KEY_FILE", "BFF_REDIS_CA_FILE"];
        assert_eq!(used(&redis, &["BFF_REDIS_CA_FILE"]), nothing);
        let apis = [
            "BFF_API_A",
            "BFF_API_A_CA_FILE",
            "BFF_API_B_CA_FILE",
            "BFF_API_B_TIMEOUT",
        ];
        assert_eq!(used(&apis, &[]), ["BFF_API_B_CA_FILE"]);
    }
}
