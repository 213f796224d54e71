//! Whether something that a provider may offer is used.

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
