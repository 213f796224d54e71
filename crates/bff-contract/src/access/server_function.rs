//! Server functions, named by their type.

/// A function of the server that has a type of its own, so that [`access!`](crate::access!) can name it and no path is
/// written twice.
///
/// With the feature `server-fn` every server function of Leptos is one. Others implement it themselves:
///
/// ```
/// use bff_contract::access;
/// use bff_contract::access::{Rule, ServerFunction, Table};
///
/// struct EraseNotes;
///
/// impl ServerFunction for EraseNotes {
///     const PATH: &'static str = "/_fn/erase_notes";
/// }
///
/// const TABLE: Table = access! { function EraseNotes => Fresh(300) };
/// assert_eq!(TABLE.access().rule("/_fn/erase_notes"), Rule::Fresh(300));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no server function",
    label = "an access table names a server function by its type",
    note = "`#[server] async fn list_products()` makes the type `ListProducts`"
)]
pub trait ServerFunction {
    /// The path that it is called at.
    const PATH: &'static str;
}

#[cfg(feature = "server-fn")]
impl<F: server_fn::ServerFn> ServerFunction for F {
    const PATH: &'static str = F::PATH;
}
