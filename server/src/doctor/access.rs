//! Whether the rules of the access table reach something, and which APIs have none.

use super::report::Report;
use crate::application::Application;
use crate::config::{ApiSettings, ApiToken};
use app::access::Rule;

pub(super) fn check(report: &mut Report, apis: &[ApiSettings], application: &Application) {
    report.section("Who may do what");
    let names: Vec<&str> = apis.iter().map(|api| api.name.as_str()).collect();
    let useless = application.useless_rules(&names);
    let count = application.access().table().rules().count();
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
    for api in apis {
        let called_with = match api.token {
            // The API knows the person, and can decide by itself.
            ApiToken::Person => continue,
            ApiToken::Client => "with this client's own token",
            ApiToken::None => "without a token",
        };
        if application.access().api_rule(&api.name) == Rule::SignedIn {
            report.warning(
                &format!("API {}", api.name),
                format!("every signed-in person may call it {called_with}, which tells the API nothing of the person"),
                format!("give \"/api/{}\" a rule in the access table, such as a role", api.name),
            );
        }
    }
}
