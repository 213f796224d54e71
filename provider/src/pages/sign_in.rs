//! The sign-in page: a button for each demo person, or a username and a password, for which the page is unfolded. The
//! person whom the application expects (`login_hint`) comes first, and has the focus.

use axum::{http::StatusCode, response::Response};
use url::Url;

use super::{client_origins, escape, page};
use crate::{authorization::request::AuthorizationRequest, person::Person, state::ProviderState};

/// The page; `refused` is the username whose password was wrong.
pub(crate) fn sign_in(provider: &ProviderState, request: &AuthorizationRequest, refused: Option<&str>) -> Response {
    let username = refused.or(request.login_hint.as_deref());
    let message = match refused {
        Some(_) => include_str!("refused.html"),
        None => "",
    };
    let hinted = request.login_hint.as_deref();
    let (expected, others): (Vec<&Person>, Vec<&Person>) = provider
        .settings
        .people
        .iter()
        .partition(|person| hinted.is_some_and(|name| person.is_called(name)));
    let button = |person: &&Person, is_expected| person_button(person, &provider.about(person), is_expected);
    // A person whose password was wrong goes on in the form.
    let has_focus = refused.is_none();
    let people: String = expected
        .iter()
        .map(|person| button(person, has_focus))
        .chain(others.iter().map(|person| button(person, false)))
        .collect();
    let application = escape(&provider.settings.client.name);
    let expects = expected.first().map(|person| {
        format!(
            include_str!("expected.html"),
            application = application,
            name = escape(person.display_name())
        )
    });
    let body = format!(
        include_str!("sign_in.html"),
        message = message,
        application = application,
        expects = expects.unwrap_or_default(),
        destination = escape(&destination(request)),
        request = escape(request.as_query()),
        people = people,
        username = escape(username.unwrap_or_default()),
        hint = password_hint(&provider.settings.people),
        open = if refused.is_some() { " open" } else { "" },
        invalid = if refused.is_some() { REFUSED_FIELD } else { "" },
        focus = if refused.is_some() { " autofocus" } else { "" },
    );
    page(StatusCode::OK, "Sign in", &body, &client_origins(provider))
}

/// Ties the fields to the message, for people who do not see that they belong together.
const REFUSED_FIELD: &str = r#" aria-invalid="true" aria-describedby="refused""#;

/// Tells the passwords, where they are the demo people's.
fn password_hint(people: &[Person]) -> &'static str {
    if people.iter().all(|person| person.password == person.username) {
        include_str!("password_hint.html")
    } else {
        ""
    }
}

/// The host that the person comes from and returns to.
fn destination(request: &AuthorizationRequest) -> String {
    let url = Url::parse(&request.target.redirect_uri).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    match url.as_ref().and_then(Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Leads with Enter, and is tied to the sentence that says why.
const EXPECTED_BUTTON: &str = r#" autofocus aria-describedby="expected""#;

fn person_button(person: &Person, about: &str, has_focus: bool) -> String {
    let name = person.display_name();
    let initial: String = name.chars().take(1).collect();
    format!(
        include_str!("person.html"),
        username = escape(&person.username),
        initial = escape(&initial),
        name = escape(name),
        about = escape(about),
        expected = if has_focus { EXPECTED_BUTTON } else { "" },
    )
}
