//! The server.

use axum::Router;
use axum_bff::{ApplicationError, Bff, Builder};
use leptos::config::get_configuration;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::server::{pages, provide_request};
use my_app::app::{App, TABLE, shell};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    axum_bff::run(application).await
}

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    let options = get_configuration(None)?.leptos_options;
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let problem = render_app_async_with_context(provide_request, document.clone());
    let bff = builder
        .access(TABLE)
        .problem_page(problem)
        .works_below_a_path()
        .build()
        .await?;
    let router = Router::new()
        .leptos_routes_with_context(&options, pages(App), provide_request, document)
        .with_state(options);
    Ok((bff, router))
}

#[cfg(test)]
mod tests;
