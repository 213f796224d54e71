//! Variables that Kubernetes and Docker set beside a service: `BFF_SERVICE_HOST`, `BFF_PORT=tcp://10.0.0.7:80` and more for
//! one that is called `bff`. They look like settings and are none.

use std::collections::{BTreeMap, BTreeSet};

/// Takes the links out of the variables. Gives the names of the services, as their variables begin: `BFF`, `BFF_API_STOCK`.
///
/// A link is recognized by three variables at once, a host, a port and an address with its protocol, so that no setting
/// with a name of that kind is taken for one.
pub(super) fn take_out(variables: &mut BTreeMap<String, String>) -> BTreeSet<String> {
    let services: BTreeSet<String> = variables
        .iter()
        .filter_map(|(name, address)| {
            let service = name.strip_suffix("_PORT")?;
            let has = |end: &str| variables.contains_key(&format!("{service}{end}"));
            let is_link = is_address(address) && has("_SERVICE_HOST") && has("_SERVICE_PORT");
            is_link.then(|| service.to_owned())
        })
        .collect();
    variables.retain(|name, _| !services.iter().any(|service| belongs(name, service)));
    services
}

fn is_address(text: &str) -> bool {
    ["tcp://", "udp://", "sctp://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
}

fn belongs(name: &str, service: &str) -> bool {
    let end = name.strip_prefix(service).unwrap_or_default();
    let is_of_a_port = |end: &str| {
        let mut words = end.split('_');
        let number = words.next().unwrap_or_default();
        let is_protocol = matches!(words.next(), Some("TCP" | "UDP" | "SCTP"));
        let is_known = matches!(words.next(), None | Some("PROTO" | "PORT" | "ADDR"));
        number.parse::<u16>().is_ok() && is_protocol && is_known && words.next().is_none()
    };
    ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT"].contains(&end)
        || end.starts_with("_SERVICE_PORT_")
        || end.strip_prefix("_PORT_").is_some_and(is_of_a_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_links_of_a_service_are_taken_out_and_settings_stay() {
        let mut all = variables(&[
            ("BFF_SERVICE_HOST", "10.0.0.7"),
            ("BFF_SERVICE_PORT", "80"),
            ("BFF_SERVICE_PORT_HTTP", "80"),
            ("BFF_PORT", "tcp://10.0.0.7:80"),
            ("BFF_PORT_80_TCP", "tcp://10.0.0.7:80"),
            ("BFF_PORT_80_TCP_PROTO", "tcp"),
            ("BFF_PORT_80_TCP_PORT", "80"),
            ("BFF_PORT_80_TCP_ADDR", "10.0.0.7"),
            ("BFF_API_STOCK_SERVICE_HOST", "10.0.0.8"),
            ("BFF_API_STOCK_SERVICE_PORT", "53"),
            ("BFF_API_STOCK_PORT", "udp://10.0.0.8:53"),
            ("BFF_API_STOCK_PORT_53_UDP", "udp://10.0.0.8:53"),
            ("BFF_API_STOCK", "https://stock.example/"),
            ("BFF_ISSUER", "https://op.example"),
            ("BFF_PORT_80_TCP_OTHER", "a typing error"),
        ]);
        let services = take_out(&mut all);
        assert_eq!(services, BTreeSet::from(["BFF".to_owned(), "BFF_API_STOCK".to_owned()]));
        let left: Vec<&str> = all.keys().map(String::as_str).collect();
        assert_eq!(left, ["BFF_API_STOCK", "BFF_ISSUER", "BFF_PORT_80_TCP_OTHER"]);
    }

    #[test]
    fn an_incomplete_service_link_stays_and_is_judged_as_a_setting() {
        for pairs in [
            &[("BFF_PORT", "tcp://10.0.0.7:80"), ("BFF_SERVICE_PORT", "80")][..],
            &[("BFF_SERVICE_HOST", "10.0.0.7"), ("BFF_SERVICE_PORT", "80")],
            &[
                ("BFF_API_X_SERVICE_HOST", "https://x.example/"),
                ("BFF_API_X_SERVICE_PORT", "https://y.example/"),
                ("BFF_API_X_PORT", "https://z.example/"),
            ],
        ] {
            let mut all = variables(pairs);
            assert!(take_out(&mut all).is_empty());
            assert_eq!(all.len(), pairs.len());
        }
    }
}
