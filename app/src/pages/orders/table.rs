//! The orders as a table.

use super::answers::Order;
use crate::calendar::date_in_words;
use crate::components::table_head;
use leptos::prelude::*;

/// One row each. The answer of the API is text and nothing else, from left to right or from right to left.
#[component]
pub(super) fn OrdersTable(
    /// The orders, as the API has them.
    orders: Vec<Order>,
) -> impl IntoView {
    let nothing = orders.is_empty();
    let rows = orders.into_iter().map(|order| {
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">
                    <code>{order.number.clone()}</code>
                    <bdi class="order-items">{order.items()}</bdi>
                </th>
                <td role="cell"><bdi>{date_in_words(&order.placed)}</bdi></td>
                <td role="cell">{order.state.clone()}</td>
                <td role="cell"><bdi>{order.total()}</bdi></td>
            </tr>
        }
    });
    view! {
        <section class="card" aria-labelledby="orders">
            <h2 id="orders">"Orders"</h2>
            <p hidden=!nothing>"The API knows of no orders of yours."</p>
            <table class="orders" role="table" aria-labelledby="orders" hidden=nothing>
                {table_head(["Order", "Placed", "State", "Total"])}
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}
