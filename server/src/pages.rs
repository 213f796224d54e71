//! Renders the pages, and provides the context that the `app` crate needs.

use crate::notes::{Notes, NotesOfPerson};
use app::App;
use app::access::TABLE;
use app::server_functions::Notebook;
use axum::Router;
use axum::http::request::Parts;
use axum_bff::{ApplicationError, Bff, Builder, Session};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::server::{assets, pages, provide_request};
use leptos_bff::{Words, shell};
use serde::de::IgnoredAny;
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
    let bff = builder
        .access(TABLE)
        .problem_page(problem)
        .works_below_a_path()
        .build()
        .await?;
    let notes = Notes::beside_sessions_of(&bff);
    let provide = move || {
        provide_request();
        provide_notebook(&notes);
    };
    let options = LeptosOptions::builder().output_name("frontend").build();
    let router = Router::new()
        .leptos_routes_with_context(&options, pages(App), provide, document)
        .with_state(options);
    Ok((bff, router))
}

/// The operations that the server functions of the notes need.
fn provide_notebook(notes: &Notes) {
    let session = use_context::<Parts>().and_then(|parts| Session::<IgnoredAny>::of(&parts).ok());
    if let Some(session) = session {
        let person = session.identity().clone();
        let notes = notes.clone();
        provide_context::<Arc<dyn Notebook>>(Arc::new(NotesOfPerson { person, notes }));
    }
}
