use crate::access;
use crate::access::{Rule, ServerFunction, Table};

const STAFF: Rule = Rule::Role("staff");

struct ListProducts;

impl ServerFunction for ListProducts {
    const PATH: &'static str = "/_fn/list_products";
}

/// A server function with the name of a rule. In a table, the name means the rule only to the right of the arrow.
struct Check;

impl ServerFunction for Check {
    const PATH: &'static str = "/_fn/check";
}

static WRITTEN: Table = access! {
    "/" | "/bye" => Public,
    "/admin/{*rest}" => Role("admin"),
    "/orders/{id}" => Any(&[STAFF, All(&[Check("owns_order"), Fresh(60)]), Not(&Role("guest"))]),
    api "stock" | "stock-levels" => Role("clerk"),
    function ListProducts | self::Check => Public,
    "/report" => STAFF
};

#[test]
fn a_table_is_written_as_lines_of_paths_apis_and_functions() {
    let lines: Vec<_> = WRITTEN.rules().map(|(path, rule)| format!("{path} {rule}")).collect();
    assert_eq!(
        lines,
        [
            "/ anybody",
            "/bye anybody",
            "/admin/{*rest} role admin",
            "/orders/{id} any of (role staff, all of (check owns_order, authenticated at most 60 s ago), not role guest)",
            "/api/stock role clerk",
            "/api/stock-levels role clerk",
            "/_fn/list_products anybody",
            "/_fn/check anybody",
            "/report role staff",
        ]
    );
    let access = WRITTEN.access();
    assert_eq!(access.unusable(), []);
    assert_eq!(
        (access.api_rule("stock-levels"), access.api_line("stock")),
        (Rule::Role("clerk"), Some("/api/stock"))
    );
}

#[test]
fn a_table_may_be_empty_and_longer_than_macros_go_deep() {
    const NOTHING: Table = access! {};
    // The compiler's default `recursion_limit` stops a macro that calls itself 128 times.
    macro_rules! ten_times {
        ($($rule:tt)*) => {
            access! {
                $($rule)* $($rule)* $($rule)* $($rule)* $($rule)*
                $($rule)* $($rule)* $($rule)* $($rule)* $($rule)*
            }
        };
    }
    const LONG: Table = ten_times! {
        "/a" | "/b" => Public, "/c" => STAFF, "/d" => STAFF, "/e" => STAFF, "/f" => STAFF, "/g" => STAFF, "/h" => STAFF,
        "/i" => STAFF, "/j" => STAFF, "/k" => STAFF, "/l" => STAFF, "/m" => STAFF, "/n" => STAFF, "/o" => STAFF,
    };
    assert_eq!(NOTHING.rules().count(), 0);
    assert_eq!(LONG.rules().count(), 150);
}
