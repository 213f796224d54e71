//! The public front page: a description, this session in three places, and a tour.

mod code;
mod hero;
mod places;
mod proof;
mod reach;
mod tour;

use crate::tour::use_tour;
use code::Code;
use hero::Hero;
use leptos::prelude::*;
use leptos_bff::once_hydrated;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use places::Places;
use proof::Proof;
use tour::Cards;

/// The route of the page. The browser loads the code when the page is opened, and no other page has its weight.
pub(crate) struct HomeRoute;

#[lazy_route]
impl LazyRoute for HomeRoute {
    fn data() -> Self {
        Self
    }

    fn view(HomeRoute: Self) -> AnyView {
        view! { <HomePage /> }.into_any()
    }
}

/// The page. It has one live region, for what was copied and for the steps of the tour.
#[component]
fn HomePage() -> impl IntoView {
    let (announcement, announce) = signal(String::new());
    let tour = use_tour();
    once_hydrated(move || {
        // Another tab has marked a step.
        let listening = window_event_listener(leptos::ev::storage, move |_| tour.look());
        on_cleanup(move || listening.remove());
    });
    view! {
        <Title text="Welcome" />
        <Hero announce />
        <Places />
        <Cards announce />
        <Code />
        <Proof />
        <p class="visually-hidden" role="status">
            {move || announcement.get()}
        </p>
    }
}
