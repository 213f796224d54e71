//! Checks of the settings alone.

use super::report::Report;
use crate::config::{Config, Http, Otlp, SettingError, is_loopback};
use bff_session::key_ring::KeyRing;
use std::net::SocketAddr;

/// The settings cannot be read, so there is nothing more to look at.
pub(super) fn are_wrong(report: &mut Report, errors: &[SettingError]) {
    report.section("Settings");
    for error in errors {
        let mend = format!("{} ({})", error.name, "`bff --help` describes it");
        report.wrong(&error.name, &error.problem, mend);
    }
    report.note("all else", "not checked: that needs settings without a fault");
}

pub(super) fn check(report: &mut Report, config: &Config) {
    report.section("Settings");
    report.ok("settings", "all that are set can be read, and none is missing");
    for risky in &config.warnings {
        report.warning(
            &risky.name,
            &risky.problem,
            format!("{}: {}", risky.name, risky.problem),
        );
    }
    public_url(report, &config.http);
    listener(report, &config.http);
    trusted_proxies(report, &config.http);
    keys(report, &config.session.keys);
    metrics(report, config.metrics);
    traces(report, config.telemetry.otlp.as_ref());
}

/// The prefix `__Host-` demands `Secure`, no `Domain` and `Path=/`: so `https`. The cookie goes to all applications of
/// the origin.
fn public_url(report: &mut Report, http: &Http) {
    let public_url = &http.public_url;
    if !public_url.path().is_empty() {
        report.warning(
            "public URL, path",
            format!(
                "{}: the proxy has to keep it, and all other applications of {} get the cookie {} and are trusted as this one is",
                public_url.path(),
                public_url.origin(),
                http.cookies.session
            ),
            "for applications that do not trust each other, give each an origin of its own in BFF_PUBLIC_URL",
        );
    }
    if http.public_url.is_https() {
        report.ok(
            "public URL",
            format!("{public_url}: https, as the cookie {} needs it", http.cookies.session),
        );
    } else {
        report.warning(
            "public URL",
            format!("{public_url}: http; Chromium and Firefox take Secure cookies from loopback, Safari does not"),
            "for anything but development, put an https origin into BFF_PUBLIC_URL",
        );
    }
}

/// Faults of the certificate are among the warnings of the settings.
fn listener(report: &mut Report, http: &Http) {
    let tls = if http.certificate.is_some() {
        "with TLS of its own"
    } else {
        "without TLS of its own"
    };
    report.ok("listener", format!("{}, {tls}", http.listen));
}

fn trusted_proxies(report: &mut Report, http: &Http) {
    let proxies = &http.trusted_proxies;
    if proxies.trust_everybody() {
        report.warning(
            "trusted proxies",
            "every address is one, so anybody can forge their own address",
            "list the addresses of your proxies in BFF_TRUSTED_PROXIES, and nobody else's",
        );
    } else if proxies.trust_sockets() {
        report.ok(
            "trusted proxies",
            format!(
                "the other end of the Unix socket, and {} addresses or networks",
                proxies.count()
            ),
        );
    } else if proxies.count() == 0 && http.certificate.is_some() {
        report.ok("trusted proxies", "none: browsers reach this server itself");
    } else if proxies.count() == 0 && http.public_url.is_https() {
        report.warning(
            "trusted proxies",
            "none, although TLS ends before this server: /sessions shows the proxy's address for everybody",
            "list the addresses of your proxies in BFF_TRUSTED_PROXIES",
        );
    } else {
        report.ok("trusted proxies", format!("{} addresses or networks", proxies.count()));
    }
}

/// The settings were refused if the endpoint is no address, or if the program cannot export.
fn traces(report: &mut Report, otlp: Option<&Otlp>) {
    let Some(otlp) = otlp else {
        report.note("traces", "are not exported: BFF_OTLP_ENDPOINT is not set");
        return;
    };
    let is_plain = otlp.traces.scheme() == "http" && !is_loopback(&otlp.traces);
    if is_plain && !otlp.headers.is_empty() {
        report.warning(
            "traces",
            format!(
                "go to {}: http, so the network reads the headers of BFF_OTLP_HEADERS",
                otlp.traces
            ),
            "put an https address into BFF_OTLP_ENDPOINT",
        );
    } else {
        report.ok("traces", format!("go to {}, sampled at {}", otlp.traces, otlp.sample));
    }
}

fn keys(report: &mut Report, keys: &KeyRing) {
    let count = keys.count();
    let weak = keys.weak();
    let found = if count == 1 {
        "1 key of 32 bytes, which seals and opens".to_owned()
    } else {
        format!("{count} keys of 32 bytes; the first seals, all open")
    };
    if weak.is_empty() {
        report.ok("session keys", found);
    } else {
        let places: Vec<String> = weak.iter().map(usize::to_string).collect();
        report.warning(
            "session keys",
            format!("{found}; probably not random: key {}", places.join(", ")),
            "put a key of `openssl rand -base64 32` in front of BFF_SESSION_KEY, and drop the other after the absolute limit",
        );
    }
}

/// Another address than one of loopback is among the warnings of the settings.
fn metrics(report: &mut Report, address: Option<SocketAddr>) {
    if let Some(address) = address.filter(|address| address.ip().is_loopback()) {
        report.ok("metrics", format!("at {address}, which no other machine reaches"));
    }
}
