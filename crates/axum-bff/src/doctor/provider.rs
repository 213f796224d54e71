//! The provider: its metadata, its issuer, its clock, its keys.

use super::report::{Report, cause, quoted};
use oidc_relying_party::{
    Diagnosis, DiscoveryError, DocumentError, HttpError, IdTokenAlgorithm, IssuerDifference, KeySetSummary, KeysError,
    ProviderMetadata,
};

pub(super) fn check(report: &mut Report, diagnosis: &Diagnosis) {
    report.section("The provider");
    discovery(report, diagnosis);
    issuer(report, diagnosis);
    for problem in diagnosis.metadata.as_ref().err().into_iter().flatten() {
        metadata(report, diagnosis, problem);
    }
    clock(report, diagnosis);
    if let (Some(probes), Ok(metadata)) = (&diagnosis.probes, &diagnosis.metadata) {
        keys(report, &probes.keys, metadata);
    }
}

fn discovery(report: &mut Report, diagnosis: &Diagnosis) {
    let address = &diagnosis.metadata_address;
    let unread = diagnosis.metadata.as_ref().err().into_iter().flatten();
    let problem = unread.into_iter().find_map(|problem| match problem {
        DiscoveryError::Http(error) => Some(unreachable(error)),
        DiscoveryError::Document(error) => Some(no_document(error)),
        _ => None,
    });
    match problem {
        Some((found, mend)) => report.wrong("discovery", format!("{address} {found}"), mend),
        None if address.starts_with("https:") => report.ok("discovery", format!("{address} answers, over TLS")),
        None => report.ok("discovery", format!("{address} answers, without TLS on loopback")),
    }
}

fn unreachable(error: &HttpError) -> (String, &'static str) {
    let cause = cause(error);
    match error {
        HttpError::Unreachable(_) | HttpError::ClosedWhileIdle(_) if cause.contains("certificate") => (
            format!("has a certificate that is not trusted: {cause}"),
            "check that BFF_ISSUER names the host in the provider's certificate, and that this machine knows the authority",
        ),
        HttpError::NotTls(_) => (
            "speaks no TLS on that port, although https is asked for: most likely it is an http port".to_owned(),
            "put the port on which the provider speaks https into BFF_ISSUER, or have it speak https on this one",
        ),
        HttpError::Unreachable(_) | HttpError::ClosedWhileIdle(_) | HttpError::BrokenOff(_) => (
            format!("does not answer: {cause}"),
            "check that the provider runs, that BFF_ISSUER names it, and that this machine reaches it (DNS, firewall)",
        ),
        HttpError::Timeout => (
            "does not answer in time".to_owned(),
            "check that this machine reaches the provider, or raise BFF_PROVIDER_TIMEOUT",
        ),
        HttpError::TooLarge => (
            "answers with a document that is too large for metadata".to_owned(),
            "check that BFF_ISSUER is the provider's issuer",
        ),
    }
}

fn no_document(error: &DocumentError) -> (String, &'static str) {
    let mend = "check that BFF_ISSUER is the provider's issuer, with its path, and that no proxy answers in its place";
    let found = match error {
        DocumentError::Status(status) => format!("answers with {status}: there is no metadata"),
        DocumentError::MediaType(found) => {
            format!("answers with something that is not JSON: its media type is {found}")
        }
        DocumentError::Encoded => "answers with a compressed document, which was not asked for".to_owned(),
        DocumentError::NotAnObject => "answers with something that is no metadata".to_owned(),
    };
    (found, mend)
}

fn issuer(report: &mut Report, diagnosis: &Diagnosis) {
    let configured = quoted(&diagnosis.registration.issuer);
    let Some(named) = diagnosis.named_issuer() else {
        return;
    };
    if diagnosis.issuer_differences.is_empty() {
        return report.ok("issuer", format!("{configured}, character by character"));
    }
    let differences: Vec<&str> = diagnosis
        .issuer_differences
        .iter()
        .map(|one| difference(*one))
        .collect();
    let named = quoted(named);
    let mend = if diagnosis.issuer_differences == [IssuerDifference::Template] {
        "put the issuer of one tenant into BFF_ISSUER, with the tenant's own id in its path".to_owned()
    } else {
        format!("if that is your provider, write it as the metadata does: BFF_ISSUER={named}")
    };
    let found = format!(
        "BFF_ISSUER says {configured}, the metadata says {named}: {}",
        differences.join("; ")
    );
    report.wrong("issuer", found, mend);
}

fn difference(difference: IssuerDifference) -> &'static str {
    match difference {
        IssuerDifference::SlashAdded => "the metadata has a slash at the end, and BFF_ISSUER has none",
        IssuerDifference::SlashMissing => "BFF_ISSUER has a slash at the end, and the metadata has none",
        IssuerDifference::Scheme => "one is http, the other https",
        IssuerDifference::Case => "they differ in upper and lower case",
        IssuerDifference::Port => "they differ in the port, or only one names it",
        IssuerDifference::Host => "they name different hosts",
        IssuerDifference::Path => "they name different paths",
        IssuerDifference::Template => "the metadata has a placeholder, so it is shared by many tenants",
        IssuerDifference::Spelling => "they are spelt differently",
    }
}

/// The faults of a document that could be read, without those of its issuer, which are reported already.
fn metadata(report: &mut Report, diagnosis: &Diagnosis, problem: &DiscoveryError) {
    let mend = match problem {
        DiscoveryError::Http(_) | DiscoveryError::Document(_) => return,
        DiscoveryError::Issuer(_) if diagnosis.named_issuer().is_some() => return,
        DiscoveryError::Issuer(_) => {
            "check that BFF_ISSUER is an OpenID Provider: its metadata names no issuer".to_owned()
        }
        DiscoveryError::CodeChallengeMethod => {
            "if the provider supports PKCE with S256 all the same, set BFF_PKCE_UNADVERTISED=on".to_owned()
        }
        DiscoveryError::IdTokenAlgorithm => {
            let listed = diagnosis.listed("id_token_signing_alg_values_supported");
            let listed = quoted(&listed.unwrap_or_default().join(" "));
            format!("have the provider sign ID Tokens with RS256, PS256 or ES256; it lists: {listed}")
        }
        _ => "have it changed at the provider, or use a client or a provider that fits".to_owned(),
    };
    report.wrong("metadata", problem.to_string(), mend);
}

fn clock(report: &mut Report, diagnosis: &Diagnosis) {
    let Some(offset) = diagnosis.clock_offset else {
        if !diagnosis.document.is_empty() {
            report.untold("clock", "the provider's answer has no Date");
        }
        return;
    };
    let leeway = diagnosis.registration.leeway;
    let away = offset.unsigned_abs();
    let side = if offset.is_negative() { "behind" } else { "ahead of" };
    let found = format!(
        "the provider's is {} {side} ours, to a second or so; BFF_CLOCK_LEEWAY is {}",
        humantime::format_duration(std::time::Duration::from_secs(away.as_secs())),
        humantime::format_duration(leeway)
    );
    let mend = "set the clock of the machine that is wrong (NTP), this one or the provider's";
    if away > leeway {
        report.wrong("clock", found, mend);
    } else if away > leeway / 2 && away.as_secs() > 2 {
        report.warning("clock", found, mend);
    } else {
        report.ok("clock", found);
    }
}

fn keys(report: &mut Report, keys: &Result<KeySetSummary, KeysError>, metadata: &ProviderMetadata) {
    let mend = "check what the provider publishes at its jwks_uri, and BFF_ID_TOKEN_ALGORITHMS";
    let summary = match keys {
        Ok(summary) => summary,
        Err(error) => return report.wrong("keys", format!("{error}: {}", cause(error)), mend),
    };
    let fitting: Vec<String> = summary
        .fitting
        .iter()
        .map(|(algorithm, count)| format!("{count} for {}", algorithm.name()))
        .collect();
    let found = format!(
        "{} published, {} usable: {}",
        summary.published,
        summary.usable,
        fitting.join(", ")
    );
    if summary.unreadable > 0 {
        let found = format!(
            "{} cannot be read; a token by such a key is not accepted",
            summary.unreadable
        );
        report.warning(
            "keys",
            found,
            "have the provider publish its keys as RFC 7518 §6 has them",
        );
    }
    let fits_nothing = summary.fitting.iter().all(|(_, count)| *count == 0);
    if summary.refused.is_empty() {
        return if fits_nothing {
            report.wrong("keys", found, mend);
        } else {
            report.ok("keys", found);
        };
    }
    let names = |algorithms: &[IdTokenAlgorithm]| algorithms.iter().map(|one| one.name()).collect::<Vec<_>>().join(" ");
    let refused = names(&summary.refused);
    let found =
        format!("{found}; a key for {refused}, which is not accepted: an ID Token by it ends in id_token_algorithm");
    let accepted = names(&metadata.id_token_algorithms);
    if fits_nothing {
        let mend =
            format!("if the provider signs with such a key, take its algorithm: BFF_ID_TOKEN_ALGORITHMS={refused}");
        report.wrong("keys", found, mend);
    } else {
        let mend = format!(
            "if the provider signs with that key for this client, add its algorithm: \
             BFF_ID_TOKEN_ALGORITHMS={accepted} {refused}"
        );
        report.warning("keys", found, mend);
    }
}
