//! A page for which a session is not enough: it needs the role `admin`.

use crate::components::Roles;
use leptos::prelude::*;
use leptos_bff::WhileSignedIn;
use leptos_bff::session::use_session;
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct AdminRoute;

#[lazy_route]
impl LazyRoute for AdminRoute {
    fn data() -> Self {
        Self
    }

    fn view(AdminRoute: Self) -> AnyView {
        view! { <AdminPage /> }.into_any()
    }
}

/// Shows the roles that opened it.
#[component]
fn AdminPage() -> impl IntoView {
    let session = use_session();
    let roles = move || session.with(|state| state.active().map_or_else(Vec::new, |session| session.roles.clone()));
    view! {
        <Title text="Admin" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Needs the role admin"</p>
                <h1 tabindex="-1">"Administration"</h1>
                <p class="lead">
                    "There is nothing to administer yet. This page shows how one page asks for more than \
                     a session: the access table names the role, and the server answers 403 to anybody \
                     without it, before a line of this page is rendered."
                </p>
            </div>
            <section class="card roles-card" aria-labelledby="roles">
                <h2 id="roles">"Your roles"</h2>
                {move || view! { <Roles roles=roles() /> }}
            </section>
        </WhileSignedIn>
    }
}
