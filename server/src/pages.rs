//! Renders the pages, and provides the context that the `app` crate needs.

use crate::notes::Notes;
use crate::profile::SignedIn;
use app::App;
use app::access::TABLE;
use app::server_functions::{CurrentSession, Notebook};
use axum::Router;
use axum::http::request::Parts;
use axum_bff::{ApplicationError, Bff, Builder, Session};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::server::{assets, pages, provide_request};
use leptos_bff::{Words, shell};
use std::sync::Arc;

/// The demonstration behind a backend-for-frontend, for [`axum_bff::run`].
///
/// # Errors
///
/// Where settings do not fit, or the list of the front end's files cannot be read.
pub async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let assets = assets(builder.site())?;
    let document = move || shell(assets.clone(), Words::ENGLISH, view! { <App /> }.into_any());
    let problem = render_app_async_with_context(provide_request, document.clone());
    let bff = builder.access(TABLE).problem_page(problem).build().await?;
    let notes = Notes::beside_sessions_of(&bff);
    let provide = move || {
        provide_request();
        provide_person(&notes);
    };
    let options = LeptosOptions::builder().output_name("frontend").build();
    let router = Router::new()
        .leptos_routes_with_context(&options, pages(App), provide, document)
        .with_state(options);
    Ok((bff, router))
}

/// Provides the context of server functions for the signed-in person.
fn provide_person(notes: &Notes) {
    let session = use_context::<Parts>().and_then(|parts| Session::of(&parts).ok());
    if let Some(session) = session {
        let person = Arc::new(SignedIn::new(session, notes.clone()));
        provide_context::<Arc<dyn Notebook>>(person.clone());
        provide_context::<Arc<dyn CurrentSession>>(person);
    }
}
