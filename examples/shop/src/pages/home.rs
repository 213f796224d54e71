//! The home page, which shows all goods.

use super::Unanswered;
use crate::cart::ChangeCart;
use crate::goods::{Good, goods, price};
use leptos::prelude::*;
use leptos_bff::session::use_session;
use leptos_bff::{A, ActionForm, SignInLink};
use leptos_meta::Title;

/// The page with all goods. A signed-in person can put them into the cart.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let goods = OnceResource::new(goods());
    let put = ServerAction::<ChangeCart>::new();
    let outcome = move || {
        put.value().get().map(|answer| match answer {
            Ok(()) => view! {
                "It is in your "
                <A href="/cart">"cart"</A>
                "."
            }
            .into_any(),
            Err(problem) => view! { <Unanswered problem /> }.into_any(),
        })
    };
    view! {
        <Title text="Bells" />
        <h1 tabindex="-1">"Bells for every occasion"</h1>
        <p role="status">{outcome}</p>
        <Suspense fallback=|| "One moment…">
            {move || Suspend::new(async move {
                match goods.await {
                    Ok(goods) => view! {
                        <ul class="shelf">
                            {goods.into_iter().map(|good| view! { <OnTheShelf good put /> }).collect_view()}
                        </ul>
                    }
                    .into_any(),
                    Err(problem) => view! { <Unanswered problem /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn OnTheShelf(
    /// The good.
    good: Good,
    /// Puts it into the cart.
    put: ServerAction<ChangeCart>,
) -> impl IntoView {
    let session = use_session();
    let is_in = Memo::new(move |_| session.with(|state| state.active().is_some()));
    let id = StoredValue::new(good.id);
    view! {
        <li>
            <span>{good.name}</span>
            <span class="price">{price(good.cents)}</span>
            <Show
                when=move || is_in.get()
                fallback=|| view! { <SignInLink to="/" class="quiet">"Sign in to buy"</SignInLink> }
            >
                <ActionForm action=put>
                    <input type="hidden" name="good" value=id.get_value() />
                    <input type="hidden" name="by" value="1" />
                    <button>"Add to cart"</button>
                </ActionForm>
            </Show>
        </li>
    }
}
