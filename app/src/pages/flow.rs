//! What just happened: the steps of the sign-in by which this session began, and its latest refreshes.

use crate::components::{Moment, Unreadable};
use crate::server_functions::{FlowRefusal, FlowStep, Outcome, SignInFlow, read_sign_in_flow};
use leptos::prelude::*;
use leptos_bff::problem::Problem;
use leptos_bff::{CopyButton, SignInLink, WhileSignedIn};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct FlowRoute;

#[lazy_route]
impl LazyRoute for FlowRoute {
    fn data() -> Self {
        Self
    }

    fn view(FlowRoute: Self) -> AnyView {
        view! { <FlowPage /> }.into_any()
    }
}

/// The steps come with the page; a navigation inside the browser asks for them.
#[component]
fn FlowPage() -> impl IntoView {
    let told = OnceResource::new(read_sign_in_flow());
    view! {
        <Title text="What just happened" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Your sign-in, step by step"</p>
                <h1 tabindex="-1">"What just happened"</h1>
                <p class="lead">
                    "This server noted lengths, algorithms and times while it signed you in. No code and no \
                     token is on this page, nor a part of one."
                </p>
            </div>
            <Suspense fallback=Skeleton>
                {move || Suspend::new(async move { outcome(told.await) })}
            </Suspense>
        </WhileSignedIn>
    }
}

fn outcome(answer: Result<Outcome<SignInFlow, FlowRefusal>, Problem>) -> AnyView {
    match answer {
        Ok(Outcome::Done(flow)) => view! { <Flow flow /> }.into_any(),
        Ok(Outcome::Refusal(FlowRefusal::NotKept)) => view! {
            <div class="notice">
                <p>"The steps of this sign-in were not written down. Sign in again to see them."</p>
                <p>
                    <SignInLink to="/flow" class="">
                        "Sign in again"
                    </SignInLink>
                </p>
            </div>
        }
        .into_any(),
        _ => view! {
            <Unreadable
                says="The steps cannot be read just now. Your session goes on."
                page="/flow"
            />
        }
        .into_any(),
    }
}

/// The steps, the refreshes, and all of it to copy.
#[component]
fn Flow(
    /// The steps.
    flow: SignInFlow,
) -> impl IntoView {
    let (announcement, announce) = signal(String::new());
    let (text, of) = (markdown(&flow), "The steps".to_owned());
    let SignInFlow {
        begun_at,
        took,
        steps,
        refreshes,
    } = flow;
    let refreshed = if refreshes.is_empty() {
        view! { <p>"None yet: the first access token is still good."</p> }.into_any()
    } else {
        view! { <Steps steps=refreshes /> }.into_any()
    };
    view! {
        <div class="flow">
            <section class="card" aria-labelledby="sign-in">
                <div class="card-head">
                    <h2 id="sign-in">"The sign-in"</h2>
                    <p>"Begun on " <Moment moment=begun_at /> {format!(". It took {took} in all.")}</p>
                </div>
                <Steps steps />
            </section>
            <section class="card" aria-labelledby="refreshes">
                <div class="card-head">
                    <h2 id="refreshes">"The latest refreshes"</h2>
                    <p>"The server renews the tokens when a call needs it. An attempt that failed stands in its log."</p>
                </div>
                {refreshed}
            </section>
            <p>
                <CopyButton text label="Copy as Markdown" of announce />
            </p>
            <p class="visually-hidden" role="status">
                {move || announcement.get()}
            </p>
        </div>
    }
}

/// Steps in their order.
#[component]
fn Steps(
    /// The steps.
    steps: Vec<FlowStep>,
) -> impl IntoView {
    let steps = steps.into_iter().map(|step| view! { <Step step /> }).collect_view();
    view! { <ol class="flow-steps">{steps}</ol> }
}

/// One step: the party, the deed, and what came of it.
#[component]
fn Step(
    /// The step.
    step: FlowStep,
) -> impl IntoView {
    let FlowStep {
        party,
        title,
        detail,
        took,
        verdict,
        at,
    } = step;
    view! {
        <li class="flow-step">
            <p class="flow-party">{party.name()}</p>
            <div class="flow-deed">
                <h3>{title}</h3>
                <p>{detail}</p>
                {at
                    .map(|moment| {
                        view! {
                            <p>
                                <Moment moment />
                            </p>
                        }
                    })}
            </div>
            <p class="flow-outcome">
                {verdict.map(|verdict| view! { <span class="badge">{verdict}</span> })} " "
                {took.map(|took| view! { <span class="flow-took">{took}</span> })}
            </p>
        </li>
    }
}

/// All of it as a document of its own.
fn markdown(flow: &SignInFlow) -> String {
    let mut lines = vec![
        "# What just happened".to_owned(),
        String::new(),
        format!("The sign-in began at {} and took {} in all.", flow.begun_at, flow.took),
    ];
    lines.extend(table(&flow.steps));
    if !flow.refreshes.is_empty() {
        lines.push(String::new());
        lines.push("## The latest refreshes".to_owned());
        lines.extend(table(&flow.refreshes));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn table(steps: &[FlowStep]) -> impl Iterator<Item = String> {
    let head = ["", "| party | step | took | outcome |", "|---|---|---|---|"];
    head.map(str::to_owned).into_iter().chain(steps.iter().map(row))
}

fn row(step: &FlowStep) -> String {
    let at = step.at.as_ref().map(|at| format!(" At {at}.")).unwrap_or_default();
    format!(
        "| {} | **{}.** {}{at} | {} | {} |",
        step.party.name(),
        step.title,
        step.detail,
        step.took.as_deref().unwrap_or_default(),
        step.verdict.as_deref().unwrap_or_default(),
    )
}

/// A placeholder for the steps while they load.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="flow" role="status">
            <p class="visually-hidden">"Asking for the steps…"</p>
            <div class="card skeleton" aria-hidden="true"></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{FlowStep, SignInFlow, markdown};
    use crate::server_functions::Party;

    fn step(title: &str, at: Option<&str>) -> FlowStep {
        FlowStep {
            party: Party::Server,
            title: title.to_owned(),
            detail: "43 characters.".to_owned(),
            took: Some("18 ms".to_owned()),
            verdict: None,
            at: at.map(str::to_owned),
        }
    }

    #[test]
    fn the_steps_are_a_table_in_markdown_and_the_refreshes_another() {
        let mut flow = SignInFlow {
            begun_at: "2026-11-30T21:00:00Z".to_owned(),
            took: "4.2 s".to_owned(),
            steps: vec![step("Redeemed the code", None)],
            refreshes: Vec::new(),
        };
        let text = markdown(&flow);
        assert!(text.starts_with("# What just happened\n\nThe sign-in began at 2026-11-30T21:00:00Z and took 4.2 s"));
        assert!(
            text.ends_with("|\n| Server | **Redeemed the code.** 43 characters. | 18 ms |  |\n"),
            "{text}"
        );
        flow.refreshes = vec![step("Got a new access token", Some("2026-11-30T22:00:00Z"))];
        let text = markdown(&flow);
        let row = "| Server | **Got a new access token.** 43 characters. At 2026-11-30T22:00:00Z. | 18 ms |  |\n";
        assert!(
            text.contains("## The latest refreshes\n\n| party |") && text.ends_with(row),
            "{text}"
        );
    }
}
