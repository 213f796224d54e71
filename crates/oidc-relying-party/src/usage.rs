//! The choices that a registration leaves to the provider's metadata.

use crate::named::named;

named! {
    /// The use of a protection that not every provider offers.
    #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
    pub enum Usage {
        /// Where the provider offers it.
        #[default]
        Auto = "auto",
        /// Always: a provider without it is not used.
        Required = "required",
        /// Never: a provider that demands it is not used.
        Off = "off",
    }
}

named! {
    /// A choice that follows the provider's metadata unless it is made.
    #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
    pub enum Switch {
        /// By the metadata.
        #[default]
        Auto = "auto",
        /// Always, without regard to the metadata.
        On = "on",
        /// Never.
        Off = "off",
    }
}

impl Switch {
    /// Whether it is on. `suggested` gives what the metadata suggests; it is called for `Auto` only.
    pub(super) fn is_on(self, suggested: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Auto => suggested(),
            Self::On => true,
            Self::Off => false,
        }
    }
}
