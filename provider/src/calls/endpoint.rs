//! Which part of the provider a request is for.

/// What of the provider was called.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Metadata,
    /// `/jwks`: the published keys.
    Jwks,
    /// `/authorize`: where the browser comes with an authorization request.
    Authorization,
    /// `/sign-in`: where the provider's own page posts to.
    SignIn,
    /// `/token`.
    Token,
    /// `/userinfo`.
    Userinfo,
    /// `/end-session`: RP-initiated logout.
    EndSession,
    /// Anything else: the style sheet, a favicon, a path that does not exist.
    Other,
}

impl Endpoint {
    /// The endpoints that have a path of their own.
    const ALL: [Self; 7] = [
        Self::Metadata,
        Self::Jwks,
        Self::Authorization,
        Self::SignIn,
        Self::Token,
        Self::Userinfo,
        Self::EndSession,
    ];

    /// The path under the issuer. [`Endpoint::Other`] has none: the empty string.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Metadata => "/.well-known/openid-configuration",
            Self::Jwks => "/jwks",
            Self::Authorization => "/authorize",
            Self::SignIn => "/sign-in",
            Self::Token => "/token",
            Self::Userinfo => "/userinfo",
            Self::EndSession => "/end-session",
            Self::Other => "",
        }
    }

    pub(super) fn of(path: &str) -> Self {
        let known = Self::ALL.into_iter().find(|known| known.path() == path);
        known.unwrap_or(Self::Other)
    }
}
