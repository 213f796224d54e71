//! Which part of the provider a request is for.

/// An endpoint of the provider.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Metadata,
    /// `/jwks`: the published keys.
    Jwks,
    /// `/authorize`: where the browser comes with an authorization request.
    Authorization,
    /// `/par`: where the relying party pushes an authorization request before.
    PushedAuthorizationRequest,
    /// `/sign-in`: where the provider's own page posts to.
    SignIn,
    /// `/token`.
    Token,
    /// `/userinfo`.
    Userinfo,
    /// `/revoke`: tokens that are not needed any more.
    Revocation,
    /// `/end-session`: RP-initiated logout.
    EndSession,
    /// `/resource/...`: the API that takes this provider's access tokens.
    Resource,
    /// Anything else: the desk, the style sheet, a favicon, a path that does not exist.
    Other,
}

impl Endpoint {
    /// The endpoints that have a path of their own.
    const ALL: [Self; 9] = [
        Self::Metadata,
        Self::Jwks,
        Self::Authorization,
        Self::PushedAuthorizationRequest,
        Self::SignIn,
        Self::Token,
        Self::Userinfo,
        Self::Revocation,
        Self::EndSession,
    ];

    /// The path under the issuer; of [`Endpoint::Resource`] the beginning of all its paths. [`Endpoint::Other`] has none:
    /// the empty string.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Metadata => "/.well-known/openid-configuration",
            Self::Jwks => "/jwks",
            Self::Authorization => "/authorize",
            Self::PushedAuthorizationRequest => "/par",
            Self::SignIn => "/sign-in",
            Self::Token => "/token",
            Self::Userinfo => "/userinfo",
            Self::Revocation => "/revoke",
            Self::EndSession => "/end-session",
            Self::Resource => "/resource/",
            Self::Other => "",
        }
    }

    /// Whether the relying party's server comes here, and no browser.
    pub(crate) const fn is_for_servers(self) -> bool {
        match self {
            Self::Metadata
            | Self::Jwks
            | Self::PushedAuthorizationRequest
            | Self::Token
            | Self::Userinfo
            | Self::Revocation => true,
            Self::Authorization | Self::SignIn | Self::EndSession | Self::Resource | Self::Other => false,
        }
    }

    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with(Self::Resource.path()) {
            return Self::Resource;
        }
        let known = Self::ALL.into_iter().find(|known| known.path() == path);
        known.unwrap_or(Self::Other)
    }
}
