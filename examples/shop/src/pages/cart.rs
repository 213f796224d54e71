//! The page of the cart. Changes need no page load if scripts run. Without scripts, plain forms change the cart.

use super::Unanswered;
use crate::cart::{ChangeCart, Line, PlaceOrder, cart, total};
use crate::goods::price;
use crate::history::{Purchase, bought_elsewhere};
use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{A, ActionForm, WhileSignedIn};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page.
pub(crate) struct CartRoute;

#[lazy_route]
impl LazyRoute for CartRoute {
    fn data() -> Self {
        Self
    }

    fn view(CartRoute: Self) -> AnyView {
        view! { <CartPage /> }.into_any()
    }
}

/// The page of the cart.
#[component]
fn CartPage() -> impl IntoView {
    let change = ServerAction::<ChangeCart>::new();
    let order = ServerAction::<PlaceOrder>::new();
    let lines = Resource::new(move || change.version().get(), |_| cart());
    let purchases = OnceResource::new(bought_elsewhere());
    let failed = move || {
        let problem = change.value().get().and_then(Result::err);
        let problem = problem.or_else(|| order.value().get().and_then(Result::err));
        problem.map(|problem: Problem| view! { <Unanswered problem /> })
    };
    view! {
        <Title text="Your cart" />
        <WhileSignedIn>
            <h1 tabindex="-1">"Your cart"</h1>
            <div role="status">{failed}</div>
            <Transition fallback=|| "One moment…">
                {move || Suspend::new(async move {
                    match lines.await {
                        Ok(lines) if lines.is_empty() => view! {
                            <p>
                                "Nothing yet. "
                                <A href="/">"To the shelf"</A>
                            </p>
                        }
                        .into_any(),
                        Ok(lines) => view! { <Lines lines change order /> }.into_any(),
                        Err(problem) => view! { <Unanswered problem /> }.into_any(),
                    }
                })}
            </Transition>
            <Elsewhere purchases />
        </WhileSignedIn>
    }
}

/// The purchases at the other service. If that service fails, the cart still works.
#[component]
fn Elsewhere(
    /// The answer of the service.
    purchases: OnceResource<Result<Vec<Purchase>, Problem>>,
) -> impl IntoView {
    let row = |Purchase { number, state }: Purchase| view! { <li>{number} ": " {state}</li> };
    view! {
        <h2>"Bought elsewhere"</h2>
        <Suspense fallback=|| "One moment…">
            {move || Suspend::new(async move {
                match purchases.await {
                    Ok(purchases) => {
                        view! { <ul class="elsewhere">{purchases.into_iter().map(row).collect_view()}</ul> }.into_any()
                    }
                    Err(problem) => view! { <Unanswered problem /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Lines(
    /// The lines of the cart.
    lines: Vec<Line>,
    /// Puts one of a good into the cart, or takes one out.
    change: ServerAction<ChangeCart>,
    /// Orders the whole cart.
    order: ServerAction<PlaceOrder>,
) -> impl IntoView {
    let sum = price(total(&lines));
    let rows = lines.into_iter().map(|line| {
        view! {
            <tr>
                <td>{line.name}</td>
                <td class="count">
                    <By change good=line.good.clone() by=-1 label="One less" sign="−" />
                    <output>{line.count}</output>
                    <By change good=line.good by=1 label="One more" sign="+" />
                </td>
                <td class="price">{price(line.count * line.cents)}</td>
            </tr>
        }
    });
    view! {
        <table>
            <tbody>{rows.collect_view()}</tbody>
            <tfoot>
                <tr>
                    <th colspan="2">"Total"</th>
                    <td class="price">{sum}</td>
                </tr>
            </tfoot>
        </table>
        <ActionForm action=order>
            <button>"Order"</button>
        </ActionForm>
    }
}

#[component]
fn By(
    /// Changes the cart.
    change: ServerAction<ChangeCart>,
    /// The id of the good whose number changes.
    good: String,
    /// The change of the number.
    by: i64,
    /// The label for screen readers.
    label: &'static str,
    /// The text of the button.
    sign: &'static str,
) -> impl IntoView {
    view! {
        <ActionForm action=change>
            <input type="hidden" name="good" value=good />
            <input type="hidden" name="by" value=by.to_string() />
            <button aria-label=label>{sign}</button>
        </ActionForm>
    }
}
