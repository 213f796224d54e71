//! The signed-in person's own page.

use crate::claim::Claim;
use crate::components::{ClaimsTable, Monogram, RemainingTime, RereadClaims, Roles, SignedInAt};
use crate::guard::guard_navigation;
use crate::session::{ActiveSession, SessionState, use_session};
use crate::sign_in::sign_in_href;
use leptos::prelude::*;
use leptos_meta::Title;

/// Claims, the session's time, and who vouches for it all. The server does not render it without
/// a session; it can lose its session later, while it is open.
#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    guard_navigation();
    let session = use_session();
    // Only which of the three: new claims change the parts of the page, not the page.
    let which = Memo::new(move |_| {
        session.with(|state| match state {
            SessionState::Active(_) => Which::Active,
            SessionState::Anonymous => Which::Ended,
            SessionState::Unavailable => Which::Unavailable,
        })
    });
    view! {
        <Title text="Profile" />
        {move || match which.get() {
            Which::Active => view! { <Profile /> }.into_any(),
            Which::Ended => view! { <Ended /> }.into_any(),
            Which::Unavailable => view! { <Unavailable /> }.into_any(),
        }}
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Which {
    Active,
    Ended,
    Unavailable,
}

/// A part of the session. Empty for the moment in which a session that has ended is still drawn.
fn of_session<T: Default + PartialEq + Send + Sync + 'static>(part: fn(&ActiveSession) -> T) -> Memo<T> {
    let session = use_session();
    Memo::new(move |_| session.with(|state| state.active().map(part).unwrap_or_default()))
}

#[component]
fn Profile() -> impl IntoView {
    let claims = of_session(Claim::all);
    view! {
        {view! { <PersonHead /> }.into_any()}
        <div class="profile">
            {view! { <SessionCard /> }.into_any()}
            <section class="card claims-card" aria-labelledby="claims">
                <div class="card-head">
                    <h2 id="claims">"Claims"</h2>
                    <p>"What the provider says about you, as this application keeps it."</p>
                </div>
                {view! { <ClaimsTable claims /> }.into_any()}
                {view! { <RereadClaims /> }.into_any()}
            </section>
        </div>
    }
}

/// Who this is.
#[component]
fn PersonHead() -> impl IntoView {
    let name = of_session(|session| session.display_name().to_owned());
    let email = of_session(|session| {
        let email = session.claims.get("email").and_then(|email| email.as_str());
        // Where the address already stands for the name it is not said twice.
        let email = email.filter(|email| *email != session.display_name());
        email.map(ToOwned::to_owned)
    });
    let roles = of_session(|session| session.roles.clone());
    view! {
        <div class="person-head">
            <Monogram name />
            <div>
                <p class="eyebrow">"Your profile"</p>
                <h1 tabindex="-1">
                    <bdi>{move || name.get()}</bdi>
                </h1>
                {move || {
                    email.get().map(|email| view! { <p class="person-email"><bdi>{email}</bdi></p> })
                }}
            </div>
            <Show when=move || !roles.with(Vec::is_empty)>
                <div class="person-roles">
                    <h2 class="eyebrow">"Roles"</h2>
                    {move || view! { <Roles roles=roles.get() /> }}
                </div>
            </Show>
        </div>
    }
}

/// How long it lasts, and where it came from.
#[component]
fn SessionCard() -> impl IntoView {
    let issuer = of_session(|session| session.issuer.clone());
    let signed_in_at = of_session(|session| session.signed_in_at.clone());
    view! {
        <section class="card session-card" aria-labelledby="session">
            <h2 id="session">"This session ends in"</h2>
            <RemainingTime />
            <dl class="facts">
                <dt>"Signed in by"</dt>
                <dd>
                    <code>{move || issuer.get()}</code>
                </dd>
                <dt>"Signed in"</dt>
                <dd>
                    <SignedInAt moment=signed_in_at />
                </dd>
            </dl>
        </section>
    }
}

/// The session ended while the page was open.
#[component]
fn Ended() -> impl IntoView {
    view! {
        <article class="problem" role="alert">
            <h1 tabindex="-1">"Your session has ended"</h1>
            <p class="lead">"What stood here was taken off the page. Sign in to see it again."</p>
            <p class="actions">
                <a class="button" rel="external" href=sign_in_href("/profile")>
                    "Sign in again"
                </a>
            </p>
        </article>
    }
}

/// The session's time is over and the server cannot be asked whether it was extended.
#[component]
fn Unavailable() -> impl IntoView {
    view! {
        <article class="problem" role="alert">
            <h1 tabindex="-1">"Sessions cannot be read just now"</h1>
            <p class="lead">"You may still be signed in: the server could not be asked."</p>
            <p class="actions">
                <a class="button" rel="external" href="/profile">
                    "Try again"
                </a>
            </p>
        </article>
    }
}
