//! Which settings are read again.

/// The certificate and its key, which belong together.
pub(super) const CERTIFICATE: [&str; 2] = ["BFF_CLIENT_CERTIFICATE", "BFF_CLIENT_CERTIFICATE_KEY"];

/// The others that concern connections to the provider.
pub(super) const OF_THE_PROVIDER: [&str; 3] = ["BFF_CLIENT_SECRET", "BFF_CLIENT_KEY", "BFF_PROVIDER_CA_FILE"];

pub(super) const SESSION_KEY: &str = "BFF_SESSION_KEY";

/// Files that connections to and from this server ask for when they begin.
const OF_CONNECTIONS: [&str; 5] = [
    "BFF_REDIS_CA_FILE",
    "BFF_REDIS_CERTIFICATE_FILE",
    "BFF_REDIS_KEY_FILE",
    "BFF_TLS_CERTIFICATE_FILE",
    "BFF_TLS_KEY_FILE",
];

/// Whether another value of this setting is used without a restart.
pub(super) fn is_read_again(name: &str) -> bool {
    let of_an_api = || name.starts_with("BFF_API_") && name.ends_with("_CA_FILE");
    CERTIFICATE.contains(&name)
        || OF_THE_PROVIDER.contains(&name)
        || OF_CONNECTIONS.contains(&name)
        || name == SESSION_KEY
        || of_an_api()
}

#[cfg(test)]
mod tests {
    use super::is_read_again;
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
}
