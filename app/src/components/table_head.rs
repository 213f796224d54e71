//! The head of a table.

use leptos::prelude::*;

/// The names of the columns. A narrow screen shows each row as a block, which takes the table's meaning from it in some
/// browsers; the roles give it back.
pub(crate) fn table_head<const COLUMNS: usize>(names: [&'static str; COLUMNS]) -> impl IntoView {
    let columns = names.map(|name| {
        view! {
            <th scope="col" role="columnheader">
                {name}
            </th>
        }
    });
    view! {
        <thead role="rowgroup">
            <tr role="row">{columns}</tr>
        </thead>
    }
}
