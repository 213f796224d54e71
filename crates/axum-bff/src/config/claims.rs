//! Claims: which ones pages see, and which one has the roles.

use super::Source;
use crate::claims::ClaimsPolicy;
use oidc_relying_party::Registration;

pub(super) fn read(source: &mut Source, registration: Option<&Registration>) -> Option<ClaimsPolicy> {
    let shown = source.list("BFF_CLAIMS");
    let client_id = &registration?.client_id;
    let places = source.list("BFF_ROLES_CLAIM");
    let roles = places
        .iter()
        .map(|place| place.replace("{client_id}", client_id))
        .collect();
    Some(ClaimsPolicy::new(shown, roles))
}
