//! How a refresh token is asked for, which not all providers want in the standard's way.

use crate::named::named;

named! {
    /// How the authorization request spells `offline_access`.
    #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
    pub enum OfflineAccess {
        /// The scope `offline_access` (OpenID Connect Core 1.0 §11).
        #[default]
        Scope = "scope",
        /// The parameter `access_type=offline`, in place of the scope, which Google refuses.
        AccessType = "access_type",
        /// Nothing: the provider gives refresh tokens to every client, and refuses the scope, as Cognito does.
        Unasked = "unasked",
    }
}
