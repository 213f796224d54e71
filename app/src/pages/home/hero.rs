//! The headline, the two ways on, and the one command.

use leptos::prelude::*;
use leptos_bff::session::{SessionState, use_session};
use leptos_bff::{A, CopyButton, SignInLink};

/// The command that builds and starts the demonstration.
const COMMAND: &str = "cargo xtask run";

#[component]
pub(super) fn Hero(
    /// Where copying is announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    view! {
        <section class="hero">
            <div class="hero-words">
                <h1 tabindex="-1">"Sign-in for Leptos, with no tokens in the browser"</h1>
                <p class="lead">
                    "The server signs people in with OpenID Connect and keeps their tokens. The browser gets one opaque cookie."
                </p>
                <p class="actions">
                    <Welcome />
                    // `external`: the router would take it for a page.
                    <a class="button button-quiet button-large" rel="external" href="#how">
                        "How it works"
                    </a>
                </p>
                <Who />
            </div>
            <div class="hero-aside">
                <div class="hero-drawing" inner_html=GATE></div>
                <div class="command">
                    <p>"Run it on your machine"</p>
                    <p class="command-line">
                        <code>{COMMAND}</code>
                        " "
                        <CopyButton text=COMMAND of="Command" announce />
                    </p>
                </div>
            </div>
        </section>
    }
}

/// The main button: to the sign-in, or to the profile.
#[component]
fn Welcome() -> impl IntoView {
    let session = use_session();
    move || match session.get() {
        SessionState::Anonymous | SessionState::Ended { .. } => view! {
            <SignInLink to="/" class="button button-large">
                "Sign in"
            </SignInLink>
        }
        .into_any(),
        SessionState::Active(_) | SessionState::Expiring(_) | SessionState::Degraded(_) => view! {
            <A href="/profile" attr:class="button button-large">
                "Open your profile"
            </A>
        }
        .into_any(),
    }
}

#[component]
fn Who() -> impl IntoView {
    let session = use_session();
    let who = move || {
        session.with(|state| match state {
            SessionState::Degraded(None) => {
                "Sessions cannot be read just now, so nobody can tell whether you are signed in. This page works all the same."
                    .to_owned()
            }
            state => state.active().map_or_else(
                || "You are not signed in. Sign in, and see below what each side then holds.".to_owned(),
                |session| format!("You are signed in as {}.", session.display_name()),
            ),
        })
    };
    view! {
        <p class="actions-note">
            <bdi>{who}</bdi>
        </p>
    }
}

/// A drawing of the description: a gate with the tokens behind it, and a cookie on its way there. It has one colour, that of
/// the text around it, so it follows the colours of the system where a person has chosen some.
const GATE: &str = concat!(
    r#"<svg class="gate" viewBox="0 0 360 320" aria-hidden="true">"#,
    r#"<path class="gate-wall" d="M60 310V158a120 120 0 0 1 240 0v152"/>"#,
    r#"<path class="gate-wall" d="M84 310V158a96 96 0 0 1 192 0v152"/>"#,
    r#"<path class="gate-door" d="M108 310V158a72 72 0 0 1 144 0v152z"/>"#,
    r#"<g class="gate-tokens"><circle cx="180" cy="62" r="8"/>"#,
    r#"<circle cx="132" cy="74.9" r="8"/><circle cx="228" cy="74.9" r="8"/>"#,
    r#"<circle cx="96.9" cy="110" r="8"/><circle cx="263.1" cy="110" r="8"/></g>"#,
    r#"<path class="gate-keyhole" d="M180 160a26 26 0 0 0-13 48.5L157 262h46l-10-53.5a26 26 0 0 0-13-48.5z"/>"#,
    r#"<path class="gate-cookie" d="M4 236h142"/><path class="gate-wall" d="M0 310h360"/></svg>"#,
);
