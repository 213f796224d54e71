//! The public front page: a description, and things to try.

use leptos::prelude::*;
use leptos_bff::SignInLink;
use leptos_bff::session::{SessionState, use_session};
use leptos_meta::Title;
use leptos_router::components::A;

/// The description.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    view! {
        <Title text="Welcome" />
        <section class="hero">
            <div class="hero-words">
                <h1 tabindex="-1">"Signed in, and no token in the browser."</h1>
                <p class="lead">
                    "A full-stack Leptos application with a backend for frontend. The server signs people \
                     in with OpenID Connect and keeps the tokens; the browser gets an opaque cookie."
                </p>
                <Welcome />
            </div>
            <div class="hero-drawing" inner_html=GATE></div>
        </section>
        <WhoHoldsWhat />
        <Tour />
    }
}

/// The main button: to the profile, or to the sign-in.
#[component]
fn Welcome() -> impl IntoView {
    let session = use_session();
    let button = move || match session.get() {
        SessionState::Anonymous | SessionState::Ended { .. } => view! {
            <SignInLink to="/profile" class="button button-large">
                "Sign in"
            </SignInLink>
            <bdi class="actions-note">"You are not signed in."</bdi>
        }
        .into_any(),
        SessionState::Active(session) | SessionState::Expiring(session) | SessionState::Degraded(Some(session)) => {
            view! {
                <A href="/profile" attr:class="button button-large">
                    "Open your profile"
                </A>
                <bdi class="actions-note">{format!("You are signed in as {}.", session.display_name())}</bdi>
            }
            .into_any()
        }
        SessionState::Degraded(None) => view! {
            <bdi class="actions-note">
                "Sessions cannot be read just now, so nobody can tell whether you are signed in. \
                 This page works all the same."
            </bdi>
        }
        .into_any(),
    };
    view! { <p class="actions">{button}</p> }
}

/// The parts from the browser to the provider, and the secrets that each holds.
#[component]
fn WhoHoldsWhat() -> impl IntoView {
    view! {
        <section class="path" aria-labelledby="path">
            <h2 id="path">"Who holds what"</h2>
            <ol class="stations">
                <Station
                    name="Browser"
                    holds="one cookie"
                    says="Opaque, HttpOnly, worth nothing elsewhere. Pages arrive rendered and know \
                          who is signed in without asking."
                />
                <Station
                    name="Backend for frontend"
                    holds="session and tokens"
                    says="A confidential client. It redeems the code, checks the ID Token, seals \
                          what it keeps, and decides who may open what."
                />
                <Station
                    name="OpenID Provider"
                    holds="the password"
                    says="It signs people in and vouches for them. Its tokens travel between the two \
                          servers only."
                />
            </ol>
        </section>
    }
}

#[component]
fn Station(
    /// The part's name.
    name: &'static str,
    /// Its secrets.
    holds: &'static str,
    /// The consequence.
    says: &'static str,
) -> impl IntoView {
    view! {
        <li class="station">
            <h3>{name}</h3>
            <p class="station-holds">
                <span class="visually-hidden">"holds "</span>
                {holds}
            </p>
            <p>{says}</p>
        </li>
    }
}

/// Things to try, in a sensible order.
#[component]
fn Tour() -> impl IntoView {
    view! {
        <section class="tour" aria-labelledby="tour">
            <h2 id="tour">"Worth trying"</h2>
            <ul>
                <li>
                    <strong>"Open the profile while signed out."</strong>
                    " You sign in, and land where you meant to go."
                </li>
                <li>
                    <strong>"Look for a token."</strong>
                    " Storage, scripts, responses: there is none to find, and the orders page uses one."
                </li>
                <li>
                    <strong>"Sign in with a second browser."</strong>
                    " End one session from the other, and it says why at its next visit."
                </li>
                <li>
                    <strong>"Open three tabs and sign out in one."</strong>
                    " The others know at once; nobody has to ask."
                </li>
                <li>
                    <strong>"Begin a note, and let the session end."</strong>
                    " Sign in again, and what you typed is there."
                </li>
                <li>
                    <strong>"Sign out and press Back."</strong>
                    " The page that was there is not shown again."
                </li>
                <li>
                    <strong>"Open /admin without the role."</strong>
                    " The server refuses before it renders."
                </li>
                <li>
                    <strong>"Switch JavaScript off."</strong>
                    " Signing in and out, filtering and reading claims again go on working."
                </li>
            </ul>
        </section>
    }
}

/// A drawing of the description: a gate with the tokens behind it and a cookie on its way there.
const GATE: &str = concat!(
    r#"<svg class="gate" viewBox="0 0 360 320" aria-hidden="true">"#,
    r#"<path class="gate-wall" d="M60 310V158a120 120 0 0 1 240 0v152"/>"#,
    r#"<path d="M84 310V158a96 96 0 0 1 192 0v152"/>"#,
    r#"<path class="gate-door" d="M108 310V158a72 72 0 0 1 144 0v152z"/>"#,
    r#"<g class="gate-tokens"><circle cx="180" cy="62" r="8"/>"#,
    r#"<circle cx="132" cy="74.9" r="8"/><circle cx="228" cy="74.9" r="8"/>"#,
    r#"<circle cx="96.9" cy="110" r="8"/><circle cx="263.1" cy="110" r="8"/></g>"#,
    r#"<path class="gate-keyhole" d="M180 160a26 26 0 0 0-13 48.5L157 262h46l-10-53.5a26 26 0 0 0-13-48.5z"/>"#,
    r#"<path class="gate-cookie" d="M4 236h142"/><path d="M0 310h360"/></svg>"#,
);
