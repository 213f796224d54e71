//! The contract of a sign-in that is refused (REJ), asserted as a whole each time.
//!
//! One part of it is met in another form than requirements.md has it: pending logins live sealed in `state` (design §6, 7),
//! so that "the transaction is deleted" is a mark of its use, and the login cookie, which other tabs need, stays. An error
//! and an answer of another issuer use nothing up: nobody has signed them.

use crate::browser::{Answer, Browser};
use crate::leaks::Log;
use crate::world::World;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use provider::{Call, Endpoint};
use std::collections::BTreeMap;
use std::fmt::Write;
use url::Url;

/// What hostile text has in it, wherever a test has the provider or the browser say some. It comes back nowhere.
pub(crate) const MARK: &str = "hostile-7c1e";

const SESSION: &str = "__Host-Http-session";

/// How far a sign-in may come until it is refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reached {
    /// The callback is no answer of the provider to a login of this browser, or an answer that anybody could have
    /// written: the login, if there is one, stays as it is.
    Nothing,
    /// The code is sent, once.
    Token,
    /// And then userinfo is asked for, once, with the access token.
    Userinfo,
}

/// Which refusal is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal<'a> {
    /// The case, for whoever reads a failure.
    pub(crate) name: &'a str,
    /// The code of the one event in the log.
    pub(crate) code: &'a str,
    pub(crate) reached: Reached,
}

/// Opens the callback in this browser, holds everything against the contract, and gives the page that the person sees.
pub(crate) async fn is_rejected(world: &World, browser: &mut Browser, callback: &str, refusal: Refusal<'_>) -> Answer {
    let name = refusal.name;
    let before = Before::of(world, browser).await;
    let (log, guard) = Log::catch();
    let answer = browser.open(callback).await;
    before.still_stands(&refusal, world, browser).await;
    let page = page(name, browser, &answer).await;
    drop(guard);

    let issued = world.provider.issued_secrets();
    let secrets = Secrets {
        issued: issued
            .iter()
            .filter(|secret| secret.len() >= 16 && !before.issued.contains(secret))
            .collect(),
        callback,
    };
    secrets.are_dropped(world, name);
    calls_are_allowed(&refusal, &secrets, &world.provider.calls()[before.calls..]);
    secrets.are_not_told(name, &answer, &page);
    one_event_is_logged(&refusal, &secrets, &log.text());
    let calls = calls_but_pushes(world);
    if refusal.reached != Reached::Nothing {
        is_spent(name, world, browser, callback).await;
    }
    assert_eq!(
        calls_but_pushes(world),
        calls,
        "{name}: a second try calls the provider"
    );
    page
}

/// A login that begins anew is a new request, which may be pushed.
fn calls_but_pushes(world: &World) -> usize {
    let calls = world.provider.calls();
    let is_push = |call: &&Call| call.endpoint == Endpoint::PushedAuthorizationRequest;
    calls.len() - calls.iter().filter(is_push).count()
}

/// What there was before.
struct Before {
    cookies: BTreeMap<String, String>,
    session: serde_json::Value,
    stored: BTreeMap<String, String>,
    issued: Vec<String>,
    calls: usize,
}

impl Before {
    async fn of(world: &World, browser: &mut Browser) -> Self {
        Self {
            session: browser.session().await,
            cookies: browser.cookies.clone(),
            stored: world.redis.contents(),
            issued: world.provider.issued_secrets(),
            calls: world.provider.calls().len(),
        }
    }

    /// REJ 1, 2, 3 and 5: no session and no cookie is made, and one that was there is as it was, byte for byte.
    async fn still_stands(&self, refusal: &Refusal<'_>, world: &World, browser: &mut Browser) {
        let (name, stored) = (refusal.name, world.redis.contents());
        for (key, value) in &self.stored {
            assert_eq!(stored.get(key), Some(value), "{name}: {key} has changed");
        }
        let added = stored.len() - self.stored.len();
        assert_eq!(
            added,
            usize::from(refusal.reached != Reached::Nothing),
            "{name}: only the mark of use is written: {:?}",
            stored.keys()
        );
        assert_eq!(browser.cookies, self.cookies, "{name}: cookies");
        assert_eq!(browser.session().await, self.session, "{name}: the session");
    }
}

/// REJ 6: a redirect to a clean address, and there a page with the failure's status and the correlation id.
async fn page(name: &str, browser: &mut Browser, answer: &Answer) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text());
    let address = answer.location().unwrap_or_default().to_owned();
    let is_clean = address.strip_prefix("/sign-in-failed?problem=").is_some_and(|problem| {
        problem
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    });
    assert!(is_clean, "{name}: {address}");
    let page = browser.open(&address).await;
    assert!(
        page.status.is_client_error() || page.status.is_server_error(),
        "{name}: {}",
        page.status
    );
    for part in [answer, &page] {
        assert!(part.set_cookies().is_empty(), "{name}: no cookie is set or removed");
        assert_eq!(part.header("cache-control"), "no-store", "{name}");
    }
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{name}");
    // It may have forms of ours, which need to know the way back; no other site hears of the address.
    assert_eq!(page.header("referrer-policy"), "same-origin", "{name}");
    let reference = answer.header("x-request-id");
    assert!(
        !reference.is_empty() && page.text().contains(reference),
        "{name}: the correlation id is on the page"
    );
    page
}

/// REJ 3: nothing comes of the same callback any more. Who is not signed in begins anew, once, or is told.
async fn is_spent(name: &str, world: &World, browser: &Browser, callback: &str) {
    let mut signed_out = browser.clone();
    signed_out.cookies.remove(SESSION);
    let again = signed_out.open(callback).await;
    assert!(!signed_out.cookies.contains_key(SESSION), "{name}");
    let address = again.location().unwrap_or_default();
    if !address.starts_with(&format!("{}/authorize?", world.provider.issuer())) {
        let page = signed_out.open(address).await;
        assert!(page.text().contains("login_spent"), "{name}: {}", page.text());
    }
}

/// REJ 4: no call but those that the refused step needed.
fn calls_are_allowed(refusal: &Refusal<'_>, secrets: &Secrets<'_>, calls: &[Call]) {
    let name = refusal.name;
    let count = |endpoint| calls.iter().filter(|call| call.endpoint == endpoint).count();
    let reached = |step| usize::from(refusal.reached == step);
    let redeemed = reached(Reached::Token) + reached(Reached::Userinfo);
    // Where the provider closes a kept connection before any answer, a request is sent once more.
    let attempts = if ["cut", "hang up"].contains(&name) {
        1..=2
    } else {
        1..=1
    };
    let is_allowed =
        |calls: usize, reached: usize| calls == 0 && reached == 0 || reached == 1 && attempts.contains(&calls);
    let asked = [count(Endpoint::Token), count(Endpoint::Userinfo)];
    assert!(
        is_allowed(asked[0], redeemed),
        "{name}: the code is sent once (TOK-10), and not {} times",
        asked[0]
    );
    assert!(
        is_allowed(asked[1], reached(Reached::Userinfo)),
        "{name}: userinfo (TOK-12) is asked once, and not {} times",
        asked[1]
    );
    let documents = count(Endpoint::Metadata) + count(Endpoint::Jwks);
    assert_eq!(calls.len(), documents + asked[0] + asked[1], "{name}: {calls:?}");
    assert!(documents <= 2 * redeemed, "{name}: {calls:?}");
    for call in calls {
        let is_bearer = |field: &str| call.endpoint == Endpoint::Userinfo && field == "authorization";
        let is_code = |field: &str| call.endpoint == Endpoint::Token && field == "code";
        let fields = call.headers.iter().chain(&call.query).chain(&call.form);
        for (field, value) in fields.filter(|(field, _)| !is_bearer(field) && !is_code(field)) {
            assert!(!secrets.are_in(value), "{name}: a token is sent on in {field}");
        }
    }
}

/// What came with the refused sign-in.
struct Secrets<'a> {
    /// Code and tokens that the provider has issued in its course.
    issued: Vec<&'a String>,
    callback: &'a str,
}

impl Secrets<'_> {
    fn are_in(&self, text: &str) -> bool {
        self.issued.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// The code and the state, as the browser brought them, and other text of its address that is marked.
    fn of_the_address(&self) -> Vec<String> {
        let address = Url::parse(self.callback).or_else(|_| Url::parse("https://app.example.com")?.join(self.callback));
        let query = address
            .expect("an address")
            .query_pairs()
            .into_owned()
            .collect::<Vec<_>>();
        let told = query.into_iter().filter(|(name, value)| {
            let is_secret = matches!(name.as_str(), "code" | "state") && value.len() >= 16;
            is_secret || value.contains(MARK)
        });
        told.map(|(_, value)| value).collect()
    }

    /// REJ 5: tokens are in the store in no form that somebody could read there.
    fn are_dropped(&self, world: &World, name: &str) {
        let written = String::from_utf8_lossy(&world.redis.dump()).into_owned();
        for secret in &self.issued {
            let hex: String = secret.bytes().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            let forms = [
                (*secret).clone(),
                STANDARD_NO_PAD.encode(secret),
                URL_SAFE_NO_PAD.encode(secret),
                hex,
            ];
            for form in forms {
                assert!(!written.contains(&form), "{name}: a token is in Redis");
            }
        }
    }

    /// REJ 6: the answers say nothing of what came in.
    fn are_not_told(&self, name: &str, answer: &Answer, page: &Answer) {
        for part in [answer, page] {
            let told = format!("{:?}{}", part.headers, part.text());
            let kept = told.contains(MARK) || self.are_in(&told);
            assert!(!kept, "{name}: something is reflected: {told}");
            for value in self.of_the_address() {
                assert!(!told.contains(&value), "{name}: {value:.40} is reflected");
            }
        }
    }
}

/// REJ 7: one event, with a code and without a secret.
fn one_event_is_logged(refusal: &Refusal<'_>, secrets: &Secrets<'_>, log: &str) {
    let Refusal { name, code, .. } = refusal;
    let events: Vec<&str> = log
        .lines()
        .filter(|line| line.contains(" WARN ") || line.contains("ERROR "))
        .collect();
    let said = format!("code=\"{code}\"");
    let is_it =
        |line: &str| line.contains(&said) && (line.contains("request refused") || line.contains("request failed"));
    assert!(
        matches!(events[..], [event] if is_it(event)),
        "{name}: one event with {said}: {events:#?}"
    );
    assert!(!log.contains("signed_in"), "{name}");
    assert!(!log.contains(MARK) && !secrets.are_in(log), "{name}: in the log");
    for value in secrets.of_the_address() {
        assert!(!log.contains(&value), "{name}: {value:.40} is in the log");
    }
}
