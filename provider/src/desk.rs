//! The desk: a developer changes something at the provider, and sees what the application does then. Only a development
//! run has it.
//!
//! It takes forms of its own page only, and answers each with a redirect to that page and a word for the notice.

mod own_page;

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::post,
};
use futures::future::join_all;
use tokio::task;
use url::form_urlencoded::Serializer;

use crate::{
    back_channel,
    calls::Call,
    pages::{self, Notice},
    person::Person,
    role_changes::LONGEST_ROLE,
    state::{ProviderState, Shared},
};

/// Where the forms of the desk are posted to.
pub(crate) const PATH: &str = "/desk";

/// The forms, under [`PATH`].
pub(crate) fn actions() -> Router<Shared> {
    Router::new()
        .route("/sign-out", post(sign_out))
        .route("/sign-everybody-out", post(sign_everybody_out))
        .route("/give-role", post(give_role))
        .route("/take-role", post(take_role))
        .route("/end-grants", post(end_grants))
        .route("/rotate-key", post(rotate_key))
        .route("/stop-answering", post(stop_answering))
        .route("/answer-again", post(answer_again))
        .route_layer(from_fn(own_page::only))
}

/// `GET /`.
pub(crate) async fn desk(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    pages::desk(&provider, &call)
}

async fn sign_out(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let Some(person) = person(&provider, &call) else {
        return back(Notice::UnknownPerson, None);
    };
    provider.browser_sessions.end_all_of(&person.username);
    let is_told = back_channel::announce_all_of(&provider, person.subject()).await;
    let notice = if is_told {
        Notice::SignedOut
    } else {
        Notice::SignedOutUntold
    };
    back(notice, Some(person))
}

async fn sign_everybody_out(State(provider): State<Shared>) -> Response {
    // A session of an earlier run may be of a person who is not in the list any more.
    let now = provider.clock.seconds();
    let sessions = provider.browser_sessions.all(now);
    let listed = provider.settings.people.iter().map(|person| &person.username);
    let mut usernames: Vec<&String> = listed.chain(sessions.iter().map(|session| &session.username)).collect();
    usernames.sort();
    usernames.dedup();
    for username in &usernames {
        provider.browser_sessions.end_all_of(username);
    }
    let announcements = usernames
        .iter()
        .map(|username| back_channel::announce_all_of(&provider, provider.subject(username)));
    let are_told = join_all(announcements).await.into_iter().all(|is_told| is_told);
    let notice = if are_told {
        Notice::EverybodySignedOut
    } else {
        Notice::EverybodySignedOutUntold
    };
    back(notice, None)
}

async fn give_role(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let Some(person) = person(&provider, &call) else {
        return back(Notice::UnknownPerson, None);
    };
    let role = call.parameter("role").unwrap_or_default().trim();
    if role.is_empty() || role.chars().count() > LONGEST_ROLE || role.chars().any(char::is_control) {
        return back(Notice::NoRole, None);
    }
    provider.role_changes.give(person, role);
    back(Notice::RoleGiven, Some(person))
}

async fn take_role(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let Some(person) = person(&provider, &call) else {
        return back(Notice::UnknownPerson, None);
    };
    provider
        .role_changes
        .take(person, call.parameter("role").unwrap_or_default());
    back(Notice::RoleTaken, Some(person))
}

async fn end_grants(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let Some(person) = person(&provider, &call) else {
        return back(Notice::UnknownPerson, None);
    };
    provider.grants.revoke_all_of(&person.username);
    back(Notice::GrantsEnded, Some(person))
}

/// Off the runtime's threads: a new key takes a good part of a second.
async fn rotate_key(State(provider): State<Shared>) -> Response {
    let rotated = task::spawn_blocking(move || provider.keys.rotate()).await;
    rotated.expect("making a key does not panic");
    back(Notice::KeyRotated, None)
}

async fn stop_answering(State(provider): State<Shared>) -> Response {
    provider.outage.begin(provider.clock.seconds());
    back(Notice::Stopped, None)
}

async fn answer_again(State(provider): State<Shared>) -> Response {
    provider.outage.end();
    back(Notice::Answering, None)
}

fn person<'a>(provider: &'a ProviderState, call: &Call) -> Option<&'a Person> {
    provider.person(call.parameter("person")?)
}

/// Back to the desk. The address has no host: the person may have opened the desk under another name of this machine.
fn back(notice: Notice, person: Option<&Person>) -> Response {
    let mut query = Serializer::new(String::new());
    query.append_pair("done", notice.word());
    if let Some(person) = person {
        query.append_pair("person", &person.username);
    }
    let location = HeaderValue::try_from(format!("/?{}", query.finish())).expect("an encoded query is visible ASCII");
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
