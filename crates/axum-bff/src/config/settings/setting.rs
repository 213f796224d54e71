//! One setting, and its default.

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable. In a TOML file: the same without `BFF_`, in lower case.
    pub name: &'static str,
    /// Whether it is a secret, so that it may also come from the file that `NAME_FILE` names.
    pub secret: bool,
    /// The value without the setting.
    pub default: DefaultValue,
    /// Its effect, its unit and its bounds, in sentences for `--help`.
    pub help: &'static str,
}

/// The default of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// There is no default: it has to be set.
    Required,
    /// The setting is read as if it had this value.
    Value(&'static str),
    /// There is no fixed value. This text describes the behaviour without the setting.
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
