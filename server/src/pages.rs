//! Renders the pages, and provides the context that the `app` crate needs.

use crate::notes::{Notes, NotesOfPerson};
use app::App;
use app::access::TABLE;
use app::server_functions::Notebook;
use axum::Router;
use axum::http::request::Parts;
use axum_bff::{ApplicationError, Bff, Builder, Session};
use leptos::config::LeptosOptions;
use leptos::html::meta;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::server::{assets, pages, provide_request};
use leptos_bff::{Words, href, shell};
use serde::de::IgnoredAny;
use std::sync::Arc;

/// The demonstration behind a backend-for-frontend, for [`axum_bff::run`].
///
/// # Errors
///
/// Where settings do not fit, or the list of the front end's files cannot be read.
pub async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let assets = assets(builder.site())?;
    let picture = format!("{}/card.png", builder.public_url());
    let document = move || {
        let head = introduction(&picture).into_any();
        shell(assets.clone(), Words::ENGLISH, head, view! { <App /> }.into_any())
    };
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

/// What a search engine and a link on another site show of the demonstration (Open Graph), and its icon on a home screen. The
/// address of the picture has to be whole.
fn introduction(picture: &str) -> impl IntoView + use<> {
    let shown = [
        ("og:type", "website"),
        ("og:title", "Sign-in for Leptos, with no tokens in the browser"),
        (
            "og:description",
            "The server keeps the tokens, the browser gets one opaque cookie. Try it: sign out in one tab, and watch the other.",
        ),
        ("og:image", picture),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        (
            "og:image:alt",
            "The home page: a gate with the tokens behind it, and the words: sign-in for Leptos, with no tokens in the browser",
        ),
    ];
    let shown = shown.map(|(name, content)| meta().attr("property", name.to_owned()).content(content.to_owned()));
    view! {
        <meta
            name="description"
            content="Sign-in with OpenID Connect for Leptos and axum applications. The server keeps the tokens, the browser gets one opaque cookie."
        />
        {shown.into_iter().collect_view()}
        <meta name="twitter:card" content="summary_large_image" />
        <link rel="apple-touch-icon" href=href("/touch-icon.png") />
    }
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
