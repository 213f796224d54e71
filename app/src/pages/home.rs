//! The public front page: a description, and things to try.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos_bff::session::{ActiveSession, SessionState, use_session};
use leptos_bff::{A, SignInLink, once_hydrated};
use leptos_meta::Title;
use web_sys::HtmlDocument;

/// The description.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    view! {
        <Title text="Welcome" />
        <section class="hero">
            <div class="hero-words">
                <h1 tabindex="-1">"Sign-in for Leptos, with no tokens in the browser."</h1>
                <p class="lead">
                    "The server signs people in with OpenID Connect and keeps their tokens. The browser gets \
                     one opaque cookie. This is the demonstration of the library: everything here works."
                </p>
                <Welcome />
                <p class="command">
                    "Run it on your machine: " <code>"cargo xtask run"</code>
                </p>
            </div>
            <div class="hero-drawing" inner_html=GATE></div>
        </section>
        <ThisSession />
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

/// Browser, server and provider, with what each of them holds of the session that looks at the page.
#[component]
fn ThisSession() -> impl IntoView {
    let session = use_session();
    let of_session = move |told: fn(&ActiveSession) -> String, nobody: &'static str| {
        session.with(|state| state.active().map_or_else(|| nobody.to_owned(), told))
    };
    let readable = RwSignal::new(None);
    once_hydrated(move || readable.set(readable_cookies()));
    let in_browser = move || match readable.get() {
        Some(0) => "A script that looks for cookies here finds none.".to_owned(),
        Some(count) => format!("A script finds {count} cookies here, and none of them is the session's."),
        None => "The session's cookie is HttpOnly.".to_owned(),
    };
    let on_server = move || {
        of_session(
            |session| {
                let at = session.signed_in_at.get(11..16).unwrap_or_default().to_owned();
                format!(
                    "Your session began at {at} UTC, and ends in {}.",
                    in_hours(session.expires_in)
                )
            },
            "No session of yours, and no token.",
        )
    };
    let at_provider = move || {
        of_session(
            |session| format!("{} has signed you in.", session.issuer),
            "Not asked yet.",
        )
    };
    view! {
        <section class="path" aria-labelledby="path">
            <h2 id="path">"This session, from the browser to the provider"</h2>
            <ol class="stations">
                <Station
                    name="Browser"
                    holds="one cookie"
                    says="Opaque, and worth nothing elsewhere. Each page arrives rendered, with your name in it."
                    now=in_browser
                />
                <Station
                    name="Backend for frontend"
                    holds="session and tokens"
                    says="A confidential client. It redeems the code, verifies the ID Token, and decides who may open what."
                    now=on_server
                />
                <Station
                    name="OpenID Provider"
                    holds="the password"
                    says="It signs people in and vouches for them. Its tokens travel between the two servers only."
                    now=at_provider
                />
            </ol>
        </section>
    }
}

/// How many cookies a script can read. None where there is no such document.
fn readable_cookies() -> Option<usize> {
    let document = document().dyn_into::<HtmlDocument>().ok()?;
    let cookies = document.cookie().ok()?;
    Some(cookies.split(';').filter(|cookie| !cookie.trim().is_empty()).count())
}

fn in_hours(seconds: u64) -> String {
    let minutes = seconds / 60;
    format!("{} h {:02} min", minutes / 60, minutes % 60)
}

#[component]
fn Station(
    /// The part's name.
    name: &'static str,
    /// Its secrets.
    holds: &'static str,
    /// The consequence.
    says: &'static str,
    /// The state of this session there.
    #[prop(into)]
    now: Signal<String>,
) -> impl IntoView {
    view! {
        <li class="station">
            <h3>{name}</h3>
            <p class="station-holds">
                <span class="visually-hidden">"holds "</span>
                {holds}
            </p>
            <p>{says}</p>
            <p class="station-now">
                <bdi>{now}</bdi>
            </p>
        </li>
    }
}

/// Things to try, each with the page to begin on.
#[component]
fn Tour() -> impl IntoView {
    view! {
        <section class="tour" aria-labelledby="tour">
            <h2 id="tour">"Worth trying"</h2>
            <ul>
                <Card
                    title="Sign out in a second tab"
                    says="The first tab says so within a second, and shows nothing of you any more."
                    href="/profile"
                    label="Open your profile in two tabs"
                />
                <Card
                    title="End a session from elsewhere"
                    says="Sign in with a second browser. End its session from here, and it says why."
                    href="/sessions"
                    label="See your sessions"
                />
                <Card
                    title="Look for a token"
                    says="Storage, scripts, responses: there is none to find, and this page calls an API with one."
                    href="/orders"
                    label="Call the API"
                />
                <Card
                    title="Be refused"
                    says="Sign in as bob, who has no role. The server refuses before it renders."
                    href="/admin"
                    label="Try the admin page"
                />
                <Card
                    title="Confirm that it is you"
                    says="A dangerous page wants an authentication of the last five minutes."
                    href="/notes/erase"
                    label="Erase your notes"
                />
                <Card
                    title="Lose nothing"
                    says="Begin a note, let the session end, sign in again: what you typed is there."
                    href="/notes"
                    label="Write a note"
                />
            </ul>
        </section>
    }
}

#[component]
fn Card(
    /// The thing to try.
    title: &'static str,
    /// The effect that the person will see.
    says: &'static str,
    /// The page to begin on.
    href: &'static str,
    /// The link to it.
    label: &'static str,
) -> impl IntoView {
    view! {
        <li>
            <h3>{title}</h3>
            <p>{says}</p>
            <p>
                <A href=href>{label}</A>
            </p>
        </li>
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

#[cfg(test)]
mod tests {
    use super::in_hours;

    #[test]
    fn the_rest_of_a_session_is_told_in_hours_and_minutes() {
        assert_eq!(in_hours(8 * 3600), "8 h 00 min");
        assert_eq!(in_hours(59), "0 h 00 min");
        assert_eq!(in_hours(3600 + 125), "1 h 02 min");
    }
}
