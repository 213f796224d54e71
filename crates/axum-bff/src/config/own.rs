//! The settings of an application, beside ours.

use super::Source;
use super::settings::Setting;

/// The settings of an application, from where ours come from: the environment, a TOML file, and for a secret also the file
/// that `NAME_FILE` names. Their faults are listed together with the faults of ours, and `--help` lists them
/// after ours.
///
/// Every variable that begins with the prefix is a setting: one that the list does not have stops the start, as a misspelled
/// one of ours does.
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

    /// Reads the settings. None where one is missing or wrong, which `source` has noted: read all of them before giving
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
