//! The access table of this application: the rules for its pages and server functions.

use crate::server_functions::{EndAnySession, EndSessionsOf, EraseNotes, ListAllSessions};
use bff_contract::access;
pub use bff_contract::access::*;
use bff_contract::paths::Paths;

/// People with the role who have just authenticated see and end the sessions of everybody.
const ADMINISTRATION: Rule = Rule::All(&[Rule::Role("admin"), Rule::Fresh(300)]);

/// The rules of this application's paths.
pub const TABLE: Table = access! {
    "/" | "/signed-out" => Public,
    "/admin" => Role("admin"),
    "/orders" => Claim("email_verified", "true"),
    "/notes/erase" => Fresh(300),
    function EraseNotes => Fresh(300),
    "/admin/sessions" => ADMINISTRATION,
    function ListAllSessions | EndAnySession | EndSessionsOf => ADMINISTRATION,
};

/// The pages that signing in and out leads to.
pub const PATHS: Paths = Paths {
    after_sign_in: "/profile",
    ..Paths::DEFAULT
};

#[cfg(test)]
mod tests {
    use super::{Rule, StepUp, TABLE};
    use bff_contract::problem::Code;
    use serde_json::Value;

    #[test]
    fn every_code_is_opened_in_a_browser() {
        // The browser tests in `end2end` open the page of each code that this file lists.
        let list: Value = serde_json::from_str(include_str!("../../end2end/fixtures/problems.json")).expect("JSON");
        let members = list.as_object().expect("an object").values();
        let mut opened: Vec<&str> = members
            .flat_map(|codes| codes.as_object().expect("an object").keys().map(String::as_str))
            .collect();
        opened.sort_unstable();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(opened, codes);
    }

    #[test]
    fn every_line_of_the_table_is_usable() {
        assert_eq!(TABLE.access().unusable(), []);
    }

    #[test]
    fn a_path_that_the_table_does_not_list_needs_a_session() {
        for path in [
            "/profile",
            "/_fn/reread_claims",
            "/no-such-page",
            "//",
            "/signed-out/",
            "/Signed-Out",
            "",
        ] {
            assert_eq!(TABLE.access().rule(path), Rule::SignedIn, "{path:?}");
        }
    }

    /// AUTHZ-11
    #[test]
    fn each_server_function_that_wants_a_step_up_has_a_page_that_gives_it() {
        let access = TABLE.access();
        for (path, rule) in TABLE.rules().filter(|(path, _)| path.starts_with("/_fn/")) {
            if rule.step_up() != StepUp::default() {
                assert!(
                    access.page_to_step_up_on(path, rule.step_up()).is_none(),
                    "{path} asks for the step-up itself"
                );
                assert!(access.page_to_step_up_on("/", rule.step_up()).is_some(), "{path}");
            }
        }
    }
}
