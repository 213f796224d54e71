//! The signed-in person's own page.

use crate::claim::Claim;
use crate::components::{ClaimsTable, Moment, Monogram, RereadClaims, Roles};
use crate::server_functions::RereadClaims as Reread;
use leptos::prelude::*;
use leptos_bff::navigation::use_query;
use leptos_bff::session::{ActiveSession, LeftOut, use_session};
use leptos_bff::{RemainingTime, WhileSignedIn, href};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct ProfileRoute;

#[lazy_route]
impl LazyRoute for ProfileRoute {
    fn data() -> Self {
        Self
    }

    fn view(ProfileRoute: Self) -> AnyView {
        view! { <ProfilePage /> }.into_any()
    }
}

/// The claims, the session's time, and the provider that vouches for them. The server does not render it without
/// a session; it can lose its session later, while it is open.
///
/// All of it is drawn anew when the session changes, over the same elements. The state that must survive
/// that lives here: the typed filter, the progress of reading the claims again, and the page's one live region.
#[component]
fn ProfilePage() -> impl IntoView {
    let session = use_session();
    let filter = RwSignal::new(use_query("filter").unwrap_or_default());
    let reread = ServerAction::<Reread>::new();
    let (announcement, announce) = signal(String::new());
    view! {
        <Title text="Profile" />
        <WhileSignedIn>
            {move || {
                session
                    .with(|state| state.active().cloned())
                    .map(|session| view! { <Profile session filter reread announce /> })
            }}
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
        </WhileSignedIn>
    }
}

#[component]
fn Profile(
    /// The session of the person on the page.
    session: ActiveSession,
    /// The typed text that filters the claims.
    filter: RwSignal<String>,
    /// Reads the claims again.
    reread: ServerAction<Reread>,
    /// Where outcomes are announced.
    announce: WriteSignal<String>,
) -> impl IntoView {
    let left_out = session.left_out.as_ref().map(left_out_in_words);
    let claims = Claim::all(&session);
    view! {
        <PersonHead session=session.clone() />
        <div class="profile">
            <SessionCard session />
            <section class="card claims-card" aria-labelledby="claims">
                <div class="card-head">
                    <h2 id="claims">"Claims"</h2>
                    <p>"What the provider says about you, as this application keeps it."</p>
                </div>
                {left_out.map(|words| view! { <p class="left-out">{words}</p> })}
                <ClaimsTable claims filter announce />
                <RereadClaims action=reread announce />
            </section>
        </div>
    }
}

fn left_out_in_words(left_out: &LeftOut) -> String {
    let LeftOut { claims, roles } = left_out;
    let mut words = String::new();
    if !claims.is_empty() {
        words.push_str("Not kept in full, because it is too long: ");
        words.push_str(&claims.join(", "));
        words.push_str(". ");
    }
    match roles {
        0 => {}
        1 => words.push_str("One further role is not kept."),
        roles => {
            words.push_str(&roles.to_string());
            words.push_str(" further roles are not kept.");
        }
    }
    words.trim_end().to_owned()
}

/// The person's name and picture.
#[component]
fn PersonHead(
    /// The person's session.
    session: ActiveSession,
) -> impl IntoView {
    let name = session.display_name().to_owned();
    let email = session.claims.get("email").and_then(|email| email.as_str());
    // Where the address already stands for the name it is not said twice.
    let email = email.filter(|email| *email != name).map(ToOwned::to_owned);
    let roles = session.roles;
    view! {
        <div class="person-head">
            <Monogram name=name.clone() />
            <div>
                <p class="eyebrow">"Your profile"</p>
                <h1 tabindex="-1">
                    <bdi>{name}</bdi>
                </h1>
                {email
                    .map(|email| {
                        view! {
                            <p class="person-email">
                                <bdi>{email}</bdi>
                            </p>
                        }
                    })}
            </div>
            {(!roles.is_empty())
                .then(|| {
                    view! {
                        <div class="person-roles">
                            <h2 class="eyebrow">"Roles"</h2>
                            <Roles roles />
                        </div>
                    }
                })}
        </div>
    }
}

/// How long it lasts, and where it came from.
#[component]
fn SessionCard(
    /// The session.
    session: ActiveSession,
) -> impl IntoView {
    view! {
        <section class="card session-card" aria-labelledby="session">
            <h2 id="session">"This session ends in"</h2>
            <RemainingTime />
            <dl class="facts">
                <dt>"Signed in by"</dt>
                <dd>
                    <code>{session.issuer}</code>
                </dd>
                <dt>"Signed in"</dt>
                <dd>
                    <Moment moment=session.signed_in_at />
                </dd>
            </dl>
            <p class="session-flow">
                <a href=href("/flow")>"See how you were signed in"</a>
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, left_out_in_words};

    #[test]
    fn claims_that_are_left_out_are_named_and_counted() {
        let words = |claims: &[&str], roles| {
            left_out_in_words(&LeftOut {
                claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
                roles,
            })
        };
        assert_eq!(
            words(&["groups", "picture"], 36),
            "Not kept in full, because it is too long: groups, picture. 36 further roles are not kept."
        );
        assert_eq!(
            words(&["groups"], 0),
            "Not kept in full, because it is too long: groups."
        );
        assert_eq!(words(&[], 1), "One further role is not kept.");
    }
}
