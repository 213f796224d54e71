//! A call of an API behind the relay: a page that uses a token without having one. The API has the person's orders.
//!
//! All of it is asked for by the browser once the page is interactive, with `fetch` and
//! `EventSource`, because the page shows how a script calls an API from here.

mod answers;
mod code;
mod live;
mod proof;
mod table;

use crate::server_functions::{SentCookie, sent_cookies};
use answers::{Order, Whoami};
use code::Code;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_bff::fetch::get;
use leptos_bff::problem::{Problem, words};
use leptos_bff::session::{Live, use_live};
use leptos_bff::{WhileSignedIn, use_hydrated};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use live::LiveEvents;
use proof::Proof;
use table::OrdersTable;

/// Where the relay has the demonstration API.
const ORDERS: &str = "/api/demo/orders";
const WHOAMI: &str = "/api/demo/whoami";
const EVENTS: &str = "/api/demo/events";

const ASKING: &str = "Asking the API…";
const ASKED: &str = "Asked through the relay.";

/// The notice in a browser without scripts.
const NEEDS_SCRIPTS: &str = "<p class=\"notice\">Here a script calls the API, which is what this page \
                             is to show, and this browser runs none. Nothing was asked of the API.</p>";

/// The notice in a browser whose scripts did not start, or stopped.
const WITHOUT_SCRIPT: &str = "Here a script calls the API, which is what this page is to show, and in this browser \
                              it did not start or has stopped. The rest of the application works without.";

/// The answers of the API, and the cookies that the browser sends with each question.
#[derive(Clone)]
struct Answers {
    whoami: Whoami,
    orders: Vec<Order>,
    cookies: Vec<SentCookie>,
}

/// The answers so far. They stay on the page while it asks again.
#[derive(Clone, Copy)]
struct Asked {
    waits: RwSignal<bool>,
    answers: RwSignal<Option<Answers>>,
    was_answered: RwSignal<bool>,
    /// The failure, in words.
    failure: RwSignal<Option<String>>,
    /// The last thing that happened, to be read out: one place for the whole page.
    announced: RwSignal<&'static str>,
    live: Live,
}

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct OrdersRoute;

#[lazy_route]
impl LazyRoute for OrdersRoute {
    fn data() -> Self {
        Self
    }

    fn view(OrdersRoute: Self) -> AnyView {
        view! { <OrdersPage /> }.into_any()
    }
}

/// Proof, result, code, and events.
#[component]
fn OrdersPage() -> impl IntoView {
    let asked = Asked {
        waits: RwSignal::new(true),
        answers: RwSignal::new(None),
        was_answered: RwSignal::new(false),
        failure: RwSignal::new(None),
        announced: RwSignal::new(""),
        live: use_live(),
    };
    // Effects run in the browser only, once the page is interactive.
    Effect::new(move |_| asked.ask());
    view! {
        <Title text="API call" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"An API behind the relay"</p>
                <h1 tabindex="-1">"An API call, and no token here"</h1>
                <p class="lead">
                    "A script on this page asks this server for your orders. The server passes the request on to an API, \
                     and puts your access token in the place of the cookie. The script never has it."
                </p>
            </div>
            <noscript inner_html=NEEDS_SCRIPTS></noscript>
            <p class="notice only-without-script">{WITHOUT_SCRIPT}</p>
            {move || {
                asked
                    .failure
                    .get()
                    .map(|words| view! { <p class="notice notice-failed" role="alert">{words}</p> })
            }}
            <div class="orders-page">
                {move || asked.answers.get().map(|Answers { whoami, cookies, .. }| view! { <Proof whoami cookies /> })}
                // In the place of the first answer, from the first byte on and as tall as the window: nothing moves when the
                // answer comes. Where no script runs, the style sheet leaves it out.
                <div
                    class="card skeleton orders-awaited"
                    aria-hidden="true"
                    hidden=move || !asked.waits.get() || asked.was_answered.get()
                ></div>
                <AskAgain asked />
                {move || {
                    asked
                        .answers
                        .get()
                        .map(|Answers { orders, .. }| {
                            view! {
                                <div class="orders-and-code">
                                    <OrdersTable orders />
                                    <Code />
                                </div>
                            }
                        })
                }}
                // By itself, so that asking again does not close the stream.
                <Show when=move || asked.was_answered.get()>
                    <LiveEvents announced=asked.announced />
                </Show>
            </div>
            <p class="visually-hidden" role="status">
                {move || asked.announced.get()}
            </p>
        </WhileSignedIn>
    }
}

/// A button, and how far asking is. Without JavaScript neither shows.
#[component]
fn AskAgain(
    /// The answers so far.
    asked: Asked,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let ask = move |_| {
        if !asked.waits.get_untracked() {
            asked.ask();
        }
    };
    let state = move || match (asked.waits.get(), asked.was_answered.get()) {
        (true, _) => ASKING,
        (false, true) => ASKED,
        (false, false) => "",
    };
    view! {
        <div class="ask-again" hidden=move || !hydrated.get()>
            <button
                type="button"
                class="button button-quiet"
                aria-disabled=move || asked.waits.get().then_some("true")
                on:click=ask
            >
                "Ask the API again"
            </button>
            <p>{state}</p>
        </div>
    }
}

impl Asked {
    fn ask(self) {
        self.waits.set(true);
        self.announced.set(ASKING);
        spawn_local(async move {
            let answer = all().await;
            // The page may have been left meanwhile; the session is the whole application's.
            self.waits.try_set(false);
            match answer {
                Ok(answers) => {
                    self.announced.try_set(ASKED);
                    self.failure.try_set(None);
                    self.answers.try_set(Some(answers));
                    // Once only: setting it draws the view below anew.
                    if self.was_answered.try_get_untracked() == Some(false) {
                        self.was_answered.set(true);
                    }
                }
                Err(problem) => {
                    self.announced.try_set("");
                    self.failure.try_set(Some(in_words(&problem)));
                    self.live.learn_from(&problem);
                }
            }
        });
    }
}

async fn all() -> Result<Answers, Problem> {
    let orders = get(ORDERS).await.map_err(at_the_relay)?;
    let whoami = get(WHOAMI).await.map_err(at_the_relay)?;
    // The page does without: only the server sees the session's cookie.
    let cookies = sent_cookies().await.unwrap_or_default();
    Ok(Answers {
        whoami,
        orders,
        cookies,
    })
}

/// The server answers for an unknown API as for an unknown page.
fn at_the_relay(problem: Problem) -> Problem {
    match problem.status {
        404 => Problem {
            code: "api_unknown".to_owned(),
            ..problem
        },
        _ => problem,
    }
}

/// The words of the problem, as lines, as the style sheet shows them.
fn in_words(problem: &Problem) -> String {
    let words = words(&problem.code, problem.status);
    let mut text = format!("{}.\n{} {}", words.title, words.happened, words.advice);
    if !problem.reference.is_empty() {
        text.push_str("\nReference: ");
        text.push_str(&problem.reference);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{at_the_relay, in_words};
    use leptos_bff::problem::Problem;

    fn problem(status: u16, code: &str, reference: &str) -> Problem {
        Problem {
            status,
            code: code.to_owned(),
            reference: reference.to_owned(),
            ..Problem::default()
        }
    }

    #[test]
    fn an_api_that_is_not_set_up_is_no_missing_page() {
        let words = in_words(&at_the_relay(problem(404, "not_found", "a1")));
        assert!(words.starts_with("This API is not set up.\n"), "{words}");
        assert!(words.ends_with("\nReference: a1"), "{words}");
    }

    #[test]
    fn an_error_on_the_way_to_the_api_is_said_in_its_own_words() {
        let words = in_words(&at_the_relay(problem(504, "upstream_timeout", "")));
        assert!(
            words.starts_with("The API took too long.\n") && words.ends_with('.'),
            "{words}"
        );
    }
}
