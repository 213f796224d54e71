//! A whole application in one file: pages, an access table and claims of its own, and tests with people signed in.

#![expect(
    clippy::unused_async,
    reason = "a server function is asynchronous, whether it waits or not"
)]

use axum::Router as Routes;
use axum::http::StatusCode;
use axum_bff::{ApplicationError, Bff, Builder};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, render_app_async_with_context};
use leptos_bff::access::Table;
use leptos_bff::assets::Assets;
use leptos_bff::problem::Problem;
use leptos_bff::server::{pages, provide_request};
use leptos_bff::session::use_claims;
use leptos_bff::{
    BffProvider, NotFoundPage, Router, SignInLink, SignOutButton, SignedInPage, WhileSignedIn, Words, access, shell,
};
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;
use serde::Deserialize;
use std::process::ExitCode;

/// A path that is not listed needs a session.
const TABLE: Table = access! {
    "/signed-out" => Public,
    "/staff" => Role("staff"),
    function Greeting => Public,
};

#[tokio::main]
async fn main() -> ExitCode {
    axum_bff::run(application).await
}

async fn application(builder: Builder) -> Result<(Bff, Routes), ApplicationError> {
    let document = || {
        shell(
            Assets::default(),
            Words::ENGLISH,
            ().into_any(),
            view! { <Root /> }.into_any(),
        )
    };
    let problem = render_app_async_with_context(provide_request, document);
    let bff = builder.access(TABLE).problem_page(problem).build().await?;
    let options = LeptosOptions::builder().output_name("own_application").build();
    let routes = Routes::new()
        .leptos_routes_with_context(&options, pages(Root), provide_request, document)
        .with_state(options);
    Ok((bff, routes))
}

#[component]
fn Root() -> impl IntoView {
    view! {
        <BffProvider table=TABLE>
            <Router>
                <main>
                    <FlatRoutes fallback=NotFoundPage>
                        <Route path=path!("/") view=Member />
                        <Route path=path!("/staff") view=Staff />
                        <Route path=path!("/signed-in") view=SignedInPage />
                        <Route path=path!("/signed-out") view=SignedOut />
                    </FlatRoutes>
                </main>
            </Router>
        </BffProvider>
    }
}

/// What this application wants to know of a person: the claims of its scopes, `BFF_SCOPES`, as far
/// as `BFF_CLAIMS` lets them through.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Profile {
    name: String,
    #[serde(default)]
    email_verified: bool,
}

/// Public by the table, and still for people who are signed in: the function asks by itself.
#[server(prefix = "/_fn", endpoint = "greeting")]
async fn greeting(to: String) -> Result<String, Problem> {
    let session = leptos_bff::server::session::<Profile>()?;
    if to.is_empty() {
        return Err(leptos_bff::server::refuse(StatusCode::NOT_FOUND));
    }
    Ok(format!("{} greets {to}", session.claims().name))
}

/// With the error type that Leptos has for functions that need no other.
#[server(prefix = "/_fn", endpoint = "measured")]
async fn measured(ells: u32) -> Result<u32, ServerFnError> {
    if ells == 0 {
        return Err(ServerFnError::new("an ell is a length"));
    }
    Ok(ells * 114)
}

#[component]
fn Member() -> impl IntoView {
    let profile = use_claims::<Profile>();
    view! {
        <WhileSignedIn>
            <h1 tabindex="-1">"Welcome"</h1>
            {move || match profile.get() {
                Ok(Some(Profile { name, email_verified })) => {
                    let hint = if email_verified { "" } else { " Please confirm your email address." };
                    format!("You are {name}.{hint}")
                }
                Ok(None) => "Nobody is signed in any more.".to_owned(),
                Err(error) => error.to_string(),
            }}
            <SignOutButton />
        </WhileSignedIn>
    }
}

#[component]
fn Staff() -> impl IntoView {
    view! {
        <WhileSignedIn>
            <h1 tabindex="-1">"For staff"</h1>
        </WhileSignedIn>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <h1 tabindex="-1">"You are signed out"</h1>
        <SignInLink to="/" />
    }
}

#[cfg(test)]
mod tests {
    use super::application;
    use axum::http::StatusCode;
    use axum_bff::testing::TestBff;
    use serde_json::json;
    use std::time::Duration;

    #[tokio::test]
    async fn a_member_reads_their_name_and_staff_only_opens_the_page_for_staff() {
        let bff = TestBff::start(application).await;
        let mut ada = bff.signed_in(json!({"name": "Ada", "email_verified": true}), &[]).await;
        assert!(ada.open("/").await.text().contains("You are Ada."));
        assert_eq!(ada.open("/staff").await.status, StatusCode::FORBIDDEN);

        let mut grace = bff.signed_in(json!({"name": "Grace"}), &["staff"]).await;
        assert!(grace.open("/").await.text().contains("You are Grace. Please confirm"));
        assert!(grace.open("/staff").await.text().contains("For staff"));
    }

    #[tokio::test]
    async fn a_stranger_is_led_to_the_sign_in_and_a_session_ends() {
        let bff = TestBff::start(application).await;
        let led = bff.browser().open("/staff").await;
        assert_eq!(led.location(), Some("/auth/login?return_to=%2Fstaff"));

        let mut ada = bff.signed_in(json!({"name": "Ada"}), &[]).await;
        bff.clock().advance(Duration::from_mins(31));
        assert_eq!(ada.session().await["status"], "ended");
        assert_eq!(ada.open("/").await.status, StatusCode::UNAUTHORIZED);
    }

    /// The types of an application's own errors are not the library's business.
    #[tokio::test]
    async fn an_error_of_a_function_keeps_its_type_and_a_problem_its_status() {
        let bff = TestBff::start(application).await;
        let mut ada = bff.signed_in(json!({"name": "Ada"}), &[]).await;
        let own = ada.call("measured", "ells=0").await;
        assert_eq!(own.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(own.text().contains("an ell is a length"), "{}", own.text());
        let malformed = ada.call("greeting", "").await;
        assert_eq!(
            (malformed.status, &malformed.json()["code"]),
            (StatusCode::BAD_REQUEST, &json!("bad_request"))
        );
        assert!(malformed.json()["reference"].as_str().is_some_and(|id| !id.is_empty()));
        assert_eq!(malformed.header("content-type"), "application/problem+json");
    }

    /// Nobody gets past the function because the table lets everybody call it.
    #[tokio::test]
    async fn a_function_that_refuses_by_itself_answers_with_the_refusals_status_and_code() {
        let bff = TestBff::start(application).await;
        let mut ada = bff.signed_in(json!({"name": "Ada"}), &[]).await;
        assert_eq!(ada.call("greeting", "to=Bob").await.json(), "Ada greets Bob");
        let unknown = ada.call("greeting", "to=").await;
        assert_eq!(
            (unknown.status, &unknown.json()["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found"))
        );
        let stranger = bff.browser().call("greeting", "to=Bob").await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
        assert_eq!(stranger.json()["code"], "sign_in_required");
        let mut nameless = bff.signed_in(json!({}), &[]).await;
        assert_eq!(nameless.call("greeting", "to=Bob").await.status, StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn a_claim_that_is_missing_is_named() {
        let bff = TestBff::start(application).await;
        let mut nameless = bff.signed_in(json!({}), &[]).await;
        assert!(nameless.open("/").await.text().contains("missing field `name`"));
    }
}
