//! The signed-in person's own page.

use crate::claim::Claim;
use crate::components::{
    ClaimsTable, Monogram, Progress, RereadClaims, Roles, SignedInAt, initials, use_filter, use_progress,
};
use leptos::prelude::*;
use leptos_bff::RemainingTime;
use leptos_bff::erased::{dynamic, erased, erased_kept};
use leptos_bff::guard::guard_navigation;
use leptos_bff::session::{ActiveSession, LeftOut, SessionState, use_session};
use leptos_bff::sign_in::use_here;
use leptos_bff::title::set_title;
use leptos_bff::{session_ended, session_unreadable};

/// Claims, the session's time, and who vouches for it all. The server does not render it without
/// a session; it can lose its session later, while it is open.
///
/// All of it is drawn anew when the session changes, over the same elements. What must survive
/// that lives here: what is typed, and how far reading the claims again is.
#[component]
pub(crate) fn ProfilePage() -> impl IntoView {
    guard_navigation();
    let (session, here) = (use_session(), use_here());
    let (filter, progress) = (use_filter(), use_progress());
    set_title(|| "Profile".to_owned());
    erased(view! {
        {dynamic(move || {
            session
                .with(|state| match state {
                    SessionState::Active(session)
                    | SessionState::Expiring(session)
                    | SessionState::Degraded(Some(session)) => profile(session, filter, progress),
                    SessionState::Anonymous => session_ended(None, &here.get_untracked()),
                    SessionState::Ended { reason } => session_ended(Some(*reason), &here.get_untracked()),
                    SessionState::Degraded(None) => session_unreadable(here.get_untracked()),
                })
        })}
    })
}

fn profile(session: &ActiveSession, filter: RwSignal<String>, progress: RwSignal<Progress>) -> AnyView {
    erased_kept(view! {
        {person_head(session)}
        <div class="profile">
            {session_card(session)}
            <section class="card claims-card" aria-labelledby="claims">
                <div class="card-head">
                    <h2 id="claims">"Claims"</h2>
                    <p>"What the provider says about you, as this application keeps it."</p>
                </div>
                {left_out(session)}
                {erased_kept(view! { <ClaimsTable claims=Claim::all(session) filter /> })}
                <RereadClaims progress />
            </section>
        </div>
    })
}

/// What is missing in the table and among the roles.
fn left_out(session: &ActiveSession) -> Option<AnyView> {
    let words = left_out_in_words(session.left_out.as_ref()?);
    Some(erased_kept(view! { <p class="left-out">{words}</p> }))
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

/// Who this is.
fn person_head(session: &ActiveSession) -> AnyView {
    let name = session.display_name().to_owned();
    let email = session.claims.get("email").and_then(|email| email.as_str());
    // Where the address already stands for the name it is not said twice.
    let email = email.filter(|email| *email != name).map(ToOwned::to_owned);
    let roles = session.roles.clone();
    erased_kept(view! {
        <div class="person-head">
            <Monogram initials=initials(&name) />
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
    })
}

/// How long it lasts, and where it came from.
fn session_card(session: &ActiveSession) -> AnyView {
    erased_kept(view! {
        <section class="card session-card" aria-labelledby="session">
            <h2 id="session">"This session ends in"</h2>
            <RemainingTime />
            <dl class="facts">
                <dt>"Signed in by"</dt>
                <dd>
                    <code>{session.issuer.clone()}</code>
                </dd>
                <dt>"Signed in"</dt>
                <dd>
                    <SignedInAt moment=session.signed_in_at.clone() />
                </dd>
            </dl>
        </section>
    })
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, left_out_in_words};

    #[test]
    fn what_is_left_out_is_named_and_counted() {
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
