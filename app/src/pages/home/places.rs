//! Browser, server and provider, with what each of them holds of the session that looks at the page.

use super::reach::Reach;
use crate::calendar::{ago_in_words, rfc3339_in_words};
use crate::server_functions::{Held, HeldTokens, Outcome};
use leptos::prelude::*;
use leptos_bff::session::{ActiveSession, SessionState, use_session};
use leptos_bff::{A, once_hydrated, use_hydrated, use_words};

#[component]
pub(super) fn Places() -> impl IntoView {
    let told = Told::new();
    let nobody_is_signed_in = move || told.session.with(|state| state.active().is_none());
    view! {
        <section class="places" aria-labelledby="how">
            <h2 id="how">"This session, in three places"</h2>
            <p class="section-lead">
                "What stands here is true of you, just now. A script has counted what it can reach, and the server says what it holds."
            </p>
            <ol class="places-list">
                <Browser told />
                <Server told />
                <Provider told />
            </ol>
            <p class="places-more" hidden=nobody_is_signed_in>
                <A href="/flow" attr:class="button button-quiet">
                    "See how you were signed in"
                </A>
            </p>
        </section>
    }
}

/// What the session and the server tell of it.
#[derive(Clone, Copy)]
pub(super) struct Told {
    session: ReadSignal<SessionState>,
    held: Signal<Option<Held>>,
}

impl Told {
    fn new() -> Self {
        let (session, hydrated) = (use_session(), use_hydrated());
        // Asked in the browser and not while the page is rendered: a page costs one read of the session and no more.
        let ask = ServerAction::<HeldTokens>::new();
        let since =
            Memo::new(move |_| session.with(|state| state.active().map(|session| session.signed_in_at.clone())));
        Effect::new(move |_| {
            if hydrated.get() && since.with(Option::is_some) {
                ask.dispatch(HeldTokens {});
            }
        });
        let answer = ask.value();
        let held = Signal::derive(move || {
            // An answer of a session that has ended meanwhile is true of nobody.
            let is_signed_in = since.with(Option::is_some);
            answer.with(|answer| match answer {
                Some(Ok(Outcome::Done(held))) if is_signed_in => Some(held.clone()),
                _ => None,
            })
        });
        Self { session, held }
    }

    /// What the session tells; nothing where nobody is signed in.
    fn session(self, tell: impl Fn(&ActiveSession) -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || self.session.with(|state| state.active().map(&tell)))
    }

    /// What the server has answered.
    fn held(self, tell: fn(&Held) -> String) -> Signal<Option<String>> {
        Signal::derive(move || self.held.with(|held| held.as_ref().map(tell)))
    }
}

#[component]
fn Browser(
    /// What is told of the session.
    told: Told,
) -> impl IntoView {
    let reach = RwSignal::new(Reach::default());
    once_hydrated(move || reach.set(Reach::measured()));
    let measured = move |count: fn(&Reach) -> Option<usize>, of: &'static str| {
        Signal::derive(move || reach.with(count).map(|count| in_number(count, of)))
    };
    view! {
        <Place name="Browser" holds="one cookie" says="It opens this session, means nothing to anybody else, and no script can read it.">
            <Slot name="Its name" value=told.held(|held| held.cookie.clone()) is_code=true />
            <Slot name="Its value" value=told.held(|held| format!("{} characters, opaque", held.cookie_length)) />
            <Slot name="document.cookie" value=measured(|reach| reach.cookies, "cookie") is_code=true />
            <Slot name="localStorage" value=measured(|reach| reach.local_storage, "entry") is_code=true />
            <Slot name="sessionStorage" value=measured(|reach| reach.session_storage, "entry") is_code=true />
        </Place>
    }
}

#[component]
fn Server(
    /// What is told of the session.
    told: Told,
) -> impl IntoView {
    let duration = use_words().remaining.duration;
    view! {
        <Place
            name="Server"
            holds="session and tokens"
            says="It redeems the code, verifies the ID Token, seals the tokens, and decides who may open what."
        >
            <Slot name="Signed in" value=told.session(|session| rfc3339_in_words(&session.signed_in_at)) />
            <Slot
                name="Session"
                value=told.session(move |session| format!("ends in {} at the latest", duration(session.expires_in)))
            />
            <Slot name="Access token" value=told.held(access_token_in_words) />
            <Slot name="Refresh token" value=told.held(|held| refresh_token_in_words(held.has_refresh_token).to_owned()) />
        </Place>
    }
}

#[component]
fn Provider(
    /// What is told of the session.
    told: Told,
) -> impl IntoView {
    view! {
        <Place
            name="OpenID Provider"
            holds="the password"
            says="It signs people in and vouches for them. Its tokens travel from server to server only."
        >
            <Slot name="Issuer" value=told.session(|session| session.issuer.clone()) is_code=true />
            <Slot name="Vouches for" value=told.session(|session| session.display_name().to_owned()) />
            <Slot
                name="Last asked you to sign in"
                value=told.session(|session| {
                    session.authenticated_ago.map_or_else(|| "it did not say".to_owned(), ago_in_words)
                })
            />
        </Place>
    }
}

#[component]
fn Place(
    /// The place's name.
    name: &'static str,
    /// Its secrets.
    holds: &'static str,
    /// The consequence.
    says: &'static str,
    /// The facts about this session.
    children: Children,
) -> impl IntoView {
    view! {
        <li class="place">
            <h3>{name}</h3>
            <p class="place-holds">
                <span class="visually-hidden">"holds "</span>
                {holds}
            </p>
            <p class="place-says">{says}</p>
            <dl class="slots">{children()}</dl>
        </li>
    }
}

/// One fact. The slot is empty as long as there is none.
#[component]
fn Slot(
    /// The fact's name.
    name: &'static str,
    /// The fact.
    value: Signal<Option<String>>,
    /// Whether the fact is spelled as a program spells it.
    #[prop(optional)]
    is_code: bool,
) -> impl IntoView {
    let class = if is_code { "slot slot-code" } else { "slot" };
    view! {
        <div class=class class:slot-empty=move || value.with(Option::is_none)>
            <dt>{name}</dt>
            <dd>
                <bdi>{move || value.get().unwrap_or_else(|| "–".to_owned())}</bdi>
            </dd>
        </div>
    }
}

fn access_token_in_words(held: &Held) -> String {
    match &held.access_token_until {
        Some(until) => format!("held until {}", rfc3339_in_words(until)),
        None => "held".to_owned(),
    }
}

fn refresh_token_in_words(is_there: bool) -> &'static str {
    if is_there {
        "held, and renews the other by itself"
    } else {
        "none was given"
    }
}

fn in_number(count: usize, of: &str) -> String {
    match (count, of) {
        (1, of) => format!("1 {of}"),
        (count, "entry") => format!("{count} entries"),
        (count, of) => format!("{count} {of}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, access_token_in_words, in_number};

    #[test]
    fn a_count_has_its_noun_in_the_right_number() {
        assert_eq!(in_number(0, "cookie"), "0 cookies");
        assert_eq!(in_number(1, "entry"), "1 entry");
        assert_eq!(in_number(2, "entry"), "2 entries");
    }

    #[test]
    fn an_access_token_is_held_until_a_moment_or_for_an_unknown_time() {
        let held = Held {
            access_token_until: Some("2026-11-30T23:04:05Z".to_owned()),
            ..Held::default()
        };
        assert_eq!(access_token_in_words(&held), "held until 30 November 2026, 23:04 UTC");
        assert_eq!(access_token_in_words(&Held::default()), "held");
    }
}
