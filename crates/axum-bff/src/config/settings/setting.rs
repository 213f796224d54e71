//! One setting, and its default.

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable. In a TOML file: the same without `BFF_`, in lower case.
    pub name: &'static str,
    /// Whether it is a secret, so that it may also come from the file that `NAME_FILE` names.
    pub secret: bool,
    /// Its default.
    pub default: DefaultValue,
    /// Its meaning, in a line.
    pub help: &'static str,
}

/// The default of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// There is no default: it has to be set.
    Required,
    /// This text is read.
    Value(&'static str),
    /// Something that the help describes.
    Described(&'static str),
}

impl Setting {
    /// A setting that is no secret.
    #[must_use]
    pub const fn new(name: &'static str, default: DefaultValue, help: &'static str) -> Self {
        Self {
            name,
            secret: false,
            default,
            help,
        }
    }

    /// A secret, which may also come from the file that `NAME_FILE` names.
    #[must_use]
    pub const fn secret(name: &'static str, default: DefaultValue, help: &'static str) -> Self {
        Self {
            secret: true,
            ..Self::new(name, default, help)
        }
    }
}

pub(super) const fn setting(name: &'static str, default: DefaultValue, help: &'static str) -> Setting {
    Setting::new(name, default, help)
}

pub(super) const fn secret(name: &'static str, default: DefaultValue, help: &'static str) -> Setting {
    Setting::secret(name, default, help)
}
