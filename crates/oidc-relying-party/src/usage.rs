//! The choices that a registration leaves to the provider's metadata.

/// The use of a protection that not every provider offers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Usage {
    /// Where the provider offers it.
    #[default]
    Auto,
    /// Always: a provider without it is not used.
    Required,
    /// Never: a provider that demands it is not used.
    Off,
}

/// A choice that follows the provider's metadata unless it is made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Switch {
    /// By the metadata.
    #[default]
    Auto,
    /// Always, without regard to the metadata.
    On,
    /// Never.
    Off,
}

impl Switch {
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

    /// Whether it is on. `suggested` gives what the metadata suggests; it is called for `Auto` only.
    pub(super) fn is_on(self, suggested: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Auto => suggested(),
            Self::On => true,
            Self::Off => false,
        }
    }
}
