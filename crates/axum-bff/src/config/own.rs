//! The settings of an application, beside ours.

use super::Source;
use super::settings::Setting;

/// The settings of an application. They have the same sources as the settings of this crate: the environment, a TOML file, and
/// for a secret also the file that `NAME_FILE` names. The start lists the faults of both together, and `--help` lists the
/// application's settings last.
///
/// Every variable that begins with the prefix is a setting. If the list does not have it, the program does not start: it may be
/// misspelled.
///
/// ```
/// use axum_bff::config::settings::{DefaultValue, Setting};
/// use axum_bff::config::{OwnSettings, Source};
/// use secrecy::SecretString;
/// use std::path::PathBuf;
///
/// struct ShopSettings {
///     database: PathBuf,
///     mail_password: SecretString,
/// }
///
/// impl OwnSettings for ShopSettings {
///     const PREFIX: &'static str = "SHOP_";
///     const SETTINGS: &'static [Setting] = &[
///         Setting::new("SHOP_DATABASE", DefaultValue::Value("shop.sqlite"), "The file of the database."),
///         Setting::secret("SHOP_MAIL_PASSWORD", DefaultValue::Required, "The password at the mail server."),
///     ];
///
///     fn read(source: &mut Source) -> Option<Self> {
///         let database = source.text("SHOP_DATABASE");
///         let mail_password = source.secret("SHOP_MAIL_PASSWORD");
///         Some(Self { database: database?.into(), mail_password: mail_password? })
///     }
/// }
///
/// let environment = [("SHOP_DATABASE".into(), "/var/lib/shop.sqlite".into())];
/// let (errors, _) = {
///     let mut source = Source::collect_with::<ShopSettings>(environment, None);
///     assert!(ShopSettings::read(&mut source).is_none());
///     source.finish()
/// };
/// assert_eq!(errors[0].to_string(), "SHOP_MAIL_PASSWORD: is missing");
/// ```
pub trait OwnSettings: Sized {
    /// The prefix of the variables: upper case with `_` at its end, such as `SHOP_`. In the TOML file the same
    /// settings are in the table `[shop]`.
    const PREFIX: &'static str;

    /// Every setting. The names begin with [`Self::PREFIX`].
    const SETTINGS: &'static [Setting];

    /// Reads the settings. `None` if one is missing or wrong, which `source` has noted: read all of them before giving
    /// up, so that all mistakes are listed at once.
    fn read(source: &mut Source) -> Option<Self>;
}

/// An application without settings of its own.
impl OwnSettings for () {
    const PREFIX: &'static str = "";
    const SETTINGS: &'static [Setting] = &[];

    fn read(_: &mut Source) -> Option<Self> {
        Some(())
    }
}
