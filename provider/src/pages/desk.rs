//! The desk: the people with their sessions and roles, and a form for everything that can be done to them.

mod notice;

use std::collections::BTreeSet;

use axum::{http::StatusCode, response::Response};
use url::Url;

pub(crate) use self::notice::Notice;
use super::{escape, page};
use crate::{
    browser_session::BrowserSession, calls::Call, outage::OUTAGE, person::Person, role_changes::LONGEST_ROLE,
    state::ProviderState,
};

/// The page. The call says which session is this browser's, and which notice is wanted.
pub(crate) fn desk(provider: &ProviderState, call: &Call) -> Response {
    let now = provider.clock.seconds();
    let own = provider.browser_sessions.of(call).map(|session| session.sid);
    let sessions: Vec<(BrowserSession, String)> = provider
        .browser_sessions
        .all(now)
        .into_iter()
        .map(|session| {
            let is_own = own.as_ref() == Some(&session.sid);
            let line = session_line(now.saturating_sub(session.auth_time), is_own);
            (session, line)
        })
        .collect();
    let cards: String = provider
        .settings
        .people
        .iter()
        .enumerate()
        .map(|(place, person)| {
            let of_person = sessions
                .iter()
                .filter(|(session, _)| session.username == person.username);
            card(
                provider,
                place,
                person,
                &of_person.map(|(_, line)| line.as_str()).collect::<String>(),
            )
        })
        .collect();
    let unlisted = sessions
        .iter()
        .filter(|(session, _)| provider.person(&session.username).is_none())
        .count();
    let body = format!(
        include_str!("desk.html"),
        client = escape(&provider.settings.client.name),
        application = escape(&application(provider)),
        notice = notice(provider, call),
        people = cards,
        roles = role_options(provider),
        lifetime = span(provider.settings.access_token_lifetime.as_secs()),
        too_young = too_young(provider.settings.access_token_lifetime.as_secs()),
        unlisted = unlisted_line(unlisted),
        answering = answering(provider.outage.seconds_left(now)),
        issuer = escape(&provider.issuer),
    );
    page(StatusCode::OK, "Control desk", &body, "")
}

/// The origin of the application.
fn application(provider: &ProviderState) -> String {
    let uri = provider.settings.client.redirect_uris.first();
    let url = uri.and_then(|uri| Url::parse(uri).ok());
    url.map_or_else(String::new, |url| url.origin().ascii_serialization())
}

/// The sentence that the address names. A person who is not in the list has no name here.
fn notice(provider: &ProviderState, call: &Call) -> String {
    let Some(notice) = call.parameter("done").and_then(Notice::of) else {
        return String::new();
    };
    let person = call.parameter("person").and_then(|username| provider.person(username));
    let name = person.map_or("The person", Person::display_name);
    let class = if notice.is_failure() {
        "notice refused"
    } else {
        "notice"
    };
    format!(
        "<p class=\"{class}\" role=\"status\" tabindex=\"-1\" autofocus>{}</p>\n",
        escape(&notice.sentence(name))
    )
}

fn card(provider: &ProviderState, place: usize, person: &Person, sessions: &str) -> String {
    let name = person.display_name();
    let sessions = if sessions.is_empty() {
        "<li>Not signed in at this provider</li>\n"
    } else {
        sessions
    };
    let roles = provider.roles(person);
    let taking = if roles.is_empty() {
        String::new()
    } else {
        format!(
            include_str!("desk_roles.html"),
            username = escape(&person.username),
            buttons = roles.iter().map(|role| role_button(role, name)).collect::<String>(),
        )
    };
    format!(
        include_str!("desk_person.html"),
        username = escape(&person.username),
        name = escape(name),
        about = escape(&provider.about(person)),
        sessions = sessions,
        tokens = counted(provider.grants.refresh_tokens_of(&person.username), "refresh token"),
        taking = taking,
        place = place,
        longest = LONGEST_ROLE,
    )
}

fn role_button(role: &str, name: &str) -> String {
    format!(
        "<button name=\"role\" value=\"{role}\" aria-describedby=\"role-effect\">Take away {role}<span class=\"unseen\"> from \
         {name}</span></button>\n",
        role = escape(role),
        name = escape(name),
    )
}

/// The roles that anybody has, or had at the start.
fn role_options(provider: &ProviderState) -> String {
    let at_start = provider
        .settings
        .people
        .iter()
        .flat_map(Person::roles)
        .map(str::to_owned);
    let now = provider
        .settings
        .people
        .iter()
        .flat_map(|person| provider.roles(person));
    let roles: BTreeSet<String> = at_start.chain(now).collect();
    roles.iter().map(|role| role_option(role)).collect()
}

fn role_option(role: &str) -> String {
    format!("<option value=\"{}\"></option>", escape(role))
}

fn answering(seconds_left: u64) -> String {
    if seconds_left == 0 {
        format!(include_str!("desk_answering.html"), outage = OUTAGE)
    } else {
        format!(include_str!("desk_stopped.html"), left = span(seconds_left))
    }
}

fn unlisted_line(sessions: usize) -> String {
    match sessions {
        0 => String::new(),
        sessions => format!(
            " Among them: {} of people who are not in the list any more.",
            counted(sessions, "session")
        ),
    }
}

fn session_line(seconds: u64, is_own: bool) -> String {
    let since = match seconds {
        0..60 => "just now".to_owned(),
        seconds => format!("{} ago", span(seconds)),
    };
    let place = if is_own { ", in this browser" } else { "" };
    format!("<li class=\"signed-in\">Signed in {since}{place}</li>\n")
}

/// The application refreshes no token that is younger than so many seconds: an API that refuses it does not do so for its
/// age.
fn too_young(lifetime: u64) -> u64 {
    10.min(lifetime / 4)
}

/// A length of time in its largest whole unit.
fn span(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    counted(usize::try_from(number).unwrap_or(usize::MAX), unit)
}

fn counted(number: usize, thing: &str) -> String {
    match number {
        0 => format!("no {thing}s"),
        1 => format!("1 {thing}"),
        number => format!("{number} {thing}s"),
    }
}
