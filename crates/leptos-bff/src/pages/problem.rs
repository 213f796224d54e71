//! What stands where a page could not.

use crate::erased::erased;
use crate::guard::use_access;
use crate::paths::use_paths;
use crate::problem::{NextStep, Problem, words};
use crate::session::use_session;
use crate::sign_in::{return_to, sign_in_href, use_here};
use crate::title::set_title;
use bff_contract::access::{Decision, Missing, decide};
use bff_contract::paths::SIGN_IN_FAILED;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What happened, what to do, and the reference for whoever runs the application.
///
/// Its links load a page: a problem is part of one answer, and the next answer may be a good one.
#[component]
pub fn ProblemPage(
    /// The problem.
    problem: Problem,
) -> impl IntoView {
    let words = words(&problem.code, problem.status);
    set_title(move || words.title.to_owned());
    erased(view! {
        <article class="problem">
            {(problem.status > 0).then(|| view! { <p class="problem-status">{format!("Error {}", problem.status)}</p> })}
            <h1 tabindex="-1">{words.title}</h1>
            <p class="lead">{words.happened}</p>
            {missing(problem.status).map(|missing| view! { <p>{format!("Missing: {missing}.")}</p> })}
            <p>{words.advice}</p>
            <p class="actions">
                <NextStepLinks next=words.next />
            </p>
            {reference(problem.reference)}
        </article>
    })
}

/// What the access table asks for at this address and the session lacks. Not the value of a claim that would do.
fn missing(status: u16) -> Option<String> {
    if status != 403 {
        return None;
    }
    let path = use_location().pathname.get_untracked();
    match use_session().with_untracked(|session| decide(use_access()(&path), session)) {
        Decision::Forbidden(Missing::Role(role)) => Some(format!("the role {role}")),
        Decision::Forbidden(Missing::Claim("email_verified")) => Some("an email address that is confirmed".to_owned()),
        Decision::Forbidden(Missing::Claim("phone_number_verified")) => {
            Some("a phone number that is confirmed".to_owned())
        }
        Decision::Forbidden(Missing::Claim(name)) => Some(format!("the claim {name}, with the value that opens it")),
        _ => None,
    }
}

/// The main button, and the way home beside it.
#[component]
fn NextStepLinks(
    /// Where the main button leads.
    next: NextStep,
) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let here = use_here().get_untracked();
    let after_sign_in = use_paths().after_sign_in;
    let (href, label) = match next {
        NextStep::SignIn if path.starts_with("/auth/") => (sign_in_href(after_sign_in), "Sign in again"),
        // The provider's answer is used up: what can be tried again is the sign-in.
        NextStep::SignIn | NextStep::TryAgain if path == SIGN_IN_FAILED => {
            (sign_in_href(after_sign_in), "Sign in again")
        }
        NextStep::SignIn => (sign_in_href(return_to(&path, false)), "Sign in"),
        NextStep::SignInAgain => (sign_in_href(return_to(&here, false)), "Sign in again"),
        NextStep::TryAgain if is_asked_again(&path) => (here, "Try again"),
        NextStep::TryAgain | NextStep::Home => ("/".to_owned(), "Home page"),
    };
    let also_home = href != "/";
    view! {
        <a class="button" rel="external" href=href>
            {label}
        </a>
        {also_home
            .then(|| {
                view! {
                    <a class="button button-quiet" rel="external" href="/">
                        "Home page"
                    </a>
                }
            })}
    }
}

/// Whether a link may ask once more for what failed at this path. Not of an authentication route, nor of a server function, of
/// which a link asks nothing; and a path that begins with two slashes would lead to another host.
fn is_asked_again(path: &str) -> bool {
    !["/auth/", "/_fn/", "//", "/\\"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// The correlation id, to be read out or copied.
fn reference(reference: String) -> Option<impl IntoView> {
    (!reference.is_empty()).then(|| {
        view! {
            <dl class="reference">
                <dt>"Reference"</dt>
                <dd>
                    <code>{reference}</code>
                </dd>
            </dl>
        }
    })
}

/// Where a navigation inside the browser leads nowhere. The server answers 404 itself.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let problem = without_answer("not_found");
    view! { <ProblemPage problem /> }
}

/// `/sign-in-failed`, opened as such: what went wrong is not known here.
#[component]
pub fn SignInFailedPage() -> impl IntoView {
    let problem = without_answer("sign_in_failed");
    view! { <ProblemPage problem /> }
}

/// A problem that no answer of the server brought: it has neither a status nor a reference.
fn without_answer(code: &str) -> Problem {
    Problem {
        status: 0,
        code: code.to_owned(),
        reference: String::new(),
    }
}
