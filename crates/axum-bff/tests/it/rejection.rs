//! The contract for sign-ins that are refused (REJ). Every caller has all of its points asserted.
//!
//! The requirement says that the transaction is deleted. Here a pending login is sealed in `state` (design §6, 7), so a
//! mark in Redis records its use instead. The login cookie stays, because other tabs need it. An error response and a
//! response of another issuer use up no login, because nobody has signed them.

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

/// All hostile text that the provider or the browser sends in a test contains this mark. No page and no log line may
/// contain it.
pub(crate) const MARK: &str = "hostile-7c1e";

const SESSION: &str = "__Host-Http-session";

/// The last step that a refused sign-in may reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reached {
    /// The callback is no answer of the provider to a login of this browser, or anybody could have written it. A
    /// pending login stays usable.
    Nothing,
    /// The code is sent to the token endpoint, once.
    Token,
    /// The code is sent once, and then userinfo is asked for once, with the access token.
    Userinfo,
}

/// The refusal that a test expects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal<'a> {
    /// The name of the case, for the message of a failed assertion.
    pub(crate) name: &'a str,
    /// The code of the one event in the log.
    pub(crate) code: &'a str,
    pub(crate) reached: Reached,
}

/// Opens the callback in this browser, asserts every point of the contract, and returns the page that the person sees.
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

/// The number of calls without pushed authorization requests, because a spent callback may begin a new login and push
/// its request.
fn calls_but_pushes(world: &World) -> usize {
    let calls = world.provider.calls();
    let is_push = |call: &&Call| call.endpoint == Endpoint::PushedAuthorizationRequest;
    calls.len() - calls.iter().filter(is_push).count()
}

/// The state before the refused sign-in.
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

    /// REJ 1, 2, 3 and 5: the refused sign-in creates no session and no cookie, and leaves earlier ones unchanged, byte
    /// for byte.
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

/// REJ 6: the callback redirects to an address that has only the parameter `problem`. The page there has the status of
/// the failure and the correlation id.
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
    // The page may have forms. They need the `Referer`, and a browser without Fetch Metadata names the origin of a form
    // only if the policy allows it. No other site gets the address.
    assert_eq!(page.header("referrer-policy"), "same-origin", "{name}");
    let reference = answer.header("x-request-id");
    assert!(
        !reference.is_empty() && page.text().contains(reference),
        "{name}: the correlation id is on the page"
    );
    page
}

/// REJ 3: the same callback creates no session any more. If the person is not signed in, the callback begins a new
/// login once, or its page says that the login is spent.
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

/// REJ 4: the provider gets only those calls that the refused step needed.
fn calls_are_allowed(refusal: &Refusal<'_>, secrets: &Secrets<'_>, calls: &[Call]) {
    let name = refusal.name;
    let count = |endpoint| calls.iter().filter(|call| call.endpoint == endpoint).count();
    let reached = |step| usize::from(refusal.reached == step);
    let redeemed = reached(Reached::Token) + reached(Reached::Userinfo);
    // If the provider closes a kept-alive connection before any answer, the HTTP client sends the request once more.
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
        "{name}: userinfo is asked for once (TOK-12), and not {} times",
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

/// The secrets that came with the refused sign-in.
struct Secrets<'a> {
    /// The code and the tokens that the provider issued during the sign-in.
    issued: Vec<&'a String>,
    callback: &'a str,
}

impl Secrets<'_> {
    fn are_in(&self, text: &str) -> bool {
        self.issued.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// The code and the state in the callback's address, and other values there that contain [`MARK`].
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

    /// REJ 5: Redis does not hold the tokens in any readable form.
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

    /// REJ 6: the redirect and the page contain no secret and no text that came in.
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

/// REJ 7: the log has one event, with the code and without a secret.
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
    assert!(
        !log.contains(MARK) && !secrets.are_in(log),
        "{name}: a secret or hostile text is in the log"
    );
    for value in secrets.of_the_address() {
        assert!(!log.contains(&value), "{name}: {value:.40} is in the log");
    }
}
