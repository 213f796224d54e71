//! The application that this server signs people in for: its pages, and who may open them.

mod pattern;
mod route_list;
mod rules;

pub use route_list::{ListedRoute, RouteKind};
pub use rules::{UselessRule, WhyUseless};

use app::assets::Assets;
use axum::Router;
use bff_contract::access::{Access, Table};
use leptos::prelude::{AnyView, IntoAny, IntoView};
use leptos_axum::AxumRouteListing;
use std::sync::Arc;

/// What a program gives to [`run`](crate::run): all that differs from one application to another.
/// Clones share everything.
#[derive(Clone)]
pub struct Application {
    root: Arc<dyn Fn() -> AnyView + Send + Sync>,
    shell: Arc<dyn Fn(Assets, AnyView) -> AnyView + Send + Sync>,
    access: Access,
    routes: Router,
}

impl std::fmt::Debug for Application {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Application")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl Application {
    /// An application with this root component and this access table, in the document of
    /// [`app::shell()`]. The root component begins with [`app::provide_bff`] and the same table.
    ///
    /// After a sign-out the server leads browsers to `/signed-out`, a page that the application has
    /// and the table opens to anybody.
    #[must_use]
    pub fn new<V: IntoView + 'static>(root: fn() -> V, table: Table) -> Self {
        Self {
            root: Arc::new(move || root().into_any()),
            shell: Arc::new(|assets, root| app::shell(assets, root).into_any()),
            access: table.access(),
            routes: Router::new(),
        }
    }

    /// The same in another document: `shell` is given where the front end's files are, and the root
    /// component for its body.
    #[must_use]
    pub fn with_shell<V: IntoView + 'static>(mut self, shell: fn(Assets, AnyView) -> V) -> Self {
        self.shell = Arc::new(move |assets, root| shell(assets, root).into_any());
        self
    }

    /// The same with routes of its own beside its pages. They are guarded by the access table as
    /// pages are, default deny included; a handler finds the session's state as
    /// `Extension<Arc<SessionState>>`.
    #[must_use]
    pub fn with_routes(mut self, routes: Router) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// Who may open what.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The paths of all pages, as the root component's router lists them.
    #[must_use]
    pub fn pages(&self) -> Vec<AxumRouteListing> {
        let root = self.root.clone();
        leptos_axum::generate_route_list(move || root())
    }

    /// The whole document of a page.
    pub(crate) fn document(&self, assets: &Assets) -> AnyView {
        (self.shell)(assets.clone(), (self.root)())
    }

    pub(crate) fn routes(&self) -> Router {
        self.routes.clone()
    }
}
