//! The access table, for the person who looks. A session is not enough for this page: it needs the role `admin`.

mod words;

use crate::access::{Decision, Rule, TABLE, decide, is_called_by_scripts};
use crate::components::{Roles, table_head};
use leptos::prelude::*;
use leptos_bff::session::{ActiveSession, SessionState, use_elapsed, use_session};
use leptos_bff::{A, WhileSignedIn};
use leptos_meta::Title;
use leptos_router::{LazyRoute, lazy_route};
use serde_json::Map;
use words::{decision_in_words, path_in_words, rule_in_words};

/// The route of the page. The browser loads the code when the page is opened.
pub(crate) struct AdminRoute;

#[lazy_route]
impl LazyRoute for AdminRoute {
    fn data() -> Self {
        Self
    }

    fn view(AdminRoute: Self) -> AnyView {
        view! { <AdminPage /> }.into_any()
    }
}

/// Shows each rule, and what it means for three people: this one, one without roles, and a stranger.
#[component]
fn AdminPage() -> impl IntoView {
    let session = use_session();
    let roles = move || session.with(|state| state.active().map_or_else(Vec::new, |session| session.roles.clone()));
    view! {
        <Title text="Access rules" />
        <WhileSignedIn>
            <div class="page-head">
                <p class="eyebrow">"Needs the role admin"</p>
                <h1 tabindex="-1">"Access rules"</h1>
                <p class="lead">
                    "One table says what each page, server function and API asks for. The server decides with it before it renders \
                     anything, and so does this page: each verdict below is the answer of that decision."
                </p>
            </div>
            <div class="rules-page">
                <Rules />
                <section class="aside" aria-labelledby="roles">
                    <h2 id="roles">"Your roles"</h2>
                    {move || view! { <Roles roles=roles() /> }}
                    <p>
                        "A role comes from a claim, or from a hook of the application. Take it away at the provider, read your \
                         claims again, and this page refuses you."
                    </p>
                    <p>
                        "An administrator also sees "
                        <A href="/admin/sessions">"who is signed in"</A>
                        ", and ends sessions."
                    </p>
                </section>
            </div>
        </WhileSignedIn>
    }
}

/// A line for each rule of the table, and one for everything that it does not list.
#[component]
fn Rules() -> impl IntoView {
    let (session, elapsed) = (use_session(), use_elapsed());
    // The person may have authenticated too long ago while the page is open.
    // Counted: it is read once more while the end of the session takes the page away.
    let now = ArcMemo::new(move |_| session.with(|state| state.later_by(elapsed.get())));
    let rows = TABLE
        .rules()
        .map(|(path, rule)| view! { <Line path rule now=now.clone() /> })
        .collect_view();
    view! {
        <table class="rules" role="table">
            <caption class="visually-hidden">"The rules of this application"</caption>
            {table_head(["Path", "Asks for", "You", "Somebody without roles", "A stranger"])}
            <tbody role="rowgroup">
                {rows}
                <Line path="" rule=Rule::SignedIn now />
            </tbody>
        </table>
    }
}

#[component]
fn Line(
    /// The path, as the table has it. Empty: each other one.
    path: &'static str,
    /// Its rule.
    rule: Rule,
    /// The session of the person who looks, as it stands now.
    now: ArcMemo<SessionState>,
) -> impl IntoView {
    let is_page = path.starts_with('/') && !path.contains('{') && !is_called_by_scripts(path);
    let name = move || view! { <code>{path_in_words(path)}</code> };
    let of_bare = now.clone();
    let bare = move || of_bare.with(|state| decide(rule, &without_roles(state)));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {if is_page { view! { <A href=path>{name()}</A> }.into_any() } else { name().into_any() }}
            </th>
            <td role="cell">{rule_in_words(rule)}</td>
            <td role="cell">{move || verdict(now.with(|state| decide(rule, state)))}</td>
            <td role="cell">{move || verdict(bare())}</td>
            <td role="cell">{verdict(decide(rule, &SessionState::Anonymous))}</td>
        </tr>
    }
}

/// The verdict, with a mark beside the words, because colour alone is not enough.
fn verdict(decision: Decision) -> impl IntoView {
    let (class, mark) = match decision {
        Decision::Allow => ("verdict verdict-yes", "✓"),
        Decision::Forbidden(_) => ("verdict verdict-no", "✕"),
        _ => ("verdict", "→"),
    };
    view! {
        <span class=class>
            <span aria-hidden="true">{mark}</span>
            " "
            {decision_in_words(decision)}
        </span>
    }
}

/// The same session of somebody of whom nothing is known but that they have signed in.
fn without_roles(state: &SessionState) -> SessionState {
    state.active().map_or(SessionState::Anonymous, |session| {
        SessionState::Active(ActiveSession {
            claims: Map::new(),
            roles: Vec::new(),
            authenticated_ago: None,
            acr: None,
            ..session.clone()
        })
    })
}
