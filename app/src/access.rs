//! The access table of this application: the rules for its pages and server functions.

pub use bff_contract::access::*;
use bff_contract::paths::Paths;

/// The rules of this application's paths.
pub const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/sign-in-failed", Rule::Public),
    ("/admin", Rule::Role("admin")),
    ("/orders", Rule::Claim("email_verified", "true")),
    ("/notes/erase", Rule::Fresh(300)),
    ("/_fn/erase_notes", Rule::Fresh(300)),
]);

/// The pages that signing in and out leads to.
pub const PATHS: Paths = Paths {
    after_sign_in: "/profile",
    ..Paths::DEFAULT
};

/// The table of an application, ready to be asked. A server function of this crate asks for what [`TABLE`] says also in an
/// application whose own table is silent about it: it is linked in there too.
#[must_use]
pub fn access(table: Table) -> Access {
    let functions = TABLE.rules().filter(|(path, _)| path.starts_with("/_fn/"));
    table.access_with(functions)
}

#[cfg(test)]
mod tests {
    use super::{Rule, StepUp, TABLE, Table, access};
    use bff_contract::problem::Code;
    use serde_json::Value;

    #[test]
    fn every_code_is_opened_in_a_browser() {
        // The specifications in `end2end` open the page of each code that stands there.
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
        assert_eq!(access(TABLE).unusable(), []);
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
            assert_eq!(access(TABLE).rule(path), Rule::SignedIn, "{path:?}");
        }
    }

    #[test]
    fn a_table_that_is_silent_about_a_function_of_this_crate_does_not_open_it() {
        let silent = access(Table::new(&[("/", Rule::Public)]));
        assert_eq!(silent.rule("/_fn/erase_notes"), Rule::Fresh(300));
        assert_eq!(
            silent.rule("/notes/erase"),
            Rule::SignedIn,
            "a page of ours is none of theirs"
        );
        let outspoken = access(Table::new(&[("/_fn/erase_notes", Rule::Role("admin"))]));
        assert_eq!(outspoken.rule("/_fn/erase_notes"), Rule::Role("admin"));
    }

    #[test]
    fn authz_11_each_server_function_that_wants_a_step_up_has_a_page_that_gives_it() {
        let access = access(TABLE);
        for (path, rule) in TABLE.rules().filter(|(path, _)| path.starts_with("/_fn/")) {
            if rule.step_up() != StepUp::default() {
                assert!(
                    access.page_to_step_up_on(path, rule.step_up()).is_none(),
                    "{path} itself"
                );
                assert!(access.page_to_step_up_on("/", rule.step_up()).is_some(), "{path}");
            }
        }
    }
}
