//! Enumerations whose variants have a name in the protocol or in a setting.

/// Defines one, with the name beside each variant.
macro_rules! named {
    (
        $(#[$documentation:meta])*
        pub enum $kind:ident {
            $($(#[$of_variant:meta])* $variant:ident = $name:literal,)+
        }
    ) => {
        $(#[$documentation])*
        pub enum $kind {
            $($(#[$of_variant])* $variant,)+
        }

        impl $kind {
            /// All of them, in this order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name in the protocol, or the word of the setting.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

pub(crate) use named;
