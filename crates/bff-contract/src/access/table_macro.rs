//! Tables as they are written.

/// Writes a [`Table`](crate::access::Table): the rules that decide which people may open a page, or call a server
/// function or an API.
///
/// ```
/// use bff_contract::access;
/// use bff_contract::access::{Rule, Table};
/// # use bff_contract::access::ServerFunction;
/// # struct ListProducts;
/// # impl ServerFunction for ListProducts { const PATH: &'static str = "/_fn/list_products"; }
///
/// const STAFF: Rule = Rule::Role("staff");
///
/// const TABLE: Table = access! {
///     "/" | "/bye" => Public,
///     "/admin/{*rest}" => All(&[Role("admin"), Fresh(300)]),
///     "/orders/{id}" => Any(&[STAFF, Check("owns_order")]),
///     api "stock" => STAFF,
///     function ListProducts => Public,
/// };
/// # let access = TABLE.access();
/// # assert_eq!(access.unusable(), []);
/// # assert_eq!((access.rule("/bye"), access.rule("/orders/7")), (Rule::Public, Rule::Any(&[STAFF, Rule::Check("owns_order")])));
/// # assert_eq!((access.api_rule("stock"), access.rule("/_fn/list_products")), (STAFF, Rule::Public));
/// ```
///
/// A line begins with its subject:
///
/// - paths, as axum writes them;
/// - `api` and the name of a relayed API, as it stands in `/api/<name>`: the API with all that is below it;
/// - `function` and the type of a server function ([`ServerFunction`](crate::access::ServerFunction)). Leptos names the type
///   of `async fn list_products` `ListProducts`.
///
/// Several of a kind stand beside each other with `|`. Behind `=>` stands a [`Rule`](crate::access::Rule), whose variants need no
/// `Rule::` here; a constant does as well.
///
/// The table is a constant of the server and of the browser. So a [`Check`](crate::access::Rule::Check) has a name: its function
/// exists on the server alone, with the application's state in it, and is given there under the same name.
#[macro_export]
macro_rules! access {
    (@rule $rule:expr) => {{
        use $crate::access::Rule::*;
        // The import is used also where a rule is a constant of the application's.
        const _: $crate::access::Rule = Public;
        $rule
    }};
    ($(
        $($path:literal)|*
        $(api $($api:literal)|+)?
        $(function $($function:path)|+)?
        => $rule:expr
    ),* $(,)?) => {{
        const LINES: &[(&str, $crate::access::Rule)] = &[$(
            $(($path, $crate::access!(@rule $rule)),)*
            $($((::core::concat!("/api/", $api), $crate::access!(@rule $rule)),)+)?
            $($((<$function as $crate::access::ServerFunction>::PATH, $crate::access!(@rule $rule)),)+)?
        )*];
        $crate::access::Table::new(LINES)
    }};
}
