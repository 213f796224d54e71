//! The page itself, as Markdown.

use super::Shown;
use super::names::NamedTest;
use super::requirements::{Entry, Requirements};
use std::fmt::Write as _;

const HEAD: &str = "\
# Conformance

Written by `cargo xtask test` from [conformance.toml](conformance.toml), from the tests that name a row, and from how
they went. The command fails when a row has neither test nor reason, when a test that stands for a row does not pass,
and when this page is stale.

Levels: M = the source says MUST, S = SHOULD, O = an optional feature, P = our policy, stricter than the source or where
it is silent, D = derived from a known failure. Rows of tier 2 (optional features, hardening, operations) carry a ².

Sources: Core, Disc, RIL, FCL, BCL = OpenID Connect Core, Discovery, RP-Initiated, Front-Channel and Back-Channel Logout
1.0; BBA = OAuth 2.0 for Browser-Based Apps; four digits = an RFC; 6265bis and LC = the drafts of cookies and layered
cookies; ASVS = OWASP ASVS 5.0; CSP3, FM = Content Security Policy 3, Fetch Metadata; OIDF = modules of the OpenID
Foundation's conformance suite; mao, duende, panva, o2p = behaviour known from mod_auth_openidc, Duende BFF, oauth4webapi
and oauth2-proxy.
";

const SECTIONS: [(&str, &str); 14] = [
    ("DISC", "Discovery, metadata, keys"),
    ("AUTHZ", "Authorization request"),
    ("CB", "Callback"),
    ("TOK", "Token endpoint"),
    ("IDT", "ID Token"),
    ("UI", "UserInfo"),
    ("RT", "Refresh"),
    ("LO", "Logout"),
    ("SES", "Session and cookie"),
    ("CSRF", "Requests from elsewhere"),
    ("RED", "Redirects"),
    ("PRX", "Relay"),
    ("HDR", "Response headers"),
    ("SEC", "Secrets, configuration, operations"),
];

pub(super) fn write(requirements: &Requirements, shown: &Shown<'_>) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a String cannot fail.
    let _ = writeln!(page, "\n{}\n", counts(requirements));
    for (section, title) in SECTIONS {
        let _ = writeln!(
            page,
            "## {section}: {title}\n\n| Row | Requirement | Shown by |\n|---|---|---|"
        );
        let prefix = format!("{section}-");
        for row in requirements
            .requirements
            .iter()
            .filter(|row| row.id.starts_with(&prefix))
        {
            let tier = if row.tier == 2 { " ²" } else { "" };
            let note = row.note.as_ref().map_or_else(String::new, |note| format!(" *{note}*"));
            let answer = answer(Entry::Requirement(row), shown);
            let (id, level) = (&row.id, &row.level);
            let requirement = format!("{} ({}){note}", row.says, row.source);
            let _ = writeln!(page, "| {id} {level}{tier} | {} | {answer} |", cell(&requirement));
        }
        page.push('\n');
    }
    page.push_str(
        "## Modules of the OpenID Foundation's suite\n\nThe suite itself was not run; each test does what the module's code \
         does.\n\n| Module | Plan | Expected | Shown by |\n|---|---|---|---|\n",
    );
    for module in &requirements.modules {
        let answer = answer(Entry::Module(module), shown);
        let (name, plan, expects) = (&module.name, cell(&module.plan), cell(&module.expects));
        let _ = writeln!(page, "| `{name}` | {plan} | {expects} | {answer} |");
    }
    page
}

fn counts(requirements: &Requirements) -> String {
    let count = |unmet: bool, modules: bool| {
        requirements
            .entries()
            .filter(|entry| matches!(entry, Entry::Module(_)) == modules && entry.reason().is_some() == unmet)
            .count()
    };
    format!(
        "Of {} requirements {} are met and {} stand with a reason; of {} modules {} pass and {} stand with a reason.",
        requirements.requirements.len(),
        count(false, false),
        count(true, false),
        requirements.modules.len(),
        count(false, true),
        count(true, true),
    )
}

fn answer(entry: Entry<'_>, shown: &Shown<'_>) -> String {
    if let Some(reason) = entry.reason() {
        return format!("**not met**: {}", cell(reason));
    }
    let tests = shown[&entry.key()].iter().map(|test| link(test));
    format!("passed: {}", tests.collect::<Vec<_>>().join(", "))
}

/// The test's own name, without its modules, leading to its file.
fn link(test: &NamedTest) -> String {
    let own = test.name.rsplit("::").next().unwrap_or(&test.name);
    format!("[{}](../{})", cell(own), test.file.display())
}

/// A text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn a_row_says_what_shows_it_or_why_nothing_does() {
        let requirements = Requirements::read(
            "[[requirement]]\nid = \"IDT-01\"\nlevel = \"M\"\ntier = 2\nsays = \"A | B.\"\nsource = \"Core\"\n\
             [[requirement]]\nid = \"IDT-02\"\nlevel = \"O\"\ntier = 1\nsays = \"C.\"\nsource = \"Disc\"\nreason = \"Not built.\"\n",
        )
        .expect("well-formed");
        let test = NamedTest {
            name: "id_token::one".to_owned(),
            file: PathBuf::from("server/src/id_token.rs"),
            shows: ["IDT-01".to_owned()].into(),
        };
        let page = write(
            &requirements,
            &[("IDT-01".to_owned(), vec![&test]), ("IDT-02".to_owned(), Vec::new())].into(),
        );
        assert!(
            page.contains("| IDT-01 M ² | A \\| B. (Core) | passed: [one](../server/src/id_token.rs) |"),
            "{page}"
        );
        assert!(
            page.contains("| IDT-02 O | C. (Disc) | **not met**: Not built. |"),
            "{page}"
        );
        assert!(
            page.contains("Of 2 requirements 1 are met and 1 stand with a reason"),
            "{page}"
        );
    }
}
