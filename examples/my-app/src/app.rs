//! The application: its access table, the document, and the pages.

use leptos::prelude::*;
use leptos_bff::access::Table;
use leptos_bff::problem::Problem;
use leptos_bff::session::use_session;
use leptos_bff::{
    A, BffProvider, BffScripts, NotFoundPage, Router, SessionClient, SignInLink, SignOutButton, SignedInPage,
    WhileSignedIn, access, href, public_path,
};
use leptos_meta::{HashedStylesheet, MetaTags, Title};
use leptos_router::components::{Route, Routes};
use leptos_router::path;
use serde::{Deserialize, Serialize};

/// Who may open what. A path that is not listed needs a session.
pub const TABLE: Table = access! {
    "/" | "/signed-out" => Public,
};

/// The document around the application.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" type="image/svg+xml" href=href("/favicon.svg") />
                <AutoReload options=options.clone() />
                <BffScripts options=options.clone() />
                <HashedStylesheet options id="leptos" root=public_path() />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <BffProvider table=TABLE>
            <Router>
                <main>
                    <Routes fallback=NotFoundPage>
                        <Route path=path!("/") view=HomePage />
                        <Route path=path!("/account") view=AccountPage />
                        <Route path=path!("/signed-in") view=SignedInPage />
                        <Route path=path!("/signed-out") view=SignedOutPage />
                    </Routes>
                </main>
            </Router>
        </BffProvider>
    }
}

#[component]
fn HomePage() -> impl IntoView {
    let session = use_session();
    let name = move || session.with(|state| state.active().map(|session| session.display_name().to_owned()));
    view! {
        <Title text="my-app" />
        <h1 tabindex="-1">"Hello, " {move || name().unwrap_or_else(|| "stranger".to_owned())}</h1>
        <Show
            when=move || name().is_some()
            fallback=|| view! { <SignInLink to="/account">"Sign in"</SignInLink> }
        >
            <p>
                <A href="/account">"Your account"</A>
            </p>
            <SignOutButton />
        </Show>
    }
}

/// The claims of the ID Token and of userinfo that the application uses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profile {
    name: String,
    email: Option<String>,
}

/// The profile of the person who is signed in.
///
/// # Errors
///
/// A [`Problem`] if nobody is signed in.
#[server(prefix = "/_fn", endpoint = "my_profile", client = SessionClient)]
pub async fn my_profile() -> Result<Profile, Problem> {
    let session = leptos_bff::server::session::<Profile>()?;
    Ok(session.claims().clone())
}

#[component]
fn AccountPage() -> impl IntoView {
    let profile = OnceResource::new(my_profile());
    view! {
        <Title text="Your account" />
        <WhileSignedIn>
            <h1 tabindex="-1">"Your account"</h1>
            <Suspense fallback=|| "One moment…">
                {move || Suspend::new(async move {
                    match profile.await {
                        Ok(Profile { name, email }) => format!("{name}, {}", email.as_deref().unwrap_or("no email")),
                        Err(problem) => format!("Your profile could not be read: {}.", problem.code),
                    }
                })}
            </Suspense>
            <SignOutButton />
        </WhileSignedIn>
    }
}

#[component]
fn SignedOutPage() -> impl IntoView {
    view! {
        <Title text="Signed out" />
        <h1 tabindex="-1">"You are signed out"</h1>
        <SignInLink to="/" />
    }
}
