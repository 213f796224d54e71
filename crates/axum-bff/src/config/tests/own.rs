//! The settings of an application, beside those of the BFF.

use super::super::settings::{DefaultValue, Setting, help_with};
use super::*;
use secrecy::{ExposeSecret, SecretString};
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

#[derive(Debug)]
struct ShopSettings {
    database: String,
    rate: f64,
    open: bool,
    mail_password: SecretString,
}

impl OwnSettings for ShopSettings {
    const PREFIX: &'static str = "SHOP_";
    const SETTINGS: &'static [Setting] = &[
        Setting::new("SHOP_DATABASE", DefaultValue::Required, "file of the database"),
        Setting::new("SHOP_RATE", DefaultValue::Value("0.25"), "tax"),
        Setting::new("SHOP_OPEN", DefaultValue::Value("on"), "whether people may order"),
        Setting::secret(
            "SHOP_MAIL_PASSWORD",
            DefaultValue::Required,
            "password at the mail server",
        ),
    ];

    fn read(source: &mut Source) -> Option<Self> {
        let database = source.text("SHOP_DATABASE");
        let rate = source.number("SHOP_RATE", 0.0..=1.0);
        let open = source.switch("SHOP_OPEN");
        let mail_password = source.secret("SHOP_MAIL_PASSWORD");
        Some(Self {
            database: database?,
            rate: rate?,
            open: open?,
            mail_password: mail_password?,
        })
    }
}

type Read = Result<(Config, ShopSettings), Vec<SettingError>>;

fn read(ours: &[(String, String)], own: &[(&str, &str)], file: Option<&Path>) -> Read {
    let own = own
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let ours = ours
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::read_with(Source::collect_with::<ShopSettings>(ours.chain(own), file))
}

fn said(read: Read) -> Vec<String> {
    read.expect_err("something is wrong")
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn own_settings_come_from_the_environment_a_section_of_the_file_and_secret_files() {
    let mut secret = tempfile::NamedTempFile::new().expect("a file");
    writeln!(secret, "canary-password").expect("written");
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(
        file,
        "listen = \"127.0.0.1:7\"\n[shop]\ndatabase = \"of the file\"\nrate = 0.5\nopen = false"
    )
    .expect("written");
    let password = ("SHOP_MAIL_PASSWORD_FILE", secret.path().to_str().expect("UTF-8"));
    let (config, shop) = read(&complete(), &[password], Some(file.path())).expect("complete");
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:7");
    assert_eq!(
        (shop.database.as_str(), shop.rate, shop.open),
        ("of the file", 0.5, false)
    );
    assert_eq!(shop.mail_password.expose_secret(), "canary-password");
    assert!(!format!("{shop:?}").contains("canary"));

    let variables = [password, ("SHOP_DATABASE", "of the environment"), ("SHOP_RATE", "  ")];
    let (_, shop) = read(&complete(), &variables, Some(file.path())).expect("complete");
    assert_eq!((shop.database.as_str(), shop.rate), ("of the environment", 0.5));
}

#[test]
fn mistakes_in_own_settings_are_listed_with_those_in_ours() {
    let mut ours = complete();
    ours.retain(|(name, _)| name != "BFF_ISSUER");
    let own = [
        ("SHOP_RATE", "2"),
        ("SHOP_OPEN", "perhaps"),
        ("SHOP_MAIL_PASSWORD", "canary"),
        ("SHOP_MAIL_PASSWORD_FILE", "/nowhere"),
    ];
    assert_eq!(
        said(read(&ours, &own, None)),
        [
            "SHOP_MAIL_PASSWORD: is set both directly and with _FILE: remove one",
            "BFF_ISSUER: is missing",
            "SHOP_DATABASE: is missing",
            "SHOP_RATE: is no number from 0 to 1",
            "SHOP_OPEN: is neither on nor off",
        ]
    );
}

#[test]
fn a_misspelled_name_is_refused_in_both_lists_and_the_likely_one_is_named() {
    let own = [
        ("SHOP_DATABASE", "x"),
        ("SHOP_MAIL_PASSWORD", "x"),
        ("SHOP_DATABSE", "x"),
        ("SHOP_COLOUR", "x"),
    ];
    let mut ours = complete();
    ours.push(("BFF_SESION_IDLE".to_owned(), "5m".to_owned()));
    let no_such = "there is no such setting; `bff --help` lists them";
    assert_eq!(
        said(read(&ours, &own, None)),
        [
            format!("BFF_SESION_IDLE: {no_such}. BFF_SESSION_IDLE is a similar one"),
            format!("SHOP_COLOUR: {no_such}"),
            format!("SHOP_DATABSE: {no_such}. SHOP_DATABASE is a similar one"),
        ]
    );
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(file, "[shop]\nrat = 1\ndatabase = {{ file = 1 }}\n[shops]\nrate = 1").expect("written");
    let password = ("SHOP_MAIL_PASSWORD", "x");
    let named: Vec<String> = read(&complete(), &[password], Some(file.path()))
        .expect_err("misspelled")
        .into_iter()
        .map(|error| error.name)
        .collect();
    assert_eq!(
        named,
        ["SHOP_DATABASE", "SHOP_RAT", "BFF_SHOPS"],
        "an unknown section is refused too"
    );
}

#[test]
fn an_application_without_settings_of_its_own_leaves_the_variables_of_others_alone() {
    let mut environment = complete();
    environment.push(("SHOP_DATABASE".to_owned(), "x".to_owned()));
    environment.push(("_".to_owned(), "x".to_owned()));
    assert!(Config::read(Source::collect(environment, None)).is_ok());
}

#[test]
fn a_list_of_settings_that_nobody_can_set_stops_the_start() {
    #[derive(Debug)]
    struct Odd;
    impl OwnSettings for Odd {
        const PREFIX: &'static str = "BFF_SHOP_";
        const SETTINGS: &'static [Setting] = &[Setting::new("OTHER", DefaultValue::Value("x"), "nothing")];
        fn read(source: &mut Source) -> Option<Self> {
            source.text("SHOP_UNLISTED")?;
            Some(Self)
        }
    }
    let environment = complete().into_iter().map(|(name, value)| (name.into(), value.into()));
    let errors = Config::read_with::<Odd>(Source::collect_with::<Odd>(environment, None)).expect_err("odd");
    let named: Vec<&str> = errors.iter().map(|error| error.name.as_str()).collect();
    assert_eq!(named, ["BFF_SHOP_", "OTHER", "SHOP_UNLISTED"]);
}

#[test]
fn a_broken_file_is_refused_by_its_line_and_its_text_is_not_shown() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(file, "listen = \"127.0.0.1:7\"\nclient_secret = canary").expect("written");
    let errors = said(read(&complete(), &[], Some(file.path())));
    assert!(
        errors[0].contains(": line 2: ") && !errors[0].contains("canary"),
        "{errors:?}"
    );
}

#[test]
fn help_lists_own_settings_behind_ours() {
    let help = help_with::<ShopSettings>();
    let (_, own) = help
        .split_once("Settings of this application (in the file under [shop], without SHOP_)")
        .expect("theirs");
    assert!(ShopSettings::SETTINGS.iter().all(|setting| own.contains(setting.name)));
    assert!(!settings::help().contains("of this application"));
}
