//! Claims: which ones pages see, and which one has the roles.

use super::Source;
use crate::claims::ClaimsPolicy;

pub(super) fn read(source: &mut Source) -> Option<ClaimsPolicy> {
    let shown = source.list("BFF_CLAIMS");
    let roles = source.text("BFF_ROLES_CLAIM")?;
    Some(ClaimsPolicy { shown, roles })
}
