//! The page in the place of one that failed.

use crate::components::CopyButton;
use crate::guard::use_decision;
use crate::problem::{NextStep, Problem};
use crate::public_path::{href, use_pathname};
use crate::session::{ActiveSession, SessionState, use_session};
use crate::sign_in::{return_to, sign_in_href, use_here};
use crate::words::{self, Words, use_words};
use crate::{rcdata, use_paths};
use bff_contract::access::{Decision, Missing};
use bff_contract::paths::{FUNCTIONS, SIGN_IN_FAILED};
use bff_contract::problem::Code;
use leptos::prelude::*;
use leptos_meta::Title;

/// The event, the advice, and last the status and the reference for the people who run the application. Inside of a router.
///
/// Its links load a page: a problem is part of one answer, and the next answer may be a good one.
#[component]
pub fn ProblemPage(
    /// The problem.
    problem: Problem,
) -> impl IntoView {
    let words = use_words();
    let said = (words.problem)(&problem.code, problem.status);
    let is_another_person = problem.code == Code::AnotherPerson.as_str();
    let Problem {
        status,
        code,
        reference,
        trace_id,
        title,
        detail,
    } = problem;
    // An application that refuses a sign-in has words of its own.
    let advice = detail.is_none().then_some(said.advice);
    let (title, happened) = (
        title.unwrap_or_else(|| said.title.to_owned()),
        detail.unwrap_or_else(|| said.happened.to_owned()),
    );
    let heading = rcdata::title(&title);
    view! {
        <Title text=heading />
        <article class="problem">
            <h1 tabindex="-1">{title}</h1>
            <p class="lead">{happened}</p>
            {missing(&words, status).map(|missing| view! { <p>{missing}</p> })}
            {is_another_person.then(|| view! { <WhoseSession /> })}
            {advice.map(|advice| view! { <p>{advice}</p> })}
            <p class="actions">
                <NextStepLinks next=said.next />
            </p>
            {(!reference.is_empty())
                .then(|| view! { <Reference reference trace_id error=format!("{status} {code}") /> })}
        </article>
    }
}

/// Names the person whose session this browser has, if another one came back from a step-up. Nothing if nobody
/// knows.
#[component]
fn WhoseSession() -> impl IntoView {
    let (words, session) = (use_words(), use_session());
    let whose = move || {
        session.with(|state| match state {
            SessionState::Degraded(None) => None,
            state => Some((words.whose_session)(state.active().map(ActiveSession::display_name))),
        })
    };
    // `bdi`: a name may run in another direction than the page.
    move || whose().map(|whose| view! { <p><bdi>{whose}</bdi></p> })
}

/// The facts that the people who run the application need.
#[component]
fn Reference(
    /// The correlation id.
    reference: String,
    /// The trace of the request, where somebody knows it.
    trace_id: Option<Box<str>>,
    /// The status and the code.
    error: String,
) -> impl IntoView {
    let words = use_words();
    let (announcement, announce) = signal(String::new());
    let text = match &trace_id {
        Some(trace_id) => format!("{reference} {trace_id} {error}"),
        None => format!("{reference} {error}"),
    };
    let trace = trace_id.map(|trace_id| {
        view! {
            <dt>{words.trace}</dt>
            <dd>
                <code>{trace_id.into_string()}</code>
            </dd>
        }
    });
    view! {
        <dl class="reference">
            <dt>{words.reference}</dt>
            <dd>
                <code>{reference}</code>
                " "
                <CopyButton text of=words.reference announce />
            </dd>
            {trace}
            <dt>{words.error}</dt>
            <dd class="problem-status">{error}</dd>
        </dl>
        <p class="visually-hidden" role="status">
            {move || announcement.get()}
        </p>
    }
}

/// The role or claim that the access table demands at this address and that the session lacks. Never the demanded value
/// of a claim.
fn missing(words: &Words, status: u16) -> Option<String> {
    let path = use_pathname().get_untracked();
    let decision = untrack(|| use_decision()(&path));
    match decision {
        Decision::Forbidden(Missing::Role(role)) if status == 403 => Some((words.missing)(words::Missing::Role(role))),
        Decision::Forbidden(Missing::Claim(name)) if status == 403 => {
            Some((words.missing)(words::Missing::Claim(name)))
        }
        _ => None,
    }
}

/// The main button, and the way home beside it.
#[component]
fn NextStepLinks(
    /// The target of the main button.
    next: NextStep,
) -> impl IntoView {
    let (words, paths) = (use_words(), use_paths());
    let path = use_pathname().get_untracked();
    let here = use_here().get_untracked();
    let home = href("/");
    let (address, label) = match next {
        // The sign-in did not succeed, or was never finished. The provider's answer is used up, so the person begins anew.
        NextStep::SignIn if path.starts_with("/auth/") => (sign_in_href(paths.after_sign_in), words.try_again),
        NextStep::SignIn | NextStep::TryAgain if path == SIGN_IN_FAILED => {
            (sign_in_href(paths.after_sign_in), words.try_again)
        }
        NextStep::SignIn => (sign_in_href(return_to(paths, &path, false)), words.sign_in),
        NextStep::SignInAgain => (sign_in_href(return_to(paths, &here, false)), words.sign_in_again),
        NextStep::TryAgain if is_asked_again(&path) => (href(&here), words.try_again),
        NextStep::TryAgain | NextStep::Home => (home.clone(), words.home),
    };
    let also_home = address != home;
    view! {
        <a class="button" rel="external" href=address>
            {label}
        </a>
        {also_home
            .then(|| {
                view! {
                    <a class="button button-quiet" rel="external" href=home>
                        {words.home}
                    </a>
                }
            })}
    }
}

/// Whether a link may try this path again. Not an authentication route nor a server function, because a link cannot
/// call those; and a path that begins with two slashes would lead to another host.
fn is_asked_again(path: &str) -> bool {
    !["/auth/", FUNCTIONS, "//", "/\\"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// The page of a navigation inside the browser that leads nowhere. The server answers 404 itself.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    // No answer of the server brought it: it has neither a status nor a reference.
    let problem = Problem {
        code: Code::NotFound.to_string(),
        ..Problem::default()
    };
    view! { <ProblemPage problem /> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::Problem;
    use crate::session::SessionState;
    use crate::{BffProvider, WhileSignedIn};
    use bff_contract::access::{Rule, Table};
    use leptos::prelude::*;
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;

    const TABLE: Table = Table::new(&[("/", Rule::Public)]);

    fn page(problem: Problem) -> String {
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/"));
            provide_context(SessionState::Anonymous);
            provide_context(Some(problem));
            let view = view! {
                <BffProvider table=TABLE>
                    <Router>
                        <WhileSignedIn>"a page"</WhileSignedIn>
                    </Router>
                </BffProvider>
            };
            // Views without types have markers behind their text.
            view.to_html().replace("<!>", "")
        })
    }

    #[test]
    fn words_of_the_application_stand_in_place_of_ours_and_are_text() {
        let refused = Problem {
            status: 403,
            code: "account_closed".to_owned(),
            title: Some("It is <closed>".to_owned()),
            detail: Some("Write to the <office>.".to_owned()),
            ..Problem::default()
        };
        let ours = page(Problem {
            title: None,
            detail: None,
            ..refused.clone()
        });
        let own = page(refused);
        assert!(own.contains("It is &lt;closed&gt;</h1>"), "{own}");
        assert!(own.contains("Write to the &lt;office&gt;.</p>"), "{own}");
        let words = (crate::problem::words)("account_closed", 403);
        for text in [words.title, words.happened, words.advice] {
            assert!(ours.contains(text) && !own.contains(text), "{text}: {own}");
        }
    }

    #[test]
    fn the_trace_stands_beside_the_reference_where_somebody_knows_it() {
        let failed = Problem {
            status: 500,
            code: "internal".to_owned(),
            reference: "a1".to_owned(),
            ..Problem::default()
        };
        let unknown = page(failed.clone());
        assert!(unknown.contains("<code>a1</code>"), "{unknown}");
        assert!(!unknown.contains("<dt>Trace</dt>"), "{unknown}");
        let known = page(Problem {
            trace_id: Some("0af7651916cd43dd8448eb211c80319c".into()),
            ..failed
        });
        assert!(
            known.contains("<dt>Trace</dt><dd><code>0af7651916cd43dd8448eb211c80319c</code></dd>"),
            "{known}"
        );
    }
}
