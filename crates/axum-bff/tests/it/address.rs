//! The parameters of an address.

use std::collections::BTreeMap;
use url::Url;

/// The parameters in the query of an absolute address. None of them stands there twice (RFC 6749 §3.1).
pub(crate) fn parameters(address: &str) -> BTreeMap<String, String> {
    let address = Url::parse(address).expect("a URL");
    let mut parameters = BTreeMap::new();
    for (name, value) in address.query_pairs().into_owned() {
        let earlier = parameters.insert(name, value);
        assert!(earlier.is_none(), "a parameter stands there twice: {address}");
    }
    parameters
}

/// One parameter in the query of an absolute address.
pub(crate) fn parameter(address: &str, name: &str) -> Option<String> {
    parameters(address).remove(name)
}
