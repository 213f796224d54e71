//! The pages of one order, of a person's orders, and of all orders.

use super::Unanswered;
use crate::cart::total;
use crate::goods::price;
use crate::orders::{Order, all_orders, my_order, my_orders};
use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{A, ProblemPage, WhileSignedIn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page of one order.
pub(crate) struct OrderRoute;

#[lazy_route]
impl LazyRoute for OrderRoute {
    fn data() -> Self {
        Self
    }

    fn view(OrderRoute: Self) -> AnyView {
        view! { <OrderPage /> }.into_any()
    }
}

/// The page of one order. The access table lets nobody else open it, and `my_order` checks the person again.
#[component]
fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = move || {
        params
            .read()
            .get("id")
            .and_then(|id| id.parse().ok())
            .unwrap_or_default()
    };
    let found = Resource::new(id, my_order);
    view! {
        <Title text="Your order" />
        <WhileSignedIn>
            <Suspense fallback=|| "One moment…">
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(order) => view! {
                            <h1 tabindex="-1">"Order " {order.id}</h1>
                            <Lines order />
                        }
                        .into_any(),
                        Err(problem) => view! { <ProblemPage problem /> }.into_any(),
                    }
                })}
            </Suspense>
        </WhileSignedIn>
    }
}

#[component]
fn Lines(
    /// The order whose lines are shown.
    order: Order,
) -> impl IntoView {
    let sum = price(total(&order.lines));
    let rows = order.lines.into_iter().map(|line| {
        view! {
            <tr>
                <td>{line.count} " × " {line.name}</td>
                <td class="price">{price(line.count * line.cents)}</td>
            </tr>
        }
    });
    view! {
        <p>"Placed at " <time>{order.placed_at}</time> " UTC."</p>
        <table>
            <tbody>{rows.collect_view()}</tbody>
            <tfoot>
                <tr>
                    <th>"Total"</th>
                    <td class="price">{sum}</td>
                </tr>
            </tfoot>
        </table>
    }
}

/// The route of the page with the person's orders.
pub(crate) struct OrdersRoute;

#[lazy_route]
impl LazyRoute for OrdersRoute {
    fn data() -> Self {
        Self
    }

    fn view(OrdersRoute: Self) -> AnyView {
        view! { <OrdersPage /> }.into_any()
    }
}

/// The page with the person's orders.
#[component]
fn OrdersPage() -> impl IntoView {
    let orders = OnceResource::new(my_orders());
    view! {
        <Title text="Your orders" />
        <WhileSignedIn>
            <h1 tabindex="-1">"Your orders"</h1>
            <List orders has_links=true />
        </WhileSignedIn>
    }
}

/// The route of the page with all orders.
pub(crate) struct StaffRoute;

#[lazy_route]
impl LazyRoute for StaffRoute {
    fn data() -> Self {
        Self
    }

    fn view(StaffRoute: Self) -> AnyView {
        view! { <StaffPage /> }.into_any()
    }
}

/// The page with all orders, for the staff.
#[component]
fn StaffPage() -> impl IntoView {
    let orders = OnceResource::new(all_orders());
    view! {
        <Title text="All orders" />
        <WhileSignedIn>
            <h1 tabindex="-1">"All orders"</h1>
            <List orders has_links=false />
        </WhileSignedIn>
    }
}

#[component]
fn List(
    /// The orders to show.
    orders: OnceResource<Result<Vec<Order>, Problem>>,
    /// Whether each order links to its page. Only the person who ordered may open that page.
    has_links: bool,
) -> impl IntoView {
    let row = move |order: Order| {
        let label = format!("Order {}, {}", order.id, order.placed_at);
        let label = if has_links {
            view! { <A href=format!("/orders/{}", order.id)>{label}</A> }.into_any()
        } else {
            label.into_any()
        };
        view! {
            <li>
                <span>{label}</span>
                <span class="price">{price(total(&order.lines))}</span>
            </li>
        }
    };
    view! {
        <Suspense fallback=|| "One moment…">
            {move || Suspend::new(async move {
                match orders.await {
                    Ok(orders) if orders.is_empty() => view! { <p>"None yet."</p> }.into_any(),
                    Ok(orders) => {
                        view! { <ul class="shelf">{orders.into_iter().map(row).collect_view()}</ul> }.into_any()
                    }
                    Err(problem) => view! { <Unanswered problem /> }.into_any(),
                }
            })}
        </Suspense>
    }
}
