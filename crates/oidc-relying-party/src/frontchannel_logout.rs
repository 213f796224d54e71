//! Whether the provider's pages may sign people out here (OpenID Connect Front-Channel Logout 1.0 §2, §3).

use super::RelyingParty;

/// When a request of the front channel is listened to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum FrontchannelLogout {
    /// Where the provider's metadata has `frontchannel_logout_supported`.
    #[default]
    Auto,
    /// Always: the provider does it, and its metadata does not say so.
    On,
    /// Never.
    Off,
}

impl FrontchannelLogout {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Auto, Self::On, Self::Off];

    /// The word of the setting.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl RelyingParty {
    /// Whether requests of the front channel are listened to. Anybody can send one, so this never reads from the provider.
    ///
    /// As long as no metadata has been read, the answer is yes, because a refused logout leaves a person signed in.
    #[must_use]
    pub fn listens_to_front_channel(&self) -> bool {
        match self.0.registration.frontchannel_logout {
            FrontchannelLogout::On => true,
            FrontchannelLogout::Off => false,
            FrontchannelLogout::Auto => {
                let metadata = self.0.metadata.peek();
                metadata.is_none_or(|metadata| metadata.frontchannel_logout_supported)
            }
        }
    }
}
