//! The store of the sessions.

use super::report::{Report, quoted};
use crate::config::StoreSettings;
use bff_session::store::{RedisDiagnosis, diagnose_redis};
use std::time::Duration;

/// Every page of a signed-in person waits that long, at least once.
const SLOW: Duration = Duration::from_millis(10);

const MEND: &str = "check that Redis runs, that BFF_REDIS_URL names it, and that user and password in it are right";

/// The words of the error depend on the TLS library of the other side, so they do not tell these cases apart.
const MEND_WITH_TLS: &str = "check that Redis runs, that BFF_REDIS_URL names it, and that user and password in it are right; \
     that BFF_REDIS_CA_FILE has the authority of its certificate; and, if Redis asks clients for a certificate \
     (tls-auth-clients), that its authority has issued the one in BFF_REDIS_CERTIFICATE_FILE";

pub(super) async fn check(report: &mut Report, store: &StoreSettings) {
    report.section("The session store");
    let settings = match store {
        StoreSettings::Redis(settings) => settings,
        StoreSettings::Memory => {
            return report.warning(
                "Redis",
                "none: sessions are in this process, end with it, and no other replica knows them",
                "for anything but development, name a Redis in BFF_REDIS_URL",
            );
        }
    };
    match diagnose_redis(settings).await {
        Ok(diagnosis) => {
            version(report, &diagnosis);
            transport(report, &diagnosis);
            eviction(report, &diagnosis);
            rights(report, &diagnosis);
        }
        Err(error) => {
            let found = format!("cannot be used: {}", quoted(&error.to_string()));
            let mend = if settings.config.tls.is_some() {
                MEND_WITH_TLS
            } else {
                MEND
            };
            report.wrong("Redis", found, mend);
        }
    }
}

fn version(report: &mut Report, diagnosis: &RedisDiagnosis) {
    let version = quoted(&diagnosis.version);
    let major = diagnosis.version.split('.').next().and_then(|major| major.parse().ok());
    if major.is_some_and(|major: u32| major >= 7) {
        report.ok("Redis", format!("answers, version {version}"));
    } else {
        report.warning(
            "Redis",
            format!("answers, version {version}: older than what is tested"),
            "use Redis 7 or later",
        );
    }
}

fn transport(report: &mut Report, diagnosis: &RedisDiagnosis) {
    if diagnosis.encrypted {
        report.ok("Redis, TLS", "on");
    } else if diagnosis.leaves_the_machine {
        report.warning(
            "Redis, TLS",
            "off, and it is another machine: BFF_REDIS_PLAINTEXT=on allows that",
            "use rediss: in BFF_REDIS_URL, unless the network itself encrypts",
        );
    } else {
        report.ok("Redis, TLS", "off; it is on this machine");
    }
    let latency = format!("{:.2} ms there and back", diagnosis.latency.as_secs_f64() * 1_000.0);
    if diagnosis.latency < SLOW {
        report.ok("Redis, latency", latency);
    } else {
        report.warning(
            "Redis, latency",
            format!("{latency}: every page of a signed-in person waits for it"),
            "bring Redis nearer to this server",
        );
    }
}

/// All that is kept there but the notes has an expiry, so every policy but `noeviction` takes sessions.
fn eviction(report: &mut Report, diagnosis: &RedisDiagnosis) {
    match (diagnosis.eviction_policy.as_deref(), diagnosis.memory_limit) {
        (Some("noeviction"), _) => report.ok("Redis, eviction", "noeviction"),
        (Some(policy), 0) => report.warning(
            "Redis, eviction",
            format!(
                "{}; maxmemory is 0, so nothing is evicted yet. With a limit it would sign people out",
                quoted(policy)
            ),
            "set maxmemory-policy noeviction at Redis",
        ),
        (Some(policy), _) => report.warning(
            "Redis, eviction",
            format!(
                "{}: a Redis that is full signs people out, and forgets which logins were used",
                quoted(policy)
            ),
            "set maxmemory-policy noeviction at Redis, and give it memory enough",
        ),
        (None, _) => report.note("Redis, eviction", "the server does not say; it should be noeviction"),
    }
}

fn rights(report: &mut Report, diagnosis: &RedisDiagnosis) {
    match diagnosis.refused.as_deref() {
        Some([]) => report.ok("Redis, rights", "the user may run every command that is needed"),
        Some(refused) => {
            let commands: Vec<&str> = refused.iter().map(String::as_str).collect();
            report.wrong(
                "Redis, rights",
                format!("the user may not: {}", commands.join(", ")),
                "give the user the rights that docs/operations.md lists under Redis (the line in deploy/redis/bff.acl)",
            );
        }
        None => report.note(
            "Redis, rights",
            "unknown: the user may not run EVAL, or Redis is older than 7.0",
        ),
    }
}
