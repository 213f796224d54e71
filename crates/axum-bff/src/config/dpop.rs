//! Whether access tokens are bound to a key (RFC 9449): a matter of the provider and of all who are called with them.
//!
//! A person has one access token for all APIs, and a provider that binds it binds it for all of them. An API that knows
//! nothing of DPoP would refuse such a token, or take it without a proof, so that nothing is gained. Therefore each API
//! says that it takes them (`BFF_API_<NAME>_DPOP=on`), and one that does not keeps `auto` from asking for any.

use super::Source;
use crate::relay::{ApiSettings, ApiToken};
use oidc_relying_party::Usage;

/// What `BFF_DPOP` comes to with these APIs.
pub(super) fn agreed(source: &mut Source, wanted: Usage, apis: &[ApiSettings]) -> Usage {
    let mut without = apis.iter().filter(|api| !api.dpop && api.token != ApiToken::None);
    match wanted {
        Usage::Required => {
            for api in without {
                source.error(
                    &api.variable("_DPOP"),
                    "has to be on, or BFF_DPOP auto: its calls would need a token that is bound to no key",
                );
            }
            Usage::Required
        }
        // The client's own tokens are asked for by API.
        Usage::Auto if without.any(|api| api.token == ApiToken::Person) => Usage::Off,
        usage => usage,
    }
}
