//! The orders as a table.

use super::answers::Order;
use crate::calendar::date_in_words;
use leptos::prelude::*;
use leptos_bff::erased::erased;

/// One row each.
pub(super) fn table(orders: Vec<Order>) -> AnyView {
    let nothing = orders.is_empty();
    let rows = orders.into_iter().map(row).collect_view();
    erased(view! {
        <section class="card" aria-labelledby="orders">
            <h2 id="orders">"Orders"</h2>
            <p hidden=!nothing>"The API knows of no orders of yours."</p>
            // A narrow screen shows each row as a block, which takes the table's meaning from it in
            // some browsers; the roles give it back.
            <table class="orders" role="table" aria-labelledby="orders" hidden=nothing>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">
                            "Order"
                        </th>
                        <th scope="col" role="columnheader">
                            "Placed"
                        </th>
                        <th scope="col" role="columnheader">
                            "State"
                        </th>
                        <th scope="col" role="columnheader">
                            "Total"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </section>
    })
}

/// One order. What comes from the API is text and nothing else, in whatever direction it runs.
fn row(order: Order) -> AnyView {
    erased(view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <code>{order.number}</code>
                <bdi class="order-items">{order.items.join("\n")}</bdi>
            </th>
            <td role="cell"><bdi>{date_in_words(&order.placed)}</bdi></td>
            <td role="cell">{order.state}</td>
            <td role="cell"><bdi>{order.total}</bdi></td>
        </tr>
    })
}
