//! Whether the rules of the access table reach something, which APIs have none, and whether those that code calls are there.

use super::report::{Report, quoted};
use crate::bff::Bff;
use crate::claims::{CLAIM_LIMIT, ClaimsPolicy, ROLES_LIMIT};
use crate::config::Config;
use crate::relay::{ApiToken, CallError};
use crate::routes::RouteList;
use bff_contract::access::{Access, Rule};

pub(super) fn check(report: &mut Report, config: &Config, access: &Access, routes: &RouteList) {
    let apis = &config.apis;
    report.section("The access table");
    let names: Vec<&str> = apis.iter().map(|api| api.name.as_str()).collect();
    let useless = routes.useless_rules(access, &names);
    let count = access.table().rules().count();
    if useless.is_empty() {
        report.ok("access table", format!("each of its {count} rules reaches something"));
    }
    for rule in useless {
        let mend = format!(
            "mend the rule for {:?} in the access table: the server does not start with it",
            rule.path
        );
        report.wrong("access table", rule.to_string(), mend);
    }
    roles(report, &config.claims.clone().with_rules_of(access.table()));
    for api in apis {
        let called_with = match api.token {
            // The API knows the person, and can decide by itself.
            ApiToken::Person => continue,
            ApiToken::Client => "with this client's own token",
            ApiToken::None => "without a token",
        };
        if access.api_rule(&api.name) == Rule::SignedIn {
            report.warning(
                &format!("API {}", api.name),
                format!("every signed-in person may call it {called_with}, which tells the API nothing of the person"),
                format!(
                    "write `api \"{}\" => ...` into the access table: a role, or Nobody if only code calls it",
                    api.name
                ),
            );
        }
    }
}

/// Who may administer sessions over HTTP.
pub(super) fn administration(report: &mut Report, rule: Option<Rule>) {
    match rule {
        None => report.note(
            "administration",
            "over HTTP it is off; `bff sessions` lists and ends sessions",
        ),
        Some(rule @ (Rule::Public | Rule::SignedIn)) => report.warning(
            "administration",
            format!("{rule}: every signed-in person may see and end the sessions of everybody"),
            "give Builder::administration a role",
        ),
        Some(rule) => report.ok(
            "administration",
            format!("over HTTP: {rule}, authenticated at most 5 minutes ago"),
        ),
    }
}

/// Whether the routes of the application fit those of the library.
pub(super) fn routes(report: &mut Report, application: &Bff, routes: &RouteList) {
    for wrong in routes.wrong_routes(&application.access, application.paths) {
        report.wrong(
            "routes",
            wrong.to_string(),
            "mend the routes: the server does not start with them",
        );
    }
}

/// Whether the settings name each API that the code calls.
pub(super) fn calls(report: &mut Report, config: &Config, called: &[&str]) {
    let known = || config.apis.iter().map(|api| api.name.as_str());
    for name in called.iter().filter(|name| !known().any(|known| known == **name)) {
        let lacking = CallError::unknown(name, known());
        let mend = "set the variable in the parentheses: the server does not start without it";
        report.wrong(
            &format!("API {name}"),
            format!("the code calls it, and {lacking}"),
            mend,
        );
    }
}

/// Whether claims are left out shows only when a person signs in; the bounds are known before.
fn roles(report: &mut Report, policy: &ClaimsPolicy) {
    let unseen = policy.unseen();
    if !unseen.is_empty() {
        let names = unseen.join(" ");
        let found = format!("rules name {names}, which BFF_CLAIMS lacks, so that they never count");
        let mend = format!("add {names} to BFF_CLAIMS: the server does not start without that");
        report.wrong("access table", found, mend);
    }
    let places = policy.roles.join(" ");
    let ruled = policy.ruled_roles();
    let always = if ruled.is_empty() {
        "no rule names a role".to_owned()
    } else {
        format!("always those that rules name: {}", ruled.join(" "))
    };
    report.ok(
        "roles",
        format!(
            "read from {}; {ROLES_LIMIT} of a person are kept, and {always}",
            quoted(&places)
        ),
    );
    report.ok(
        "claims",
        format!(
            "those longer than {CLAIM_LIMIT} bytes are left out; the log (claims_left_out) and the profile page name \
             them"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{Report, administration, calls};
    use crate::config::Config;
    use bff_contract::access::Rule;

    #[test]
    fn who_administers_over_http_is_said_and_everybody_is_warned_of() {
        for (rule, says) in [
            (None, "-        administration         over HTTP it is off"),
            (
                Some(Rule::Role("operator")),
                "ok       administration         over HTTP: role operator",
            ),
            (
                Some(Rule::SignedIn),
                "warning  administration         signed in: every signed-in person",
            ),
        ] {
            let mut report = Report::default();
            administration(&mut report, rule);
            let printed = report.to_string();
            assert!(printed.contains(says), "{printed}");
        }
    }

    #[test]
    fn an_api_that_code_calls_and_the_settings_do_not_name_is_wrong() {
        for (settings, is_wrong) in [
            (&[][..], true),
            (&[("BFF_API_STOCK", "https://stock.example.com")], true),
            (&[("BFF_API_ORDERS", "https://orders.example.com")], false),
        ] {
            let config = Config::in_memory(settings).expect("settings");
            let mut report = Report::default();
            calls(&mut report, &config, &["orders"]);
            let printed = report.to_string();
            assert_eq!(report.sign_in_can_work(), !is_wrong, "{printed}");
            assert_eq!(printed.contains("BFF_API_ORDERS"), is_wrong, "{printed}");
        }
    }
}
