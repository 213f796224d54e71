//! How a refresh token is asked for, which not all providers want in the standard's way.

/// How the authorization request spells `offline_access`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OfflineAccess {
    /// The scope `offline_access` (OpenID Connect Core 1.0 §11).
    #[default]
    Scope,
    /// The parameter `access_type=offline`, in place of the scope, which Google refuses.
    AccessType,
    /// Nothing: the provider gives refresh tokens to every client, and refuses the scope, as Cognito does.
    Unasked,
}

impl OfflineAccess {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Scope, Self::AccessType, Self::Unasked];

    /// The name as the settings have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::AccessType => "access_type",
            Self::Unasked => "unasked",
        }
    }
}
